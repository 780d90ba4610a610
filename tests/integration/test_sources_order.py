"""The order in which files are taken, what is told of it, and what files are called."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.sources import canonical, mapped_source, nothing_is_taken
from redflags.analysis.extracts import AlreadyTaken, Extract, Refusal

HEADER = "lock_change_ref,property_ref,changed_at,reason\n"
LOCKS = """
enabled = true
kind = "delimited"
[tables.lock_changes]
files = {files}
[tables.lock_changes.columns]
lock_change_ref = "lock_change_ref"
property_ref = "property_ref"
changed_at = "changed_at"
reason = "reason"
"""


def source(
    tmp_path: Path, *names: str | tuple[str, str], files: str = '["*.csv"]', apart: int = 60
):
    """Files in the order in which they were written; with the day of their one row or none."""
    for number, named in enumerate(names):
        name, day = named if isinstance(named, tuple) else (named, "2026-01-05")
        path = tmp_path / name
        path.write_text(f"{HEADER}L1,1,{day},{number}\n")
        os.utime(path, (1_770_000_000 + number * apart,) * 2)
    return mapped_source(LOCKS.format(files=files), tmp_path, tmp_path)


def extracts(
    source: object, is_taken: Callable[[str], bool] = nothing_is_taken
) -> tuple[list[int], list[str]]:
    """Which files came, by the order in which they were written, and what was told."""
    came, notes = [], []
    for outcome in source.extracts(is_taken):  # type: ignore[attr-defined]
        if isinstance(outcome, Extract):
            came += [int(why) for why in outcome.rows.read_all()["reason"].to_pylist()]
            notes += outcome.notes
        else:
            assert isinstance(outcome, AlreadyTaken)
    return came, notes


@pytest.mark.parametrize(
    "names",
    [
        ["jobs Jan 2026.csv", "jobs Apr 2026.csv"],
        ["week 9 2026.csv", "week 10 2026.csv"],
        ["02-11-2026.csv", "01-12-2026.csv"],
        ["01-12-2025.csv", "02-01-2026.csv"],
        ["x 2026-11-05.csv", "a 20261106.csv"],
        ["jobs 5th Nov 2026.csv", "jobs 11th Nov 2026.csv"],
        ["2026-11-05 part 2.csv", "2026-11-05 part 10.csv"],
    ],
)
def test_dates_in_names_decide_and_nothing_is_told(tmp_path: Path, names: list[str]) -> None:
    came, notes = extracts(source(tmp_path, *names, apart=-60))

    assert came == [0, 1]
    assert notes == []


@pytest.mark.parametrize(
    "names",
    [
        [("b.csv", "2026-01-05"), ("a.csv", "2026-04-05")],
        [("jobs Dec.csv", "2025-12-30"), ("jobs Jan.csv", "2026-01-05")],
        [("jobs Jan.csv", "2026-01-05"), ("jobs Apr.csv", "2026-01-05")],
        [("week 9.csv", "2026-01-05"), ("week 10.csv", "2026-01-05")],
        [("week 52.csv", "2025-12-28"), ("week 1.csv", "2026-01-02")],
    ],
)
def test_without_a_whole_date_the_newest_row_decides_and_that_is_told(
    tmp_path: Path, names: list[tuple[str, str]]
) -> None:
    came, notes = extracts(source(tmp_path, *names, apart=-60))

    assert came == [0, 1]
    assert notes == [
        "the names of 2 files tell no whole date; their order is that of the newest date in "
        "their rows"
    ]


def test_one_slip_of_the_pen_does_not_make_a_file_the_newest(tmp_path: Path) -> None:
    made = source(tmp_path, "b.csv", ("a.csv", "2026-04-05"))
    rows = [f"L{n},1,2026-01-05,0" for n in range(2000)]
    (tmp_path / "b.csv").write_text(HEADER + "\n".join([*rows, "L,1,2062-01-05,0"]) + "\n")

    came, _ = extracts(made)

    assert came[-1] == 1


def test_rows_of_one_day_leave_numbers_in_names_then_the_time_of_change(tmp_path: Path) -> None:
    came, notes = extracts(source(tmp_path, "jobs 9.csv", "jobs 10.csv", apart=-60))
    assert came == [0, 1]
    assert len(notes) == 1

    (tmp_path / "more").mkdir()
    came, notes = extracts(source(tmp_path / "more", "z.csv", "a.csv"))
    assert came == [0, 1]
    assert "their times of change" in notes[1]


def test_an_order_that_nothing_tells_is_warned_of(tmp_path: Path) -> None:
    _, notes = extracts(source(tmp_path, "z.csv", "a.csv", apart=0))

    assert "the order of 2 files cannot be known" in notes[1]
    assert "older state" in notes[1]


def test_a_full_file_newer_than_its_deltas_is_taken_after_them(tmp_path: Path) -> None:
    names = [("d_2026-01-05.csv", "2026-01-05"), ("all.csv", "2026-01-07"), "d_2026-01-08.csv"]

    came, _ = extracts(source(tmp_path, *names, files='["all.csv", "d_*.csv"]'))

    assert came == [0, 1, 2]


def test_a_full_file_goes_before_the_delta_of_its_day(tmp_path: Path) -> None:
    came, _ = extracts(
        source(
            tmp_path, "d_2026-01-05.csv", "full_2026-01-05.csv", files='["full_*.csv", "d_*.csv"]'
        )
    )

    assert came == [1, 0]


def test_a_late_older_file_does_not_undo_what_younger_ones_said(tmp_path: Path) -> None:
    made = source(tmp_path, "d_2026-11-01.csv", "d_2026-12-01.csv")
    taken = {o.fingerprint for o in made.extracts(nothing_is_taken) if isinstance(o, Extract)}
    assert extracts(made, taken.__contains__) == ([], [])

    (tmp_path / "d_2026-11-15.csv").write_text(HEADER + "L1,1,2026-01-05,2\n")
    came, notes = extracts(made, taken.__contains__)

    assert came == [2, 1]
    assert "a file is older than 1 taken before" in notes[0]


def test_a_younger_file_has_nothing_read_again(tmp_path: Path) -> None:
    made = source(tmp_path, "d_2026-11-01.csv", "d_2026-12-01.csv")
    taken = {o.fingerprint for o in made.extracts(nothing_is_taken) if isinstance(o, Extract)}

    (tmp_path / "d_2026-12-02.csv").write_text(HEADER + "L1,1,2026-01-05,2\n")

    assert extracts(made, taken.__contains__) == ([2], [])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("jobs Jan 2026.csv", "jobs Jan 2026.csv"),
        ("jobs 2026-11-05T0930.csv", "jobs 2026-11-05T0930.csv"),
        ("Mrs Testperson Jan 2026.csv", "lock_changes file 1 of 1"),
        ("07700900461.csv", "lock_changes file 1 of 1"),
        ("testperson@example.org.csv", "lock_changes file 1 of 1"),
        ("josé.csv", "lock_changes file 1 of 1"),
    ],
)
def test_a_name_that_may_be_a_persons_is_not_told(tmp_path: Path, name: str, told: str) -> None:
    (outcome,) = source(tmp_path, name).extracts(nothing_is_taken)

    assert isinstance(outcome, Extract)
    assert outcome.name == told
    assert (outcome.kept_as == name) == (told == name)
    assert outcome.kept_as.startswith(("jobs", "lock_changes file "))


def test_a_file_is_kept_under_one_name_whatever_comes_beside_it(tmp_path: Path) -> None:
    def kept(made: object) -> list[str]:
        return [o.kept_as for o in made.extracts(nothing_is_taken)]  # type: ignore[attr-defined]

    (alone,) = kept(source(tmp_path, "Testperson 2026-01-05.csv"))
    beside = kept(source(tmp_path, "Testperson 2026-01-05.csv", "Other 2026-01-01.csv"))

    assert alone in beside
    assert len(set(beside)) == 2


def test_a_name_that_is_not_utf_8_is_read_and_told_by_its_number(tmp_path: Path) -> None:
    made = source(tmp_path, "jobs 2026-01-05.csv")
    (tmp_path / os.fsdecode(b"caf\xe9.csv")).write_text(HEADER + "L2,1,2026-01-06,7\n")

    outcomes = list(made.extracts(nothing_is_taken))

    assert [o.name.encode() for o in outcomes] == [
        b"jobs 2026-01-05.csv",
        b"lock_changes file 2 of 2",
    ]


def test_whatever_a_file_throws_is_its_refusal_and_the_others_come(tmp_path: Path) -> None:
    made = source(tmp_path, "d_2026-11-01.csv", "d_2026-12-01.csv")
    (tmp_path / "d_2026-12-01.csv").unlink()
    (tmp_path / "d_2026-12-01.csv").symlink_to(tmp_path / "d_2026-12-01.csv")
    (tmp_path / "d_2026-12-02.csv").write_bytes(b"\x1f\x8bnot gzip at all")
    (tmp_path / "d_2026-12-03.csv").write_bytes(b"\xff\xfe" + HEADER.encode("utf-16-le"))

    outcomes = list(made.extracts(nothing_is_taken))

    assert [type(outcome) for outcome in outcomes] == [Extract, Refusal, Refusal]


def test_a_packed_file_is_known_by_its_bytes_and_its_size_is_limited(tmp_path: Path) -> None:
    made = canonical(tmp_path)
    folder = tmp_path / "extracts"
    (folder / "lock_changes.csv.gz").write_text(HEADER + "L1,1,2026-01-05,0\n")
    (folder / "lock_changes_2026-01-06.csv").write_bytes(
        gzip.compress((HEADER + "L1,1,2026-01-06,1\n").encode())
    )
    assert extracts(made)[0] == [0, 1]

    (folder / "lock_changes_2026-01-07.csv.gz").write_bytes(
        gzip.compress(HEADER.encode() + b"\n" * (65 << 20), compresslevel=1)
    )
    *_, refusal = made.extracts(nothing_is_taken)
    assert isinstance(refusal, Refusal)
    assert "unpacks to a sensible size" in str(refusal.error)
