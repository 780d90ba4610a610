"""Cells that are no plain text: nothing that is there comes in as nothing, or as a reference."""

import zipfile
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import create_engine, text

from builders.extracts import AS_OF, repair, write_extracts
from builders.nights import Installation
from builders.sources import Taken, mapped_source, taken

JOBS = """
enabled = true
kind = "spreadsheet"
[tables.repairs]
files = ["jobs.xlsx", "jobs.csv"]
date_format = "%d/%m/%Y"
plain_numbers = ["cost_gbp"]
pad = { property_ref = 8 }
{more}
[tables.repairs.columns]
work_order_ref = "No"
property_ref = "Home"
raised_at = "When"
notes = "Took"
cost_gbp = "Cost"
"""
HEADER = ["No", "Home", "When", "Took", "Cost"]


def jobs(tmp_path: Path, more: str = "") -> Taken:
    return taken(mapped_source(JOBS.replace("{more}", more), tmp_path, tmp_path))["repairs"]


def errors(read: Taken) -> list[tuple[int, str, str]]:
    return sorted((fault.row, fault.column, fault.code.value) for fault in read.extract.faults)


def book(tmp_path: Path, *rows: list[object], change: Callable[[Workbook], None] | None = None):
    made = Workbook()
    for row in (HEADER, *rows):
        made.active.append(row)
    if change:
        change(made)
    made.save(tmp_path / "jobs.xlsx")
    return tmp_path


def test_times_and_durations_are_text(tmp_path: Path) -> None:
    book(
        tmp_path,
        ["J1", 1, "05/09/2026", time(9, 30), 1],
        ["J2", 1, "05/09/2026", timedelta(hours=26), 1],
    )

    assert jobs(tmp_path).values("notes") == ["09:30:00", "26:00:00"]


def test_a_formula_without_a_stored_value_is_named_and_one_with_an_empty_text_is_blank(
    tmp_path: Path,
) -> None:
    book(tmp_path, ["J1", 1, "05/09/2026", "=A1", "=1+1"], ["J2", 1, "05/09/2026", "x", 3])
    _rewrite_sheet(
        tmp_path / "jobs.xlsx",
        '<c r="D2"><f>A1</f><v /></c>',
        '<c r="D2" t="str"><f>A1</f><v></v></c>',
    )

    read = jobs(tmp_path)

    assert read.values("cost_gbp") == [None, "3"]
    assert read.values("notes") == [None, "x"]
    assert errors(read) == [(1, "cost_gbp", "formula_without_value")]


