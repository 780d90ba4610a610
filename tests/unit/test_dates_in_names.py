"""Dates as people write them into the names of files."""

from datetime import date

import pytest

from redflags.adapters.sources.files.dates_in_names import dates_in


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("repairs_2026-11-05.csv", date(2026, 11, 5)),
        ("repairs_2026-11-05.csv.gz", date(2026, 11, 5)),
        ("repairs-20261105.csv", date(2026, 11, 5)),
        ("repairs_20261105093000.csv", date(2026, 11, 5)),
        ("repairs_2026-11-05T0930.csv", date(2026, 11, 5)),
        ("repairs 2026.11.05 v2.csv", date(2026, 11, 5)),
        ("05-11-2026.csv", date(2026, 11, 5)),
        ("jobs 5.11.26.xlsx", date(2026, 11, 5)),
        ("jobs 05112026.csv", date(2026, 11, 5)),
        ("jobs 051126.csv", date(2026, 11, 5)),
        ("jobs 5th November 2026.xlsx", date(2026, 11, 5)),
        ("jobs 05-Nov-26.xlsx", date(2026, 11, 5)),
        ("jobs Nov 5, 2026.xlsx", date(2026, 11, 5)),
        ("jobs 01-11-2026 to 05-11-2026.xlsx", date(2026, 11, 5)),
        ("jobs Nov 2026.xlsx", date(2026, 11, 30)),
        ("jobs_sept_2026.xlsx", date(2026, 9, 30)),
        ("2026 February jobs.xlsx", date(2026, 2, 28)),
        ("jobs 2026-11.csv", date(2026, 11, 30)),
        ("jobs 202611.csv", date(2026, 11, 30)),
        ("jobs 11-2026.csv", date(2026, 11, 30)),
        ("jobs 2026-W45.csv", date(2026, 11, 8)),
        ("week 45 of 2026.csv", date(2026, 11, 8)),
        ("Q4 2026.csv", date(2026, 12, 31)),
        ("repairs.csv", None),
        ("jobs 12345.csv", None),
        ("order 99999999.csv", None),
        ("marvin decorators.csv", None),
        ("2026-13-45.csv", None),
    ],
)
def test_a_name_tells_its_day(name: str, day: date | None) -> None:
    (told,) = dates_in([name])

    assert told.day == day


@pytest.mark.parametrize(
    ("names", "days"),
    [
        (["01-12-2026", "02-11-2026"], [date(2026, 12, 1), date(2026, 11, 2)]),
        (["12-01-2026", "12-31-2026"], [date(2026, 12, 1), date(2026, 12, 31)]),
        (["12-01-2026", "12-31-2026", "all"], [date(2026, 12, 1), date(2026, 12, 31), None]),
        (["051126", "311226"], [date(2026, 11, 5), date(2026, 12, 31)]),
    ],
)
def test_names_of_one_folder_are_read_in_one_style(
    names: list[str], days: list[date | None]
) -> None:
    assert [told.day for told in dates_in(names)] == days


@pytest.mark.parametrize(
    ("name", "near", "end"),
    [
        ("jobs Dec", date(2026, 1, 3), date(2025, 12, 31)),
        ("jobs Jan", date(2026, 1, 3), date(2026, 1, 31)),
        ("jobs Apr", date(2026, 1, 5), date(2026, 4, 30)),
        ("week 52", date(2026, 1, 3), date(2025, 12, 28)),
        ("week 2", date(2026, 1, 3), date(2026, 1, 11)),
        ("week 53", date(2026, 12, 30), date(2027, 1, 3)),
    ],
)
def test_a_month_or_week_without_year_is_that_nearest_to_a_day(
    name: str, near: date, end: date
) -> None:
    (told,) = dates_in([name])

    assert told.is_partial
    assert told.nearest_to(near) == end
