"""Days and times as people type them."""

from datetime import date, time

import pytest

from redflags.web.shell.date_parsing import day_of, moment_of, time_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9:30am", time(9, 30)),
        ("9.30 AM", time(9, 30)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:05pm", time(12, 5)),
        ("4:15 p.m.", time(16, 15)),
        ("16:15", time(16, 15)),
        ("09:15", time(9, 15)),
        ("0:15", time(0, 15)),
        ("10:30", time(10, 30)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_is_understood(typed: str, meant: time) -> None:
    assert time_of(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "9", "16", "24:00", "09:60", "9:60pm", "13pm", "0am", "noon", "9:5", "²:00"]
)
def test_what_is_no_time_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter a real time"):
        time_of(typed)


@pytest.mark.parametrize("typed", ["1:00", "4:15", "9:59"])
def test_a_time_that_could_be_either_half_of_the_day_is_asked_about(typed: str) -> None:
    with pytest.raises(ValueError, match="am or pm"):
        time_of(typed)


def test_a_day_is_understood() -> None:
    assert day_of(["3", "11", "2026"]) == date(2026, 11, 3)
    assert day_of(["03", "02", "2028"]) == date(2028, 2, 3)
    assert day_of(["29", "2", "2028"]) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "typed",
    [
        ["29", "2", "2027"],
        ["31", "4", "2026"],
        ["0", "1", "2026"],
        ["1", "13", "2026"],
        ["1", "1", "26"],
        ["1", "1", "1899"],
        ["1", "1", "2101"],
        ["a", "1", "2026"],
        ["1", "-1", "2026"],
        ["١", "1", "2026"],
        ["1", "1"],
        ["1"],
        [],
    ],
)
def test_an_impossible_day_is_told(typed: list[str]) -> None:
    with pytest.raises(ValueError, match="Enter a real date"):
        day_of(typed)


@pytest.mark.parametrize(
    ("typed", "utc_offset_hours"),
    [
        (["3", "11", "2026", "4:15pm"], 0),
        (["3", "7", "2026", "4:15pm"], 1),
        (["29", "3", "2026", "00:59"], 0),
        (["29", "3", "2026", "2am"], 1),
        (["25", "10", "2026", "1:30am"], 1),
    ],
)
def test_a_moment_is_london_s(typed: list[str], utc_offset_hours: int) -> None:
    offset = moment_of(typed).utcoffset()
    assert offset is not None
    assert offset.total_seconds() == utc_offset_hours * 3600


@pytest.mark.parametrize("typed", ["1am", "01:30", "1:59am"])
def test_a_time_that_the_clocks_left_out_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match="clocks went forward"):
        moment_of(["29", "3", "2026", typed])


def test_a_day_without_its_time_is_told() -> None:
    with pytest.raises(ValueError, match="Enter a real time"):
        moment_of(["3", "11", "2026"])
