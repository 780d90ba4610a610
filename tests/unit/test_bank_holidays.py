"""Bank holidays in England between two days, as a page tells them."""

from datetime import date

import pytest

from redflags.adapters.bank_holidays import bank_holidays_between


def test_christmas_of_a_year_that_has_a_substitute_day() -> None:
    """26 December 2026 is a Saturday: people have the Monday off, and only that is told."""
    assert bank_holidays_between(date(2026, 12, 24), date(2026, 12, 29)) == [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
    ]


def test_both_ends_count_and_a_year_may_end_between() -> None:
    days = [day for day, _ in bank_holidays_between(date(2026, 12, 28), date(2027, 1, 1))]
    assert days == [date(2026, 12, 28), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 11, 3), date(2026, 11, 5)),
        (date(2026, 12, 26), date(2026, 12, 27)),
        (date(2026, 12, 26), date(2026, 12, 24)),
    ],
)
def test_without_a_bank_holiday_there_is_nothing_to_tell(start: date, end: date) -> None:
    assert bank_holidays_between(start, end) == []
