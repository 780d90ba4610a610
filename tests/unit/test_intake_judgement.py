"""When too much of what came was set aside: both sides of each threshold, and the words."""

from datetime import date, timedelta

import pytest

from builders.intake import bad_dates, file_of, shipped_limits
from redflags.analysis.extracts import FaultCount
from redflags.analysis.monitoring.intake_judgement import all_too_old, rows_lost, values_dropped
from redflags.domain.row_problem import ProblemCode

LIMITS = shipped_limits()
SINCE = date(2022, 11, 21)
NOTHING_STORED = frozenset({"repairs"})


@pytest.mark.parametrize(
    ("read", "set_aside", "is_told"),
    [
        (100, 0, False),
        (100, 5, False),
        (100, 6, True),
        (40, 2, False),
        (39, 2, True),
        (3, 1, False),
        (3, 2, True),
        (3, 3, True),
        (1, 1, True),
        (0, 0, False),
    ],
)
def test_more_than_one_in_twenty_is_told_and_so_is_a_whole_file(
    read: int, set_aside: int, is_told: bool
) -> None:
    assert bool(rows_lost([file_of(read, set_aside)], LIMITS)) is is_told


def test_a_whole_file_is_told_however_little_it_is_of_the_table() -> None:
    files = [file_of(1000, place=1, files=2), file_of(1, 1, place=2, files=2)]
    (loss,) = rows_lost(files, LIMITS)
    assert "1 of 1,001 rows were SET ASIDE, among them a whole file" in loss.words
    assert "all of repairs file 2 of 2" in loss.words


def test_files_of_one_table_are_judged_together_and_sources_apart() -> None:
    files = [file_of(900, 0, files=2), file_of(100, 40, place=2, files=2)]
    assert rows_lost(files, LIMITS) == ()
    (loss,) = rows_lost([file_of(900), file_of(100, 40, source="contractor")], LIMITS)
    assert (loss.source, loss.table) == ("contractor", "repairs")


def test_words_name_table_column_code_file_and_shape() -> None:
    files = [
        file_of(10, 1, place=1, files=7),
        file_of(10, 8, bad_dates(7), place=3, files=7),
        file_of(10, 0, place=4, files=7),
    ]
    (loss,) = rows_lost(files, LIMITS)
    for words in (
        "source canonical, repairs: 9 of 30 rows were SET ASIDE",
        "more than the 5 % that config/intake.toml allows",
        "raised_at bad_date (8 rows, such as 99/99/9999)",
        "8 of them in repairs file 3 of 7 and 1 more",
    ):
        assert words in loss.words


def test_faults_that_are_left_out_are_counted() -> None:
    columns = ("raised_at", "property_ref", "work_order_ref", "completed_at", "cost_gbp")
    faults = [FaultCount(name, ProblemCode.MISSING_VALUE, 9 - n) for n, name in enumerate(columns)]
    (loss,) = rows_lost([file_of(10, 9, *faults)], LIMITS)
    assert "work_order_ref missing_value (7 rows), and 2 more kinds of fault" in loss.words
    assert "completed_at" not in loss.words


@pytest.mark.parametrize(("rows", "is_told"), [(5, False), (6, True)])
def test_values_that_were_dropped_are_told_beyond_the_share(rows: int, is_told: bool) -> None:
    file = file_of(100, 0, FaultCount("cost_gbp", ProblemCode.BAD_NUMBER, rows, "99,99"))
    assert rows_lost([file], LIMITS) == ()
    told = values_dropped([file], LIMITS)
    assert [words[:68] for words in told] == (
        ["source canonical, repairs: cost_gbp bad_number (6 rows, such as 99,99"[:68]]
        if is_told
        else []
    )


@pytest.mark.parametrize(("days", "is_told"), [(0, False), (1, True)])
def test_a_table_that_is_older_than_what_is_kept_is_told(days: int, is_told: bool) -> None:
    file = file_of(30, newest=SINCE - timedelta(days=days))
    assert bool(all_too_old([file], SINCE, LIMITS, NOTHING_STORED)) is is_told


def test_one_young_file_is_enough_for_a_table_not_to_be_too_old() -> None:
    old, young = SINCE - timedelta(days=900), SINCE + timedelta(days=900)
    files = [file_of(30, newest=old), file_of(1, newest=young, source="other")]
    assert all_too_old(files, SINCE, LIMITS, NOTHING_STORED) == ()


@pytest.mark.parametrize(("rows", "is_told"), [(1, False), (2, True)])
def test_a_single_old_row_beside_what_is_stored_is_everyday(rows: int, is_told: bool) -> None:
    file = file_of(rows, newest=SINCE - timedelta(days=1))
    found = all_too_old([file], SINCE, LIMITS, frozenset())
    assert bool(found) is is_told
    assert not any(loss.is_read_again for loss in found)
    assert all_too_old([file], SINCE, LIMITS, NOTHING_STORED)[0].is_read_again
