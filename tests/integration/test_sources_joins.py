"""Joins, paths and templates: what finds no partner or leads nowhere is told as that."""

import json
from pathlib import Path
from typing import Any

import pytest

from builders.sources import FIXTURES, Taken, mapped_source, ready_source, refusals, taken
from redflags.errors import SourceRefused

ORDERS = """
enabled = true
kind = "json"
[tables.repairs]
resource = "orders"
items = "{items}"
columns = {{ work_order_ref = "ref", property_ref = "home", raised_at = "day" }}
"""
ORDER = {"ref": "1", "home": "2", "day": "2026-09-05"}


def orders(tmp_path: Path, document: Any, items: str, end: str = "json"):
    lines = [json.dumps(line) for line in document] if end == "jsonl" else [json.dumps(document)]
    (tmp_path / f"orders.{end}").write_text("\n".join(lines) + "\n")
    return mapped_source(ORDERS.format(items=items), tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("document", "items", "rows"),
    [
        ({"data": [ORDER]}, "data", 1),
        ({"Data": [ORDER]}, "data", 1),
        ({"data": []}, "data", 0),
        ({"page": {"rows": []}}, "page.rows", 0),
        ({"pages": []}, "pages.*.rows", 0),
        ({"pages": [{"rows": []}, {"rows": [ORDER]}]}, "pages.*.rows", 1),
        ({"pages": [{"other": 1}, {"rows": [ORDER]}]}, "pages.*.rows", 1),
        ([{"data": [ORDER]}, {"data": [ORDER]}], "data", 2),
        ([], "", 0),
    ],
)
def test_the_list_at_items_is_read_and_an_empty_one_is_an_answer(
    tmp_path: Path, document: Any, items: str, rows: int
) -> None:
    assert len(taken(orders(tmp_path, document, items))["repairs"].rows) == rows


@pytest.mark.parametrize(
    ("document", "items"),
    [
        ({"data": [ORDER]}, "dta"),
        ({"error": "no such order"}, "data"),
        ({}, "data"),
        ({"page": {"rows": [ORDER]}}, "page.items"),
        ({"pages": [{"rows": [ORDER]}]}, "pages.*.items"),
        ({"data": None}, "data"),
        ({"data": "none"}, "data"),
        ([ORDER], "data"),
    ],
)
def test_items_that_lead_nowhere_are_refused(tmp_path: Path, document: Any, items: str) -> None:
    (refusal,) = refusals(orders(tmp_path, document, items))

    assert isinstance(refusal.error, SourceRefused)
    assert "items" in str(refusal.error)


def test_each_line_of_a_file_of_lines_has_its_own_items(tmp_path: Path) -> None:
    source = orders(tmp_path, [{"data": [ORDER]}, {"data": []}], "data", end="jsonl")

    assert len(taken(source)["repairs"].rows) == 1


HOMES = """
enabled = true
kind = "delimited"
[tables.asb]
files = ["asb.csv"]
[tables.asb.columns]
report_ref = "No"
subject_property_ref = "{home}"
reported_at = "{{Day}} {{Time}}"
category = "Kind"
description = "{{What}} ({{Who}})"
"""


def asb(tmp_path: Path, home: str, *rows: str) -> Taken:
    lines = ["No,Block,Flat,Day,Time,Kind,What,Who", *rows]
    (tmp_path / "asb.csv").write_text("\n".join(lines) + "\n")
    text = HOMES.replace("{home}", home).replace("{{", "{").replace("}}", "}")
    return taken(mapped_source(text, tmp_path, tmp_path))["asb"]


@pytest.mark.parametrize(
    ("template", "block", "flat", "home"),
    [
        ("{Block}-{Flat?}", "B1", "2", "B1-2"),
        ("{Block}-{Flat?}", "B1", "", "B1"),
        ("{Block}-{Flat?}", "", "2", None),
        ("{Block?}-{Flat}", "", "2", "2"),
        ("{Block?}-{Flat?}", "", "", None),
        ("H{Block}/{Flat?}.", "B1", "", "HB1."),
        ("{Block}-{Flat}", "B1", "", None),
        ("{Block}-{Stair?}-{Flat}", "B1", "2", "B1-2"),
    ],
)
def test_a_part_that_may_be_blank_takes_its_mark_along(
    tmp_path: Path, template: str, block: str, flat: str, home: str | None
) -> None:
    found = asb(tmp_path, template, f"1,{block},{flat},2026-09-05,10:30,noise,Shouting,")

    assert found.values("subject_property_ref") == [home]


def test_what_a_blank_part_costs_is_told_with_the_cure(tmp_path: Path) -> None:
    rows = ["1,B1,,2026-09-05,,k,x,", "2,B1,2,2026-09-05,,k,x,", "3,,,2026-09-05,,k,x,"]

    found = asb(tmp_path, "{Block}-{Flat}", *rows)

    assert found.values("subject_property_ref") == [None, "B1-2", None]
    (note,) = found.extract.notes
    assert note.startswith("1 rows give no asb.subject_property_ref")
    assert "{Flat?}" in note


