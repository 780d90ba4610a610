"""Samples of closed alerts and of homes below the line, the yield of rules, and the audit trail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from builders.cases import MONDAY, REVIEW, Office
from builders.store import a_reason, an_alert, count_rows
from redflags.adapters.store import QueueStore
from redflags.adapters.store.case_tables import BELOW_LINE_CHECKS, HOMES, QUALITY_CHECKS
from redflags.adapters.store.tables import ALERT_REASONS, ALERTS, AUDIT_EVENTS
from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.casework.acts import (
    assign_check,
    claim_alert,
    close_alert,
    decide_welfare_check,
    look_with_reason,
    quality_sample,
    reopen_alert,
)
from redflags.casework.reading import audit_trail
from redflags.casework.reading.rule_yields import Yields, rule_yields
from redflags.domain.alert import AlertState, Origin, Priority, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.people import Person, Role
from redflags.domain.quality_verdicts import BelowLineVerdict, ClosingVerdict
from redflags.domain.queue_state import SampledHousehold
from redflags.errors import CaseChanged, InvalidAct, NotAllowed, NotForYou

HOUR = timedelta(hours=1)
EVERY, NONE = (
    REVIEW.model_copy(
        update={
            "quality": REVIEW.quality.model_copy(
                update={
                    "closed_sample_percent": REVIEW.quality.closed_sample_percent.model_copy(
                        update={"value": percent}
                    )
                }
            )
        }
    )
    for percent in (100, 0)
)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def draw(office: Office, review: object = EVERY) -> int:
    with office.store.writing() as connection:
        return quality_sample.draw_closed_sample(connection, office.now, review)  # type: ignore[arg-type]


def drawn(office: Office, person: Person) -> list[str]:
    with office.store.reading() as connection:
        return [one.alert_id for one in quality_sample.quality_list(connection, person)]


def check_id(office: Office, alert_id: str = "a1") -> str:
    with office.store.reading() as connection:
        query = select(QUALITY_CHECKS.c.check_id).filter_by(alert_id=alert_id)
        return str(connection.execute(query).scalar_one())


def record(
    office: Office,
    person: Person,
    verdict: ClosingVerdict = ClosingVerdict.AGREE,
    note: str = "",
    alert_id: str = "a1",
) -> None:
    office.does(
        person, quality_sample.record_quality_check, check_id(office, alert_id), verdict, note
    )


# the draw


def test_drawing_twice_is_drawing_once(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    assert (draw(office), draw(office)) == (1, 0)
    office.now += timedelta(days=3)
    assert draw(office) == 0
    office.brings_to(AlertState.CLOSED, "a2")
    assert (draw(office), drawn(office, office.manager)) == (1, ["a1", "a2"])


def test_only_closed_alerts_are_drawn(office: Office) -> None:
    office.brings_to(AlertState.OUTCOME_RECORDED)
    assert draw(office) == 0


def test_no_per_cent_draws_none(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    assert draw(office, NONE) == 0


def test_chance_draws_about_as_many_as_it_should_and_always_the_same() -> None:
    closings = [_closing(f"A-{n}", date(2026, 11, 3)) for n in range(10_000)]
    chosen = [c.alert_id for c in closings if quality_sample.is_drawn(c, 10)]
    assert 900 < len(chosen) < 1_100
    assert chosen == [c.alert_id for c in closings if quality_sample.is_drawn(c, 10)]
    wider = {c.alert_id for c in closings if quality_sample.is_drawn(c, 20)}
    assert wider.issuperset(chosen)
    assert all(quality_sample.is_drawn(c, 100) for c in closings)


def test_chance_takes_others_next_month() -> None:
    november = {
        n for n in range(1_000) if quality_sample.is_drawn(_closing(n, date(2026, 11, 3)), 10)
    }
    december = {
        n for n in range(1_000) if quality_sample.is_drawn(_closing(n, date(2026, 12, 3)), 10)
    }
    assert len(november & december) < 40


def test_what_was_closed_before_last_month_is_too_old(office: Office) -> None:
    office.now = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    office.brings_to(AlertState.CLOSED, "october")
    office.now = datetime(2026, 9, 30, 22, 59, tzinfo=UTC)  # one minute to midnight in London
    office.brings_to(AlertState.CLOSED, "september")
    office.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    draw(office)
    assert drawn(office, office.manager) == ["october"]


def test_a_draw_is_the_clock_s_act_and_names_the_alert(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    draw(office)
    assert office.trail()[-1] == ("clock", "closing_drawn_for_check")
    office.store.verify_audit()


# the check


def test_a_check_is_recorded_once_with_its_note_sealed(office: Office, database_url: str) -> None:
    office.brings_to(AlertState.CLOSED)
    draw(office)
    record(office, office.manager, ClosingVerdict.DECIDE_OTHERWISE, " The neighbour was not asked ")
    with office.store.reading() as connection:
        row = connection.execute(select(QUALITY_CHECKS)).one()
    sealer = office.units_of_work.begin(office.manager, office.now)
    with sealer as work:
        assert work.open(row.note_sealed, quality_sample.check_key(row.check_id)) == (
            "The neighbour was not asked"
        )
    assert (row.verdict, row.checked_by) == ("decide_otherwise", "mona")
    assert b"neighbour" not in row.note_sealed
    assert office.trail()[-1] == ("person:mona", "closing_checked")
    assert drawn(office, office.manager) == []
    with pytest.raises(CaseChanged):
        record(office, office.manager)


@pytest.mark.parametrize("verdict", [v for v in ClosingVerdict if v is not ClosingVerdict.AGREE])
def test_who_does_not_agree_says_why(office: Office, verdict: ClosingVerdict) -> None:
    office.brings_to(AlertState.CLOSED)
    draw(office)
    with pytest.raises(InvalidAct) as refused:
        record(office, office.manager, verdict, "  ")
    assert refused.value.field == "note"
    record(office, office.manager, ClosingVerdict.AGREE, "")


def test_nobody_checks_their_own_closing(office: Office) -> None:
    both = office.hire("bo", Role.REVIEWER, Role.MANAGER)
    office.reviewer = both
    office.brings_to(AlertState.CLOSED)
    draw(office)
    assert drawn(office, both) == []
    with pytest.raises(NotAllowed):
        record(office, both)
    record(office, office.manager)


def test_nobody_checks_what_was_given_to_them_or_what_they_decided(office: Office) -> None:
    both = office.hire("bo", Role.REVIEWER, Role.MANAGER)
    office.brings_to(AlertState.WELFARE_CHECK, "given")
    office.acts(office.reviewer, assign_check.assign, both.person_id, alert_id="given")
    stopping = (Outcome.WRONG_DATA, "Another home was meant")
    office.acts(office.manager, close_alert.stop, *stopping, alert_id="given")
    office.raises(an_alert("decided", "T-decided"))
    office.does(both, claim_alert.claim, "decided")
    office.acts(both, decide_welfare_check.decide_welfare_check, "Three locks", alert_id="decided")
    office.acts(office.manager, close_alert.stop, *stopping, alert_id="decided")
    draw(office)
    other = office.hire("mia", Role.MANAGER)
    assert (drawn(office, both), drawn(office, other)) == ([], ["decided", "given"])
    assert drawn(office, office.manager) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_check_what_everybody_may_see(office: Office, role: Role) -> None:
    office.brings_to(AlertState.CLOSED)
    draw(office)
    other = office.hire("otto", role)
    assert drawn(office, other) == []
    with pytest.raises((NotAllowed, NotForYou)):
        record(office, other)


def test_what_is_the_specialists_alone_another_specialist_checks(office: Office) -> None:
    office.reviewer = office.specialist
    office.raises(an_alert(routing=Routing.SPECIALIST))
    office.claims()
    office.acts(office.specialist, close_alert.close_at_triage, Outcome.ALREADY_SUPPORTED, "Known")
    draw(office)
    other = office.hire("sam", Role.SPECIALIST)
    assert (drawn(office, office.manager), drawn(office, office.specialist)) == ([], [])
    assert drawn(office, other) == ["a1"]
    with pytest.raises(NotForYou):
        record(office, office.manager)
    record(office, other)


def test_a_barred_manager_gets_what_they_would_for_no_check(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    draw(office)
    office.bar(office.manager)
    assert drawn(office, office.manager) == []
    known = check_id(office)
    answers = [_refusal(office, office.manager, one) for one in (known, "Q-0000000000000000")]
    assert answers[0] == answers[1]


def test_an_alert_that_is_open_again_is_not_checked(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    draw(office)
    office.acts(office.manager, reopen_alert.reopen, "A new report came in")
    assert drawn(office, office.manager) == []
    with pytest.raises(CaseChanged):
        record(office, office.manager)
    assert "closing_checked" not in [action for _actor, action in office.trail()]


# below the line


def sampled(office: Office, *refs: str, routing: Routing | None = Routing.GENERAL) -> None:
    """Homes the night drew from below the line, the first ranked first."""
    rows = [
        SampledHousehold(ref, 1.5, rank, f"P-{ref}", "north") for rank, ref in enumerate(refs, 41)
    ]
    with office.store.queue_transaction(AS_OF, "night", MONDAY) as queue:
        queue.record_sample(AS_OF, rows)
    if routing is not None:
        with office.store.writing() as connection:
            homes = [
                {"household_ref": r, "property_ref": f"P-{r}", "patch": "north", "routing": routing}
                for r in refs
            ]
            connection.execute(insert(HOMES), homes)


AS_OF = date(2026, 11, 1)


def listed(office: Office, person: Person) -> list[int]:
    with office.store.reading() as connection:
        return [home.rank for home in quality_sample.below_line_list(connection, person)]


def look(
    office: Office,
    person: Person,
    verdict: BelowLineVerdict = BelowLineVerdict.LEAVE,
    rank: int = 41,
) -> None:
    act = quality_sample.record_below_line_check
    office.does(person, act, AS_OF, rank, verdict, lambda: "new")


def test_the_list_of_homes_below_the_line_holds_no_reference(office: Office) -> None:
    sampled(office, "T-1", "T-2")
    with office.store.reading() as connection:
        homes = quality_sample.below_line_list(connection, office.manager)
    assert [(h.as_of, h.rank, h.patch) for h in homes] == [
        (AS_OF, 41, "north"),
        (AS_OF, 42, "north"),
    ]
    assert {(h.tenancy_ref, h.property_ref) for h in homes} == {("", "")}


def test_reading_a_home_s_reference_is_written_down_without_it(office: Office) -> None:
    sampled(office, "T-1")
    home = office.does(office.manager, quality_sample.read_below_line, AS_OF, 41)
    assert (home.tenancy_ref, home.property_ref) == ("T-1", "P-T-1")
    with office.store.reading() as connection:
        last = connection.execute(
            select(AUDIT_EVENTS).order_by(AUDIT_EVENTS.c.entry_no.desc()).limit(1)
        ).one()
    assert (last.actor, last.action) == ("person:mona", "sample_read")
    assert "T-1" not in last.details


def test_a_home_left_alone_raises_nothing_and_is_not_asked_about_again(office: Office) -> None:
    sampled(office, "T-1")
    look(office, office.manager)
    assert (listed(office, office.manager), office.store.alerts()) == ([], [])


def test_a_home_put_in_the_queue_becomes_a_routine_alert(office: Office) -> None:
    sampled(office, "T-1")
    look(office, office.manager, BelowLineVerdict.RAISE)
    row = office.row("new")
    assert (row.tenancy_ref, row.property_ref, row.patch) == ("T-1", "P-T-1", "north")
    assert (row.origin, row.priority, row.state) == (
        Origin.BELOW_LINE_SAMPLE,
        Priority.ROUTINE,
        AlertState.RAISED,
    )
    assert row.look_by_at_utc == office.now + 120 * HOUR
    assert office.trail("new") == [("person:mona", "alert_raised")]
    with office.store.reading() as connection:
        checked = connection.execute(select(BELOW_LINE_CHECKS)).one()
    assert (checked.verdict, checked.checked_by, checked.alert_id) == ("raise", "mona", "new")
    office.store.verify_audit()


def test_a_household_with_an_open_alert_gets_no_second_one_and_nobody_is_told(
    office: Office,
) -> None:
    sampled(office, "T-1")
    office.raises(an_alert("a1", "T-1", routing=Routing.SPECIALIST))
    assert listed(office, office.manager) == []
    look(office, office.manager, BelowLineVerdict.RAISE)
    assert [alert.alert_id for alert in office.store.alerts()] == ["a1"]
    assert office.row("a1").routing == Routing.SPECIALIST


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_managers_look_below_the_line(office: Office, role: Role) -> None:
    sampled(office, "T-1")
    other = office.hire("otto", role, every_patch=True)
    assert listed(office, other) == []
    for act in (lambda: look(office, other), lambda: _read(office, other)):
        with pytest.raises(NotForYou):
            act()


@pytest.mark.parametrize("routing", [Routing.SPECIALIST, None])
def test_a_home_that_is_or_may_be_protected_is_for_specialists(
    office: Office, routing: Routing | None
) -> None:
    sampled(office, "T-1", routing=routing)
    assert (listed(office, office.manager), listed(office, office.specialist)) == ([], [41])
    with pytest.raises(NotForYou):
        look(office, office.manager, BelowLineVerdict.RAISE)
    look(office, office.specialist, BelowLineVerdict.RAISE)
    assert office.row("new").routing == Routing.SPECIALIST


@pytest.mark.parametrize("ref", ["T-1", "P-T-1"])
def test_a_barred_manager_does_not_find_the_home(office: Office, ref: str) -> None:
    sampled(office, "T-1", "T-2")
    office.bar(office.manager, ref)
    assert listed(office, office.manager) == [42]
    words = []
    for rank in (41, 99):
        with pytest.raises(NotForYou) as refused:
            look(office, office.manager, rank=rank)
        words.append(str(refused.value))
    assert words[0] == words[1]


def test_of_two_who_look_the_second_is_told(office: Office, database_url: str) -> None:
    sampled(office, "T-1")
    look(office, office.manager)
    with pytest.raises(CaseChanged):
        look(office, office.hire("mia", Role.MANAGER), BelowLineVerdict.RAISE)
    assert office.store.alerts() == []
    assert count_rows(database_url, "below_line_checks") == 1


# yields


def yields(office: Office, person: Person | None = None) -> Yields:
    with office.store.reading() as connection:
        return rule_yields(connection, person or office.manager, MONDAY - HOUR)


def ends(
    office: Office, outcome: Outcome, alert_id: str, rules: Sequence[str] = ("locks",)
) -> None:
    """An alert on which `rules` spoke, closed after a welfare check."""
    reasons = tuple(a_reason(f"R-{rule}", rule_id=rule) for rule in rules)
    office.raises(an_alert(alert_id, f"T-{alert_id}", reasons=reasons))
    for step in (office.claims, office.decides, office.assigns, office.plans, office.tries):
        step(alert_id=alert_id)
    office.records(outcome, alert_id)
    office.closes(alert_id=alert_id)


def test_a_rule_yields_the_checks_that_found_a_need_of_those_we_know_of(office: Office) -> None:
    ends(office, Outcome.WELFARE_NEED_MET, "a1", ["locks", "doors"])
    ends(office, Outcome.DISCLOSED_DECLINES_SUPPORT, "a2")
    ends(office, Outcome.NO_CONCERN_FOUND, "a3")
    ends(office, Outcome.COULD_NOT_REACH, "a4")
    found = yields(office)
    assert {one.rule_id: one.found for one in found.by_rule} == {
        "doors": Share(1, 1),
        "locks": Share(2, 3),
    }
    assert found.overall.found == Share(2, 3)


def test_an_alert_closed_without_a_check_is_no_check(office: Office) -> None:
    office.raises(an_alert())
    office.claims()
    office.acts(
        office.reviewer, close_alert.close_at_triage, Outcome.ALREADY_SUPPORTED, "Known to us"
    )
    ends(office, Outcome.NO_CONCERN_FOUND, "a2")
    overall = yields(office).overall
    assert (overall.found, overall.at_triage) == (Share(0, 1), Share(1, 2))


def test_a_check_called_off_before_contact_is_no_check_and_no_triage(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.acts(office.manager, close_alert.stop, Outcome.ALREADY_SUPPORTED, "She moved")
    overall = yields(office).overall
    assert (overall.found, overall.at_triage) == (Share(0, 0), Share(0, 1))


def test_a_rule_that_spoke_twice_on_an_alert_counts_once(office: Office) -> None:
    ends(office, Outcome.OTHER_NEED, "a1")
    with office.store.writing() as connection:
        again = {"reason_no": 2, "rule_id": "locks", "sentence": "again", "added_on": AS_OF}
        connection.execute(insert(ALERT_REASONS).values(alert_id="a1", **again))
    assert [one.found for one in yields(office).by_rule] == [Share(1, 1)]


def test_what_one_may_not_know_of_is_in_no_yield(office: Office) -> None:
    ends(office, Outcome.OTHER_NEED, "a1")
    with office.store.writing() as connection:
        connection.execute(update(ALERTS).values(routing=Routing.SPECIALIST))
    assert yields(office).overall.found == Share(0, 0)
    assert yields(office, office.specialist).overall.found == Share(1, 1)


def test_ten_checks_are_enough_to_say_and_nine_are_not(office: Office) -> None:
    enough = REVIEW.quality.enough_checks.value
    one = yields(office).overall
    assert [replace(one, found=Share(1, n)).is_enough(enough) for n in (9, 10)] == [False, True]


# the audit trail


def test_an_auditor_reads_acts_by_alert_person_and_time_the_last_first(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.now += HOUR
    office.brings_to(AlertState.RAISED, "a2")
    office.does(office.colleague, claim_alert.claim, "a2")
    with office.store.reading() as connection:
        whole = audit_trail.entries(connection)
        of_alert = audit_trail.entries(connection, alert_id="a1")
        of_person = audit_trail.entries(connection, actor="person:carl")
        since = audit_trail.entries(connection, since=office.now, actor="person:carl")
        until = audit_trail.entries(connection, until=office.now, actor="person:carl")
    numbers = [entry.entry_no for entry in whole.entries]
    assert numbers == sorted(numbers, reverse=True)
    assert [entry.action for entry in of_alert.entries] == ["alert_claimed", "alert_raised"]
    assert [(e.who, e.actor) for e in of_alert.entries] == [
        ("Rita", "person:rita"),
        ("night", "night"),
    ]
    assert [entry.alert_id for entry in of_person.entries] == ["a2"]
    assert ([e.alert_id for e in since.entries], until.total) == (["a2"], 0)
    assert of_person.entries[0].at_utc == office.now


def test_people_in_an_entry_are_named(office: Office) -> None:
    office.brings_to(AlertState.ASKED)
    with office.store.reading() as connection:
        last = audit_trail.entries(connection, alert_id="a1").entries[0]
    assert (last.action, last.details["person"]) == ("colleague_asked", "Carl")


def test_the_trail_is_read_page_by_page(office: Office) -> None:
    office.raises(*(an_alert(f"a{n}", f"T-{n}") for n in range(5)))
    with office.store.reading() as connection:
        pages = [audit_trail.entries(connection, actor="night", page=n, size=2) for n in (1, 2, 3)]
    assert [len(page.entries) for page in pages] == [2, 2, 1]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}
    assert len({entry.entry_no for page in pages for entry in page.entries}) == 5


def test_who_read_what_is_behind_an_alert_is_told(office: Office) -> None:
    office.brings_to(AlertState.CLAIMED)
    office.reads(office.reviewer)
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint came in")
    office.reads(office.manager)
    with office.store.reading() as connection:
        readings = audit_trail.readings_of(connection, "a1")
    assert [(entry.who, entry.action) for entry in readings] == [
        ("Mona", "evidence_read"),
        ("Rita", "evidence_read"),
    ]


def _closing(alert_id: object, closed_on: date) -> object:
    return type("Closing", (), {"alert_id": f"A-{alert_id}", "closed_on": closed_on})()


def _read(office: Office, person: Person) -> None:
    office.does(person, quality_sample.read_below_line, AS_OF, 41)


def _refusal(office: Office, person: Person, check: str) -> tuple[type, str]:
    with pytest.raises(NotForYou) as refused:
        office.does(person, quality_sample.record_quality_check, check, ClosingVerdict.AGREE, "")
    return refused.type, str(refused.value)
