"""What the clock says of an alert, on both sides of each moment and for a time that is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from redflags.domain.alert import AlertState
from redflags.domain.alert_deadlines import (
    SOON,
    awaits_contact,
    has_lapsed,
    is_due_soon,
    is_overdue,
)

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("lapses", "has"), [(NOW + MOMENT, False), (NOW, True), (NOW - MOMENT, True), (None, True)]
)
def test_a_claim_lapses_at_the_moment_it_was_good_until(lapses: datetime | None, has: bool) -> None:
    for state in AlertState:
        is_claim = state in (AlertState.CLAIMED, AlertState.ASKED)
        assert has_lapsed(state, lapses, NOW) is (has and is_claim)


@pytest.mark.parametrize(
    ("due", "is_late"), [(NOW + MOMENT, False), (NOW, False), (NOW - MOMENT, True), (None, True)]
)
def test_what_is_done_at_the_moment_it_is_due_is_not_overdue(
    due: datetime | None, is_late: bool
) -> None:
    assert is_overdue(due, NOW) is is_late


@pytest.mark.parametrize(
    ("due", "is_soon"),
    [
        (NOW - MOMENT, False),
        (NOW, True),
        (NOW + SOON - MOMENT, True),
        (NOW + SOON, False),
        (None, False),
    ],
)
def test_what_is_due_within_a_day_and_not_overdue_is_due_soon(
    due: datetime | None, is_soon: bool
) -> None:
    assert is_due_soon(due, NOW) is is_soon


def test_contact_is_awaited_from_the_decision_until_there_was_one() -> None:
    awaiting = {state for state in AlertState if awaits_contact(state, None)}
    assert awaiting == {
        AlertState.WELFARE_CHECK,
        AlertState.ASSIGNED,
        AlertState.CONTACT_ATTEMPTED,
    }
    assert not any(awaits_contact(state, NOW) for state in AlertState)
