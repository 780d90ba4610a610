"""The picture of a household's records: everything is in it, once, and in its place."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from redflags.domain.alert import Evidence
from redflags.web.casework.timeline import MOST_TICKS, Timeline, in_a_sentence, timeline

UNTIL = date(2026, 11, 3)


def seen(day: date, ref: str = "R-1", signal: str = "lock_change", tell: str = "") -> Evidence:
    return Evidence(day, "repairs", ref, signal, tell)


def drawn(*records: Evidence, until: date = UNTIL) -> Timeline:
    picture = timeline(records, until)
    assert picture is not None
    return picture


def test_without_records_there_is_no_picture() -> None:
    assert timeline([], UNTIL) is None


def test_each_sign_has_a_row_in_the_order_of_its_words() -> None:
    picture = drawn(
        seen(UNTIL, "R-1", "noise_disturbance"),
        seen(UNTIL, "R-2", "door_damage"),
        seen(UNTIL, "R-3", "door_damage"),
    )
    assert [row.label for row in picture.rows] == ["Damage to an outside door", "Report of noise"]
    assert in_a_sentence(picture.rows) == "2 × Damage to an outside door, 1 × Report of noise"


def test_a_record_behind_two_reasons_is_drawn_once() -> None:
    picture = drawn(seen(UNTIL), seen(UNTIL))
    assert [row.records for row in picture.rows] == [1]


def test_records_of_one_day_are_one_mark_that_says_how_many() -> None:
    (row,) = drawn(seen(UNTIL, "R-1"), seen(UNTIL, "R-2"), seen(date(2026, 10, 1), "R-3")).rows
    assert [(mark.occurred_on, mark.count) for mark in row.marks] == [
        (date(2026, 10, 1), 1),
        (UNTIL, 2),
    ]


def test_a_record_that_speaks_of_force_is_marked_by_its_shape() -> None:
    (row,) = drawn(seen(UNTIL, "R-1"), seen(date(2026, 10, 1), "R-2", tell="force")).rows
    assert [mark.tells for mark in row.marks] == [True, False]


def test_the_picture_begins_with_the_month_of_the_first_record_and_ends_with_the_alert() -> None:
    picture = drawn(seen(date(2026, 3, 17)))
    assert (picture.first, picture.last) == (date(2026, 3, 1), UNTIL)
    assert picture.ticks[0].label == "Mar 2026"


def test_a_record_after_the_alert_is_in_the_picture_too() -> None:
    assert drawn(seen(date(2026, 12, 1))).last == date(2026, 12, 1)


def test_a_record_without_a_sign_of_its_own_has_a_row_too() -> None:
    assert drawn(seen(UNTIL, signal="", tell="force")).rows[0].label == "Another repair or report"


@given(st.lists(st.integers(0, 4_000), min_size=1, max_size=30))
def test_whatever_the_dates_all_marks_are_inside_and_the_months_few(days_ago: list[int]) -> None:
    records = [seen(UNTIL - timedelta(days=n), f"R-{i}") for i, n in enumerate(days_ago)]
    picture = drawn(*records)
    marks = [mark for row in picture.rows for mark in row.marks]
    assert sum(mark.count for mark in marks) == len(records)
    assert all(0 <= mark.x <= 100 for mark in marks)
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)
    assert 1 <= len(picture.ticks) <= MOST_TICKS
    assert all(0 <= tick.x <= 100 for tick in picture.ticks)
