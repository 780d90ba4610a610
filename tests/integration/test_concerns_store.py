"""A colleague's concern on its way to the queue, on both engines (P5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Row, select

from builders.cases import MONDAY, Office, close
from builders.store import a_reason, an_alert, count_rows
from redflags.adapters.store import QueueStore
from redflags.adapters.store.alerts.alert_writes import raise_alert
from redflags.adapters.store.case_tables import CONCERNS
from redflags.casework.acts.log_concern import log_concern, seen_key
from redflags.domain.alert import Alert, AlertState, Origin, Priority, Routing
from redflags.domain.people import Person, Role
from redflags.domain.property_reference import Home
from redflags.errors import InvalidAct, NotAllowed

TODAY = MONDAY.date()
HOUR = timedelta(hours=1)
NUMBERS = count(1)


def new_id() -> str:
    return f"A-{next(NUMBERS)}"


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


@pytest.fixture
def plumber(office: Office) -> Person:
    return office.hire("petra", Role.REPAIRS)


def publish(office: Office, *homes: Home) -> None:
    with office.store.queue_transaction(TODAY, "night", MONDAY) as queue:
        assert queue.publish_homes(homes)


def a_home(ref: str = "0001", at: str = "P-1", routing: Routing = Routing.GENERAL) -> Home:
    return Home(ref, at, "north", routing)


def logs(office: Office, who: Person, form_id: str = "form-1", **more: Any) -> object:
    said = {
        "property_ref": "P-1",
        "observed_on": TODAY,
        "seen": "Zanzibarred: a fist-sized hole in the bedroom door",
        "in_danger": False,
        "new_alert_id": new_id,
    } | more
    return office.does(who, log_concern, form_id, **said)


def alerts(office: Office) -> list[Alert]:
    return sorted(office.store.alerts(), key=lambda alert: alert.tenancy_ref)


def concerns(office: Office) -> list[Row[Any]]:
    with office.store.reading() as connection:
        return list(connection.execute(select(CONCERNS).order_by(CONCERNS.c.form_id)))


# ---------------------------------------------------------------- a new alert


def test_a_concern_raises_an_alert_to_be_looked_at_first(office: Office, plumber: Person) -> None:
    publish(office, a_home("0001"), a_home("0002", "P-2"))
    logs(office, plumber, observed_on=TODAY - timedelta(days=2))
    (alert,) = alerts(office)
    assert (alert.tenancy_ref, alert.property_ref, alert.patch) == ("0001", "P-1", "north")
    assert (alert.origin, alert.priority) == (Origin.STAFF_CONCERN, Priority.FIRST)
    assert (alert.routing, alert.raised_on) == (Routing.GENERAL, TODAY)
    assert alert.look_by_at_utc == MONDAY + 24 * HOUR
    (reason,) = alert.reasons
    assert (reason.rule_id, reason.sentence) == (
        "staff_concern",
        "A colleague logged a concern on 2 November 2026.",
    )
    (record,) = reason.evidence
    (concern,) = concerns(office)
    assert record.key == ("concerns", concern.concern_id, "housing-queue")
    assert (record.occurred_on, record.signal) == (TODAY - timedelta(days=2), "staff_concern")
    assert (concern.alert_id, concern.reporter_role) == (alert.alert_id, "repairs")


def test_somebody_in_danger_now_is_to_be_looked_at_now(office: Office, plumber: Person) -> None:
    publish(office, a_home())
    logs(office, plumber, in_danger=True)
    (alert,) = alerts(office)
    assert alert.look_by_at_utc == MONDAY
    assert alert.reasons[0].sentence.endswith(" They said that somebody may be in danger now.")


def test_what_was_seen_is_sealed_and_opens_with_its_own_key(
    office: Office, plumber: Person, database_url: str
) -> None:
    publish(office, a_home())
    logs(office, plumber)
    (concern,) = concerns(office)
    assert b"Zanzibarred" not in concern.seen_sealed
    with office.units_of_work.begin(plumber, MONDAY) as work:
        assert work.open(concern.seen_sealed, seen_key(concern.concern_id)).startswith("Zanzibarr")
    if database_url.startswith("sqlite"):
        assert b"Zanzibarred" not in Path(database_url.removeprefix("sqlite:///")).read_bytes()


def test_who_logged_it_is_in_the_audit_trail_and_what_was_seen_is_not(
    office: Office, plumber: Person
) -> None:
    publish(office, a_home())
    logs(office, plumber)
    (alert,) = alerts(office)
    assert office.trail(alert.alert_id) == [
        ("person:petra", "alert_raised"),
        ("person:petra", "concern_logged"),
    ]
    with office.store.reading() as connection:
        trail = connection.exec_driver_sql("SELECT details FROM audit_events").scalars().all()
    assert not any(word in " ".join(trail) for word in ("Zanzibarred", "P-1", "0001"))
    office.store.verify_audit()


def test_a_protected_household_is_the_specialists_alone(office: Office, plumber: Person) -> None:
    publish(office, a_home(routing=Routing.SPECIALIST))
    logs(office, plumber)
    assert [alert.routing for alert in alerts(office)] == [Routing.SPECIALIST]


def test_a_reference_nobody_knows_is_raised_all_the_same(office: Office, plumber: Person) -> None:
    publish(office, a_home())
    logs(office, plumber, property_ref=" P-77 ")
    (alert,) = alerts(office)
    assert (alert.tenancy_ref, alert.property_ref, alert.patch) == ("P-77", "P-77", "")
    assert alert.routing is Routing.GENERAL
    assert "do not recognise the reference" in alert.reasons[0].sentence


def test_before_the_first_night_a_concern_is_the_specialists(
    office: Office, plumber: Person
) -> None:
    logs(office, plumber)
    (alert,) = alerts(office)
    assert (alert.routing, alert.tenancy_ref) == (Routing.SPECIALIST, "P-1")
    assert "was not available yet" in alert.reasons[0].sentence


def test_households_that_share_a_home_each_get_it(office: Office, plumber: Person) -> None:
    publish(office, a_home("0001"), a_home("0002"), a_home("0003", "P-3"))
    logs(office, plumber)
    assert [alert.tenancy_ref for alert in alerts(office)] == ["0001", "0002"]
    assert {concern.alert_id for concern in concerns(office)} == {
        alert.alert_id for alert in alerts(office)
    }


def test_where_one_of_them_is_protected_only_the_specialist_hears_of_it(
    office: Office, plumber: Person
) -> None:
    publish(office, a_home("0001"), a_home("0002", routing=Routing.SPECIALIST))
    logs(office, plumber)
    assert [(a.tenancy_ref, a.routing) for a in alerts(office)] == [("0002", Routing.SPECIALIST)]


# ---------------------------------------------------------------- an alert that is open already


def test_an_open_alert_grows_and_becomes_urgent(office: Office, plumber: Person) -> None:
    publish(office, a_home())
    office.raises(an_alert(priority=Priority.ROUTINE, score=3.5))
    before = office.row()
    logs(office, plumber)
    (alert,) = alerts(office)
    assert (alert.alert_id, alert.origin) == ("a1", Origin.DETECTED)
    assert (alert.priority, alert.score) == (Priority.FIRST, 3.5)
    assert alert.look_by_at_utc == MONDAY + 24 * HOUR
    assert [reason.rule_id for reason in alert.reasons] == [
        "frequent_lock_changes",
        "staff_concern",
    ]
    assert office.row().version == before.version + 1
    assert office.trail()[1:] == [
        ("person:petra", "evidence_added"),
        ("person:petra", "concern_logged"),
    ]


@pytest.mark.parametrize(
    ("look_by", "in_danger", "expected"),
    [
        (MONDAY + 2 * HOUR, False, MONDAY + 2 * HOUR),
        (MONDAY + 2 * HOUR, True, MONDAY),
        (MONDAY + 90 * HOUR, False, MONDAY + 24 * HOUR),
        (MONDAY - HOUR, True, MONDAY - HOUR),
    ],
)
def test_the_time_to_look_only_comes_nearer(
    office: Office, plumber: Person, look_by: datetime, in_danger: bool, expected: datetime
) -> None:
    publish(office, a_home())
    office.raises(an_alert(priority=Priority.FIRST, look_by_at_utc=look_by))
    logs(office, plumber, in_danger=in_danger)
    assert office.row().look_by_at_utc == expected


def test_a_welfare_check_under_way_stays_where_it_is(office: Office, plumber: Person) -> None:
    publish(office, a_home())
    office.raises()
    office.claims()
    office.decides()
    office.assigns()
    due = office.row().due_at_utc
    logs(office, plumber)
    assert (office.state(), office.row().due_at_utc) == (AlertState.ASSIGNED, due)
    assert office.row().assigned_to == "rita"
    assert len(alerts(office)[0].reasons) == 2


def test_after_a_closed_alert_there_is_a_new_one(office: Office, plumber: Person) -> None:
    publish(office, a_home())
    office.raises()
    close(office.store, "a1")
    logs(office, plumber)
    assert [alert.origin for alert in alerts(office)] == [Origin.STAFF_CONCERN]


def test_a_second_concern_is_added_to_the_first(office: Office, plumber: Person) -> None:
    publish(office, a_home())
    logs(office, plumber)
    logs(office, plumber, "form-2")
    (alert,) = alerts(office)
    assert len(alert.reasons) == len(concerns(office)) == 2


# ---------------------------------------------------------------- twice, at once, with the night


def test_the_same_form_twice_is_once(office: Office, plumber: Person, database_url: str) -> None:
    publish(office, a_home("0001"), a_home("0002"))
    logs(office, plumber)
    before, entries = alerts(office), office.store.audit_head()
    logs(office, plumber)
    assert (alerts(office), office.store.audit_head()) == (before, entries)
    assert count_rows(database_url, "concerns") == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"seen": "Now she is shouting"},
        {"property_ref": "P-2"},
        {"in_danger": True},
        {"observed_on": TODAY - timedelta(days=1)},
    ],
)
def test_a_form_gone_back_to_and_sent_with_other_words_is_another_concern(
    office: Office, plumber: Person, changed: dict[str, Any]
) -> None:
    publish(office, a_home("0001"), a_home("0002", "P-2"))
    logs(office, plumber)
    logs(office, plumber, **changed)
    assert len({concern.concern_id for concern in concerns(office)}) == 2


def test_the_same_form_at_once_is_once_and_other_forms_are_not_lost(
    office: Office, plumber: Person
) -> None:
    publish(office, a_home())
    together = Barrier(8)

    def log(number: int) -> None:
        together.wait(30)
        logs(office, plumber, f"form-{number % 4}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(log, range(8)))
    (alert,) = alerts(office)
    assert len(concerns(office)) == 4
    assert {concern.alert_id for concern in concerns(office)} == {alert.alert_id}
    assert len({record.key for reason in alert.reasons for record in reason.evidence}) == 4
    office.store.verify_audit()


def test_a_concern_while_a_night_raises_the_household_grows_the_nights_alert(
    office: Office, plumber: Person
) -> None:
    publish(office, a_home())
    with ThreadPoolExecutor(1) as pool:
        with office.store.queue_transaction(TODAY, "night", MONDAY) as queue:
            assert queue.raise_alert(an_alert())
            logged = pool.submit(logs, office, plumber)
            with pytest.raises(TimeoutError):
                logged.result(0.3)
        logged.result(30)
    (alert,) = alerts(office)
    assert alert.alert_id == "a1"
    assert [reason.rule_id for reason in alert.reasons][1:] == ["staff_concern"]


def test_an_alert_raised_past_the_lock_still_grows(office: Office, plumber: Person) -> None:
    """The unique index decides, where somebody wrote without taking the turn."""
    publish(office, a_home())
    with ThreadPoolExecutor(1) as pool:
        with office.store.writing() as connection:
            assert raise_alert(connection, an_alert())
            logged = pool.submit(logs, office, plumber)
            with pytest.raises(TimeoutError):
                logged.result(0.3)
        logged.result(30)
    (alert,) = alerts(office)
    assert (alert.alert_id, len(alert.reasons)) == ("a1", 2)


def test_the_night_finds_the_alert_open_and_its_capacity_untouched(
    office: Office, plumber: Person
) -> None:
    publish(office, a_home())
    logs(office, plumber)
    with office.store.queue_transaction(TODAY, "night", MONDAY) as queue:
        state = queue.state(TODAY)
        assert not queue.raise_alert(an_alert("a2"))
        assert queue.add_evidence(
            state.open["0001"].alert_id, [a_reason("R-1")], Priority.ROUTINE, 2.0, TODAY
        )
    assert state.raised == {Routing.GENERAL: 0, Routing.SPECIALIST: 0}
    assert alerts(office)[0].priority is Priority.FIRST


# ---------------------------------------------------------------- who, and what cannot be taken


@pytest.mark.parametrize("role", [Role.REPAIRS, Role.REVIEWER, Role.SPECIALIST, Role.MANAGER])
def test_whoever_works_with_homes_logs_concerns(office: Office, role: Role) -> None:
    publish(office, a_home())
    logs(office, office.hire("pat", role))
    assert [concern.reporter_role for concern in concerns(office)] == [role]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.ANALYST])
def test_nobody_else_does(office: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        logs(office, office.hire("pat", role))
    assert concerns(office) == []


def barred(office: Office, who: Person) -> None:
    office.bar(who)


def known(office: Office, who: Person) -> None:
    office.raises()


@pytest.mark.parametrize("before", [barred, known, lambda *_: None])
def test_the_reporter_is_told_the_same_whatever_there_was(
    office: Office, plumber: Person, before: Callable[[Office, Person], None]
) -> None:
    publish(office, a_home())
    before(office, plumber)
    assert logs(office, plumber) is None
    assert logs(office, plumber, "form-2", property_ref="nowhere") is None
    assert len(concerns(office)) == 2


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("property_ref", " "),
        ("property_ref", "P" * 101),
        ("property_ref", "P-1\r\nBcc: all"),
        ("observed_on", TODAY + timedelta(days=1)),
        ("seen", " \n"),
        ("seen", "x" * 4_001),
        ("form_id", ""),
        ("form_id", "f" * 61),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_written(
    office: Office, plumber: Person, field: str, wrong: str | date
) -> None:
    entries = office.store.audit_head()
    with pytest.raises(InvalidAct) as refused:
        logs(office, plumber, **({"form_id": "form-1"} | {field: wrong}))
    assert refused.value.field == field
    assert (concerns(office), office.store.audit_head()) == ([], entries)


@pytest.mark.parametrize(
    ("field", "right"),
    [("property_ref", "P" * 100), ("observed_on", TODAY), ("seen", "x" * 4_000)],
)
def test_what_just_fits_is_taken(
    office: Office, plumber: Person, field: str, right: str | date
) -> None:
    logs(office, plumber, **{field: right})
    assert len(concerns(office)) == 1


def test_today_ends_at_midnight_in_london(office: Office, plumber: Person) -> None:
    office.now = datetime.fromisoformat("2026-06-30T23:30:00+00:00")
    logs(office, plumber, observed_on=date(2026, 7, 1))
    (alert,) = alerts(office)
    assert alert.raised_on == date(2026, 7, 1)
