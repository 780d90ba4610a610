"""London time, the 48 hours, and the end of a day, on both sides of the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.domain.clock import (
    due_at,
    end_of_day_utc,
    london,
    spoken,
    spoken_day,
)

CLOCKS_FORWARD = date(2026, 3, 29)
CLOCKS_BACK = date(2026, 10, 25)
moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (utc(2026, 11, 3, 16, 15), "Tuesday 3 November 2026, 4:15pm"),
        (utc(2026, 7, 1, 23, 5), "Thursday 2 July 2026, 12:05am"),
        (utc(2026, 7, 1, 10, 59), "Wednesday 1 July 2026, 11:59am"),
        (utc(2026, 7, 1, 11, 0), "Wednesday 1 July 2026, 12:00pm"),
        (utc(2026, 3, 29, 0, 59), "Sunday 29 March 2026, 12:59am"),
        (utc(2026, 3, 29, 1, 0), "Sunday 29 March 2026, 2:00am"),
        (utc(2026, 10, 25, 0, 30), "Sunday 25 October 2026, 1:30am"),
        (utc(2026, 10, 25, 1, 30), "Sunday 25 October 2026, 1:30am"),
    ],
)
def test_moments_are_spoken_in_london_time(moment: datetime, words: str) -> None:
    assert spoken(moment) == words


def test_days_are_spoken_in_full() -> None:
    assert spoken_day(date(2026, 5, 1)) == "Friday 1 May 2026"


@given(st.dates())
def test_every_day_is_spoken_by_its_own_name(day: date) -> None:
    assert spoken_day(day) == day.strftime("%A ") + f"{day.day} " + day.strftime("%B ") + str(
        day.year
    )


@given(moments)
def test_contact_is_due_48_hours_on_whatever_the_clocks_do(decided_at: datetime) -> None:
    assert due_at(decided_at) - decided_at == timedelta(hours=48)


def test_over_a_clock_change_the_hour_on_the_wall_moves() -> None:
    friday = utc(2026, 10, 23, 15)
    assert spoken(friday) == "Friday 23 October 2026, 4:00pm"
    assert spoken(due_at(friday)) == "Sunday 25 October 2026, 3:00pm"


@pytest.mark.parametrize(
    ("as_of", "end"),
    [
        (date(2026, 1, 5), utc(2026, 1, 6)),
        (date(2026, 7, 5), utc(2026, 7, 5, 23)),
        (CLOCKS_FORWARD, utc(2026, 3, 29, 23)),
        (CLOCKS_FORWARD - timedelta(days=1), utc(2026, 3, 29)),
        (CLOCKS_BACK, utc(2026, 10, 26)),
        (CLOCKS_BACK - timedelta(days=1), utc(2026, 10, 24, 23)),
    ],
)
def test_a_day_ends_at_midnight_in_london(as_of: date, end: datetime) -> None:
    assert end_of_day_utc(as_of) == end


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_end_of_a_day_is_the_first_moment_of_the_next(as_of: date) -> None:
    end = end_of_day_utc(as_of)
    assert london(end).date() == as_of + timedelta(days=1)
    assert london(end - timedelta(microseconds=1)).date() == as_of


@given(moments)
def test_london_time_is_the_same_moment(moment: datetime) -> None:
    assert london(moment) == moment


@pytest.mark.parametrize("rule", [london, due_at, spoken])
def test_a_moment_without_a_zone_is_refused(rule: object) -> None:
    with pytest.raises(ValueError, match="time zone"):
        rule(datetime(2026, 11, 3))  # type: ignore[operator]  # noqa: DTZ001