@pytest.mark.parametrize(
    ("row", "when", "what"),
    [
        ("1,B,1,2026-09-05,10:30,k,Shouting,Jo", "2026-09-05 10:30", "Shouting (Jo)"),
        ("1,B,1,2026-09-05,,k,Shouting,", "2026-09-05", "Shouting)"),
        ("1,B,1,,10:30,k,,Jo", "10:30", "Jo)"),
        ("1,B,1,,,k,,", None, None),
    ],
)
def test_texts_and_dates_do_without_any_part(
    tmp_path: Path, row: str, when: str | None, what: str | None
) -> None:
    (found,) = asb(tmp_path, "{Block}", row).rows

    assert (found["reported_at"], found["description"]) == (when, what)


TASKS = """
enabled = true
kind = "delimited"
[tables.repairs]
files = ["orders*.csv"]
{where}
columns = {{ work_order_ref = "wo", property_ref = "home", raised_at = "day", notes = "task.text" }}
join.task = {{ files = ["tasks.csv"], on = {{ wo = "order" }}, texts = ["text"] }}
"""


def with_tasks(tmp_path: Path, orders: list[str], tasks: list[str], where: str = "") -> Taken:
    lines = "".join(f"{order},1,2026-01-05\n" for order in orders)
    (tmp_path / "orders.csv").write_text("wo,home,day\n" + lines)
    (tmp_path / "tasks.csv").write_text("order,text\n" + "".join(f"{t},x\n" for t in tasks))
    return taken(mapped_source(TASKS.format(where=where), tmp_path, tmp_path))["repairs"]


def test_rows_without_a_partner_are_counted_on_both_sides(tmp_path: Path) -> None:
    found = with_tasks(tmp_path, ["A", "B", "C"], ["A", "A", "Z", "Z", "Y", ""])

    assert found.extract.notes == [
        "2 of 3 rows of repairs have no row in the join task",
        "4 rows of the join task belong to no row of repairs",
    ]
    assert found.extract.doubts == []


def test_where_all_have_a_partner_nothing_is_told(tmp_path: Path) -> None:
    found = with_tasks(tmp_path, ["A", "B"], ["B", "A"])

    assert (found.extract.notes, found.extract.doubts) == ([], [])


@pytest.mark.parametrize(("rows", "is_doubt"), [(9, False), (10, True)])
def test_a_join_in_which_nobody_has_a_partner_is_in_doubt(
    tmp_path: Path, rows: int, is_doubt: bool
) -> None:
    found = with_tasks(tmp_path, [f"00{n}" for n in range(rows)], [str(n) for n in range(rows)])

    assert bool(found.extract.doubts) == is_doubt
    assert all("join task" in sentence for sentence in found.extract.doubts + found.extract.notes)


def test_a_row_that_is_left_out_for_want_of_a_partner_says_so(tmp_path: Path) -> None:
    where = 'where = [{ column = "task.text", filled = true }]'

    found = with_tasks(tmp_path, ["A", "B"], ["A"], where)

    assert found.extract.left_out == {"no row in the join task": 1}


def test_details_of_another_file_of_the_table_are_no_orphans(tmp_path: Path) -> None:
    (tmp_path / "orders_2.csv").write_text("wo,home,day\nB,1,2026-01-05\n")

    found = with_tasks(tmp_path, ["A"], ["A", "B"])

    assert found.extract.notes == []


def test_noiseworks_of_today_without_closed_and_merged_into_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "noiseworks"
    folder.mkdir()
    complaints = (FIXTURES / "noiseworks" / "Complaint.csv").read_text()
    (folder / "Complaint.csv").write_text(complaints)
    cases = (FIXTURES / "noiseworks" / "Case.csv").read_text().splitlines()
    (folder / "Case.csv").write_text("\n".join(c.rsplit(",", 2)[0] for c in cases) + "\n")

    asb = taken(ready_source("noiseworks", tmp_path, tmp_path))["asb"]

    assert [row["report_ref"][:3] for row in asb.rows] == ["501", "501", "502"]
    assert "the files of the join case have no 'merged_into': left blank" in asb.extract.notes


def test_a_join_without_the_column_a_condition_rests_on_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "noiseworks"
    folder.mkdir()
    (folder / "Complaint.csv").write_text((FIXTURES / "noiseworks" / "Complaint.csv").read_text())
    (folder / "Case.csv").write_text("id,created,kind\n501,2026-01-03,tv\n")

    (refusal,) = refusals(ready_source("noiseworks", tmp_path, tmp_path))

    assert "'uprn'" in str(refusal.error)
