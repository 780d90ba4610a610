"""`redflags check --source`: ten rows as they would come in, and what does not fit."""

import shutil
from pathlib import Path

import pytest

from builders.nights import Ended, Installation
from builders.sources import REPOSITORY

MAPPING = """
enabled = true
kind = "delimited"
[tables.repairs]
files = ["jobs.csv"]
date_format = "%d/%m/%Y"
drop_when = [{ column = "Job", equals = "TOTAL" }]
[tables.repairs.columns]
work_order_ref = "Job"
property_ref = "Home"
raised_at = "Raised"
status = "State"
description = "Fault"
cost_gbp = "Cost"
sor_code = "Rate"
[tables.repairs.codes.status]
D = "completed"
"""
JOBS = (
    "Job,Home,Raised,State,Fault,Cost,Caller",
    *(
        f"J{n},P{n:03},{n:02}/03/2026,D,Door kicked in by ex,£1{n}.50,Mrs Zanzibar"
        for n in range(1, 13)
    ),
    "J20,Q-777,14/03/2026,X,Lock,12,Mr Quagga",
    "J21,Q-778,31/02/2026,call Mrs Zanzibar back,Lock,12,Mr Quagga",
    "TOTAL,,,,,99,",
)
HOMES = "property_ref,uprn\n" + "".join(f"P{n:03},1000{n}\n" for n in range(1, 13))


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("preview")
    sources, extracts = folder / "config" / "sources", folder / "extracts"
    sources.mkdir(parents=True)
    extracts.mkdir()
    for path in (REPOSITORY / "config").glob("*.toml"):
        shutil.copy(path, folder / "config")
    shutil.copy(REPOSITORY / "config" / "sources" / "canonical.toml", sources)
    (sources / "acme.toml").write_text(MAPPING, encoding="utf-8")
    (extracts / "jobs.csv").write_text("\n".join(JOBS) + "\n", encoding="utf-8")
    (extracts / "properties.csv").write_text(HOMES, encoding="utf-8")
    return Installation(folder / "home", extracts, config=folder / "config")


@pytest.fixture(scope="module")
def preview(landlord: Installation) -> Ended:
    return landlord.run("check", "--source", "acme")


def test_ten_rows_are_shown_under_the_names_of_the_contract(preview: Ended) -> None:
    assert preview.code == 0, preview.err
    names, *rows = preview.out.splitlines()[1:12]

    assert names.split() == [
        *("work_order_ref", "property_ref", "raised_at", "status", "description", "cost_gbp")
    ]
    assert len(rows) == 10
    assert rows[0].split() == [
        *("A9", "A999", "2026-03-01T00:00:00", "completed", "text", "of", "up", "to", "5"),
        *("words", "£11.50"),
    ]


def test_what_comes_in_and_what_does_not_is_counted(preview: Ended) -> None:
    assert preview.out.startswith(
        "repairs from jobs.csv: 13 rows come in, 1 are set aside, 1 are left out by the mapping\n"
    )
    assert "  1 rows: bad_date in raised_at, such as 99/99/9999\n" in preview.out
    assert "  1 rows left out: drop_when Job equals\n" in preview.out


def test_columns_that_are_not_used_and_those_that_are_not_there_are_named(preview: Ended) -> None:
    assert '  columns of the file that are not used: "Caller"\n' in preview.out
    assert "  without sor_code: the file has no such column\n" in preview.out


def test_rows_without_a_home_are_told_with_the_shapes_of_both(preview: Ended) -> None:
    assert (
        "  2 of 14 rows do not match known homes: their property_ref is shaped A-999 (2); "
        "those known are shaped A999 (12), 99999 (9), 999999 (3)\n"
    ) in preview.out


def test_a_code_that_may_be_a_sentence_is_not_shown(preview: Ended) -> None:
    assert "  codes of status that the mapping does not list: X (1) and 1 more\n" in preview.out


def test_no_name_text_or_reference_is_printed(preview: Ended) -> None:
    for secret in ("Zanzibar", "Quagga", "kicked", "P001", "Q-777", "J20", "1000"):
        assert secret not in preview.out + preview.err


def test_another_name_is_answered_with_those_there_are(landlord: Installation) -> None:
    ended = landlord.run("check", "--source", "acne")

    assert ended.code == 2
    assert "expected one of acme, canonical" in ended.err


def test_a_source_that_cannot_be_used_is_a_fault(landlord: Installation, tmp_path: Path) -> None:
    (tmp_path / "properties.csv").write_text(HOMES, encoding="utf-8")
    (tmp_path / "jobs.csv").write_text("Job,Raised\n1,01/01/2026\n", encoding="utf-8")

    broken = Installation(tmp_path / "home", tmp_path, config=landlord.config)
    ended = broken.run("check", "--source", "acme")

    assert ended.code == 2
    assert "expected the column(s) 'Home'" in ended.err
