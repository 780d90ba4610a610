"""What is counted for a quarter, on both sides of its beginning and its end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from builders.cases import Office, statements_of
from builders.queue_load import NOW, Load, load_queue
from builders.store import an_alert
from redflags.adapters.store import QueueStore
from redflags.adapters.store.case_tables import (
    BELOW_LINE_CHECKS,
    CONCERNS,
    HOMES,
    QUALITY_CHECKS,
)
from redflags.adapters.store.tables import BELOW_LINE_SAMPLES
from redflags.casework.acts import close_alert, look_with_reason, referrals, reopen_alert
from redflags.casework.reading.quarter_figures import figures_of
from redflags.domain.alert import AlertState, Origin, Priority, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import ClosingVerdict, Contact
from redflags.domain.quarter import Quarter
from redflags.domain.quarter_figures import Figures
from redflags.domain.welfare_check import AttemptResult, Basis, Consent, ReferralKind
from redflags.services.reports.report_tables import drafts

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
Q4 = Quarter(2026, 4)
BEGIN = datetime(2026, 9, 30, 23, 0, tzinfo=UTC)  # midnight in London
END = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
LATER = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
IN_IT = (BEGIN, END - SECOND)
OUT_OF_IT = (BEGIN - SECOND, END)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store, datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


def figures(office: Office, now: datetime = LATER) -> Figures:
    with office.store.reading() as connection:
        return figures_of(connection, Q4.span(now))


def put(office: Office, table: Any, **values: object) -> None:
    with office.store.writing() as connection:
        connection.execute(insert(table).values(**values))


def total(counts: Any) -> int:
    return sum(counts.values())


def test_an_alert_counts_in_the_quarter_of_the_day_it_was_raised_on(office: Office) -> None:
    days = ("2026-09-30", "2026-10-01", "2026-12-31", "2027-01-01")
    office.raises(*(an_alert(d, f"T-{d}", raised_on=date.fromisoformat(d)) for d in days))
    assert total(figures(office).by_priority) == 2


def test_raised_alerts_are_cut_by_priority_area_and_origin(office: Office) -> None:
    office.raises(
        an_alert("a1", "T-1", priority=Priority.FIRST),
        replace(an_alert("a2", "T-2", patch="south"), origin=Origin.STAFF_CONCERN),
        an_alert("a3", "T-3", patch="", routing=Routing.SPECIALIST),
    )
    found = figures(office)
    assert found.by_priority == {Priority.ROUTINE: 2, Priority.SOON: 0, Priority.FIRST: 1}
    assert found.by_patch == {"": 1, "north": 1, "south": 1}
    assert found.by_origin == {
        Origin.DETECTED: 2,
        Origin.STAFF_CONCERN: 1,
        Origin.BELOW_LINE_SAMPLE: 0,
    }


def test_an_area_without_alerts_is_counted_too(office: Office) -> None:
    put(office, HOMES, household_ref="T-9", property_ref="P-9", patch="east", routing="general")
    office.raises(an_alert("old", raised_on=date(2025, 1, 1), patch="west"))
    assert figures(office).by_patch == {"east": 0, "west": 0}


@pytest.mark.parametrize("moments", [IN_IT, OUT_OF_IT])
def test_a_welfare_check_counts_in_the_quarter_of_its_decision(
    office: Office, moments: tuple[datetime, ...]
) -> None:
    for number, office.now in enumerate(moments):
        office.brings_to(AlertState.WELFARE_CHECK, f"a{number}")
    assert total(figures(office).contact) == (2 if moments is IN_IT else 0)


@pytest.mark.parametrize(
    ("after", "became"),
    [(48 * HOUR, Contact.IN_TIME), (48 * HOUR + SECOND, Contact.LATE)],
)
def test_contact_within_48_hours_is_in_time(
    office: Office, after: timedelta, became: Contact
) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.now += after
    office.tries()
    found = figures(office)
    assert found.contact[became] == total(found.contact) == 1
    assert found.hours_to_contact == (pytest.approx(after / HOUR),)


def test_an_attempt_that_reached_nobody_is_no_contact(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    office.tries(AttemptResult.NO_ANSWER)
    found = figures(office)
    assert (found.contact[Contact.NONE], found.hours_to_contact) == (1, ())


def test_a_check_is_followed_until_its_48_hours_are_over(office: Office) -> None:
    office.now = END - SECOND
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    due = office.row().due_at_utc
    assert figures(office, due - SECOND).contact[Contact.STILL_TIME] == 1
    assert figures(office, due).contact[Contact.NONE] == 1
    office.now = due
    office.tries()
    assert figures(office, due).contact[Contact.IN_TIME] == 1


def test_what_happens_later_does_not_change_a_quarter_that_is_over(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.plans()
    before = figures(office)
    office.now = END + 49 * HOUR
    office.tries()
    assert figures(office) == before


def test_a_check_called_off_counts_as_closed_without_one(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.acts(office.manager, close_alert.stop, Outcome.WRONG_DATA, "Another home was meant")
    found = figures(office)
    assert (found.contact[Contact.CALLED_OFF], total(found.contact)) == (1, 1)
    assert (found.without_check[Outcome.WRONG_DATA], total(found.without_check)) == (1, 1)
    assert total(found.ended) == 0


@pytest.mark.parametrize("moments", [IN_IT, OUT_OF_IT])
def test_an_alert_closed_at_once_counts_in_the_quarter_of_its_closing(
    office: Office, moments: tuple[datetime, ...]
) -> None:
    for number, office.now in enumerate(moments):
        alert_id = f"a{number}"
        office.raises(an_alert(alert_id, f"T-{alert_id}"))
        office.claims(alert_id)
        ending = (Outcome.NO_CHECK_NEEDED, "The locks were ours")
        office.acts(office.reviewer, close_alert.close_at_triage, *ending, alert_id=alert_id)
    assert total(figures(office).without_check) == (2 if moments is IN_IT else 0)


def test_what_came_of_checks_is_counted_by_outcome(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    found = figures(office)
    assert (found.ended[Outcome.WELFARE_NEED_MET], total(found.ended)) == (1, 1)
    assert total(found.without_check) == 0


def test_a_case_that_is_opened_again_has_not_ended(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    office.acts(office.manager, reopen_alert.reopen, "A new report came in")
    found = figures(office)
    assert (total(found.ended), total(found.contact), total(found.by_priority)) == (0, 0, 1)


def test_a_referral_counts_when_it_was_recorded(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    consent = Consent("Rita", office.now)
    office.acts(office.reviewer, referrals.refer_with_consent, ReferralKind.SPECIALIST, consent)
    asking = (ReferralKind.MARAC, "There is a knife")
    for agreed, answered in ((True, END - SECOND), (True, END), (False, END - SECOND)):
        waiting = office.acts(office.reviewer, referrals.ask_for_agreement, *asking)
        office.now, asked = answered, office.now
        office.does(office.manager, referrals.answer_referral, waiting, agreed, "I read it")
        office.now = asked
    found = figures(office)
    assert {kind: n for kind, n in found.referrals_by_kind.items() if n} == {
        ReferralKind.SPECIALIST: 1,
        ReferralKind.MARAC: 1,
    }
    assert found.referrals_by_basis == {Basis.CONSENT: 1, Basis.SAFEGUARDING: 1}


@pytest.mark.parametrize("moments", [IN_IT, OUT_OF_IT])
def test_concerns_and_samples_count_when_they_were_logged_and_looked_at(
    office: Office, moments: tuple[datetime, ...]
) -> None:
    office.raises(*(an_alert(f"a{n}", f"T-{n}") for n in range(2)))
    for number, moment in enumerate(moments):
        _log_and_look(office, number, moment)
    found = figures(office)
    counted = (found.concerns, found.below_line_checked, total(found.closings_checked))
    assert counted == ((2, 2, 2) if moments is IN_IT else (0, 0, 0))


def test_what_was_overdue_when_the_quarter_ended_is_counted(office: Office) -> None:
    at_the_end = {"look_by_at_utc": END - SECOND}
    office.raises(
        an_alert("late", "T-1", **at_the_end),
        an_alert("in-time", "T-2", look_by_at_utc=END),
        an_alert("decided", "T-3", **at_the_end),
    )
    office.now = END - 48 * HOUR - SECOND
    office.claims("decided")
    office.decides("decided")
    found = figures(office)
    assert (found.late_decisions, found.late_contacts) == (1, 1)


def test_what_was_done_before_the_end_is_not_overdue(office: Office) -> None:
    office.now = END - 49 * HOUR
    office.brings_to(AlertState.CONTACT_ATTEMPTED)
    office.brings_to(AlertState.CLOSED, "a2")
    assert (figures(office).late_decisions, figures(office).late_contacts) == (0, 0)


def test_looking_at_a_case_changes_no_figure(office: Office) -> None:
    office.brings_to(AlertState.CLOSED)
    before = figures(office)
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "For the report")
    assert figures(office) == before


def test_all_counts_come_in_seven_statements_and_the_tables_add_up(store: QueueStore) -> None:
    load_queue(store, Load(600, people=4, patches=3))
    with store.reading() as connection, statements_of(connection) as sent:
        found = figures_of(connection, Quarter(2026, 3).span(NOW))
    assert len(sent) == 7
    totals = {e.count for table in drafts(found) for e in table.entries if e.name == "raised"}
    assert totals == {total(found.by_priority)}
    assert total(found.by_priority) > 20


def _log_and_look(office: Office, number: int, moment: datetime) -> None:
    put(
        office,
        CONCERNS,
        concern_id=f"C-{number}",
        form_id=f"F-{number}",
        property_ref="P-1",
        observed_on=date(2026, 11, 1),
        seen_sealed=b"",
        in_danger=False,
        reporter_role="repairs",
        logged_by="rita",
        logged_at_utc=moment,
        alert_id=f"a{number}",
    )
    put(
        office,
        QUALITY_CHECKS,
        check_id=f"Q-{number}",
        drawn_on=date(2026, 11, 1),
        alert_id=f"a{number}",
        checked_by="mona",
        checked_at_utc=moment,
        verdict=ClosingVerdict.AGREE,
    )
    sample = {"as_of": date(2026, 11, 1), "tenancy_ref": f"T-{number}"}
    home = {"property_ref": "P", "patch": "north", "score": 1.0, "rank": number}
    put(office, BELOW_LINE_SAMPLES, **sample, **home)
    checked = {"checked_by": "mona", "checked_at_utc": moment, "verdict": "leave"}
    put(office, BELOW_LINE_CHECKS, **sample, **checked)
