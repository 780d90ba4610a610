"""What is said about files in `builders/schedule.py` is said about files that are there."""

from pathlib import Path

from builders.schedule import LONGEST, SQLITE_ALONE

TESTS = Path(__file__).parents[1]


def test_every_file_that_is_named_is_there() -> None:
    there = {path.stem for path in TESTS.rglob("test_*.py")}
    assert set(LONGEST) <= there
    assert there >= SQLITE_ALONE


def test_no_two_files_have_one_name() -> None:
    names = [path.stem for path in TESTS.rglob("test_*.py")]
    named = {*LONGEST, *SQLITE_ALONE}
    assert {name for name in named if names.count(name) > 1} == set()