def _rewrite_sheet(path: Path, before: str, after: str) -> None:
    """What openpyxl writes for a formula is `<v />`; Excel leaves the element out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    sheet = parts[name].decode()
    assert before in sheet
    parts[name] = sheet.replace(before, after).replace("<v />", "").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def test_an_error_is_never_padded_to_a_reference(tmp_path: Path) -> None:
    book(tmp_path, ["J1", "#N/A", "05/09/2026", "x", "#REF!"], ["J2", 7, "05/09/2026", "x", 1])

    read = jobs(tmp_path)

    assert read.values("property_ref") == [None, "00000007"]
    assert read.values("cost_gbp") == [None, "1"]
    assert errors(read) == [
        (1, "cost_gbp", "spreadsheet_error"),
        (1, "property_ref", "spreadsheet_error"),
    ]


def test_an_error_in_a_part_makes_no_reference_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_text(
        "No,Home,When,Took,Cost\nJ1,#N/A,05/09/2026,x,1\nJ2,2,05/09/2026,x,1\n"
    )
    mapping = JOBS.replace('"Home"', '"B{Home}"').replace("{more}", "").replace("pad", "# pad")

    read = taken(mapped_source(mapping, tmp_path, tmp_path))["repairs"]

    assert read.values("property_ref") == [None, "B2"]
    assert errors(read) == [(1, "property_ref", "spreadsheet_error")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *(
            (cell, "spreadsheet_error")
            for cell in ("#N/A", " #ref! ", "#DIV/0!", "#NAME?", "#####")
        ),
        ("#UNREADABLE TYPE Geometry", "unreadable_type"),
    ],
)
def test_an_error_is_taken_out_and_named(tmp_path: Path, cell: str, code: str) -> None:
    (tmp_path / "jobs.csv").write_text(f"No,Home,When,Took,Cost\nJ1,1,05/09/2026,{cell},1\n")

    read = jobs(tmp_path)

    assert read.values("notes") == [None]
    assert errors(read) == [(1, "notes", code)]


@pytest.mark.parametrize("cell", ["#12 door kicked in", "# door", "#N/A given", "#"])
def test_what_only_starts_like_an_error_is_text(tmp_path: Path, cell: str) -> None:
    (tmp_path / "jobs.csv").write_text(f"No,Home,When,Took,Cost\nJ1,1,05/09/2026,{cell},1\n")

    read = jobs(tmp_path)

    assert read.values("notes") == [cell]
    assert errors(read) == []


def test_a_home_that_is_an_error_is_set_aside_and_the_problem_names_it(tmp_path: Path) -> None:
    write_extracts(
        tmp_path / "extracts",
        {"repairs": [repair("W1", 1, 3, "#VALUE!"), repair("W2", 1, 3, "x", property_ref="#N/A")]},
    )
    installation = Installation(tmp_path / "home", tmp_path / "extracts")

    ended = installation.run("ingest", "--as-of", AS_OF.isoformat())

    listed = installation.run("problems").out
    assert "repairs" in ended.out
    assert installation.record_totals()["repairs"] == 1
    assert "repairs.property_ref: spreadsheet_error" in listed
    assert "repairs.property_ref: missing_value" in listed
    assert "repairs.description: spreadsheet_error" in listed


def test_sql_types_come_as_text(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE jobs (id, home, raised, doc)"))
        connection.execute(
            text("INSERT INTO jobs VALUES (:id, 9007199254740993, '2026-09-05', x'1a2b00ff')"),
            {"id": b"\x6f\x96\x19\xff"},
        )
    engine.dispose()
    source = mapped_source(
        """
        enabled = true
        kind = "sql"
        url_env = "JOBS"
        [tables.repairs]
        query = "SELECT id, home, raised, doc FROM jobs"
        [tables.repairs.columns]
        work_order_ref = "id"
        property_ref = "home"
        raised_at = "raised"
        notes = "doc"
        """,
        tmp_path,
        tmp_path,
        {"JOBS": f"sqlite:///{tmp_path / 'jobs.db'}"},
    )

    (row,) = taken(source)["repairs"].without_row_numbers()

    assert row == {
        "work_order_ref": "0x6F9619FF",
        "property_ref": "9007199254740993",
        "raised_at": "2026-09-05",
        "notes": "0x1A2B00FF",
    }


@pytest.mark.parametrize(
    ("factors", "total"),
    [
        (["\u00a352.72", '"\u00a31,234.50"'], "1287.22"),
        (["100", "(45.00)"], "55.00"),
        (["100", "45.00CR"], "55.00"),
        (["100", '"12,50"'], "12,50"),
        (["100", "to be agreed"], "to be agreed"),
        (["100", ""], "100.00"),
    ],
)
def test_a_sum_of_a_join_reads_money_as_people_write_it(
    tmp_path: Path, factors: list[str], total: str
) -> None:
    (tmp_path / "orders.csv").write_text("wo,home,day\nA,1,2026-01-05\n")
    lines = "".join(f"A,{factor}\n" for factor in factors)
    (tmp_path / "tasks.csv").write_text("order,cost\n" + lines)
    source = mapped_source(
        """
        enabled = true
        kind = "delimited"
        [tables.repairs]
        files = ["orders.csv"]
        join.task = { files = ["tasks.csv"], on = { wo = "order" }, sum = { total = ["cost"] } }
        [tables.repairs.columns]
        work_order_ref = "wo"
        property_ref = "home"
        raised_at = "day"
        cost_gbp = "task.total"
        """,
        tmp_path,
        tmp_path,
    )

    assert taken(source)["repairs"].values("cost_gbp") == [total]
