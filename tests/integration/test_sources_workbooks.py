"""Workbooks as people and libraries write them, and damaged ones beside a good file."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from builders.sources import mapped_source, nothing_is_taken, refusals, taken
from redflags.adapters.sources.files import unpacking_limits
from redflags.analysis.extracts import Extract, Refusal
from redflags.errors import SourceRefused

NAMES = ["No", "Home", "When", "Why"]
LOCKS = """
enabled = true
kind = "spreadsheet"
skip_lines = {skip}
[tables.lock_changes]
files = ["*.xlsx", "*.csv"]
{more}
columns = {{ lock_change_ref = "No", property_ref = "Home", changed_at = "When", reason = "Why" }}
"""
Sheets = Sequence[tuple[str, Sequence[Sequence[Any]]]]


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def jobs(*numbers: int) -> list[list[object]]:
    return [[f"L{n}", f"{n}", "2026-01-05", "x"] for n in numbers]


def source(tmp_path: Path, data: bytes, skip: int = 0, more: str = "", name: str = "locks.xlsx"):
    (tmp_path / name).write_bytes(data)
    return mapped_source(LOCKS.format(skip=skip, more=more), tmp_path, tmp_path)


def read(tmp_path: Path, data: bytes, skip: int = 0, more: str = ""):
    return taken(source(tmp_path, data, skip, more))["lock_changes"]


def test_every_visible_sheet_with_the_columns_is_read_in_any_order_of_them(tmp_path: Path) -> None:
    turned = [NAMES[::-1], *[row[::-1] for row in jobs(3, 4)]]
    came = read(tmp_path, workbook(("A", [NAMES, *jobs(1, 2)]), ("B", turned)))

    assert came.values("lock_change_ref") == ["L1", "L2", "L3", "L4"]
    assert came.values("property_ref") == ["1", "2", "3", "4"]
    assert came.values("_row") == [1, 2, 3, 4]
    assert came.extract.notes == []


def test_sheets_that_nobody_reads_are_told_by_their_number_only(tmp_path: Path) -> None:
    data = workbook(
        ("Mrs Testperson", [["Name", "Phone"], ["Test", 1]]),
        ("Jobs", [NAMES, *jobs(1)]),
        ("Old", [NAMES, *jobs(2)]),
        ("Empty", []),
        hidden=["Old"],
    )

    came = read(tmp_path, data)

    assert came.values("lock_change_ref") == ["L1"]
    assert sorted(came.extract.notes) == [
        "1 other sheet(s) have other columns; nobody reads them",
        "1 other sheet(s) have these columns too and are not read, as they are hidden or the "
        "mapping names another",
    ]


def test_a_sheet_that_the_mapping_names_is_the_only_one(tmp_path: Path) -> None:
    data = workbook(("A", [NAMES, *jobs(1)]), ("Jobs ", [NAMES, *jobs(2)]))

    came = read(tmp_path, data, more='sheet = "jobs"')

    assert came.values("lock_change_ref") == ["L2"]
    assert "have these columns too" in came.extract.notes[0]


def test_a_hidden_sheet_is_read_when_there_is_no_other(tmp_path: Path) -> None:
    data = workbook(("Cover", []), ("Jobs", [NAMES, *jobs(1)]), hidden=["Jobs"])

    assert read(tmp_path, data).values("lock_change_ref") == ["L1"]


@pytest.mark.parametrize(
    ("above", "skip"),
    [
        ([], 0),
        ([["Report"]], 1),
        ([["Report"], [], ["of November"], []], 4),
        ([["Report"], []], 0),
        ([[]], 1),
        ([["two\nlines"], [None, None, None, None]], 2),
    ],
)
def test_rows_above_the_header_are_counted_as_the_program_shows_them(
    tmp_path: Path, above: list[list[object]], skip: int
) -> None:
    came = read(tmp_path, workbook(("A", [*above, NAMES, *jobs(1, 2)])), skip)

    assert came.values("lock_change_ref") == ["L1", "L2"]
    assert came.values("_row") == [1, 2]


def test_a_sheet_without_the_columns_is_refused_with_their_names(tmp_path: Path) -> None:
    (refusal,) = refusals(source(tmp_path, workbook(("A", [["No", "Where"], ["L1", "1"]]))))

    assert "expected the column(s) 'Home', 'When'" in str(refusal.error)


def test_a_chart_sheet_in_front_is_passed_by(tmp_path: Path) -> None:
    book = Workbook()
    for row in [NAMES, *jobs(1)]:
        book.active.append(row)
    book.create_chartsheet(index=0)
    data = io.BytesIO()
    book.save(data)

    assert read(tmp_path, data.getvalue()).values("lock_change_ref") == ["L1"]


def changed(change: Callable[[str, bytes], bytes | None]) -> bytes:
    before = zipfile.ZipFile(io.BytesIO(workbook(("A", [NAMES, *jobs(1, 2)]))))
    after = io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as target:
        for name in before.namelist():
            data = change(name, before.read(name))
            if data is not None:
                target.writestr(name, data)
    return after.getvalue()


def in_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    return changed(lambda part, data: change(data) if part.endswith(name) else data)


DTD = b'<!DOCTYPE x [<!ENTITY a "b">]>'
DAMAGED = {
    "an empty fill": in_part("styles.xml", lambda d: re.sub(rb"<fill>.*?</fill>", b"<fill/>", d)),
    "a cut stream": in_part("sheet1.xml", lambda d: d[:-60]),
    "a DTD": in_part("sheet1.xml", lambda d: DTD + d.replace(b"<row", b"<row", 1)),
    "no sheets": in_part("workbook.xml", lambda d: re.sub(rb"<sheets>.*</sheets>", b"", d)),
    "no workbook": changed(lambda part, d: None if part == "xl/workbook.xml" else d),
    "a bad number": in_part("sheet1.xml", lambda d: d.replace(b'r="2"', b'r="two"', 1)),
    "cut off": workbook(("A", [NAMES, *jobs(1)]))[:900],
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a web page": b"<html><table><tr><td>No</td></tr></table></html>",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_workbook_is_its_own_refusal_and_tells_no_value(
    tmp_path: Path, kind: str
) -> None:
    (tmp_path / "good.csv").write_text("No,Home,When,Why\nGOOD,1,2026-01-05,x\n")
    outcomes = list(source(tmp_path, DAMAGED[kind], name="bad.xlsx").extracts(nothing_is_taken))

    read, refused = [], []
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            refused.append(str(outcome.error))
            continue
        assert isinstance(outcome, Extract)
        try:
            read += outcome.rows.read_all()["lock_change_ref"].to_pylist()
        except SourceRefused as error:
            refused.append(str(error))

    assert "GOOD" in read
    assert len(refused) == 1 or {"L1", "L2"} <= set(read)
    assert not any("L1" in words or "2026-01" in words for words in refused)


def test_authors_themes_and_names_may_be_damaged(tmp_path: Path) -> None:
    data = in_part("core.xml", lambda d: re.sub(rb">20\d\d-[^<]*Z<", b">yesterday<", d))

    assert read(tmp_path, data).values("lock_change_ref") == ["L1", "L2"]


def test_a_workbook_without_its_ending_is_known_by_its_bytes(tmp_path: Path) -> None:
    data = workbook(("A", [NAMES, *jobs(1)]))

    came = taken(source(tmp_path, data, name="locks.csv"))["lock_changes"]

    assert came.values("lock_change_ref") == ["L1"]


def test_a_small_workbook_that_unpacks_to_gigabytes_is_refused_before(tmp_path: Path) -> None:
    bomb = in_part("sheet1.xml", lambda d: d + b" " * (unpacking_limits.ALWAYS_FINE_BYTES + 1))
    assert len(bomb) < 1 << 20

    (refusal,) = refusals(source(tmp_path, bomb))

    assert "unpacks to a sensible size" in str(refusal.error)
