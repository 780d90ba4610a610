"""`redflags report`: the files it leaves, what is never in them, and how it ends."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from builders.nights import Installation
from builders.queue_load import Load, load_queue
from redflags.adapters.store import QueueStore, open_store
from redflags.bootstrap import Program
from redflags.cli.report import wanted_quarter, write_report
from redflags.domain.quarter import Quarter
from redflags.errors import UsageError
from redflags.settings import Settings

DONE, WRONG = 0, 2
FILES = {"README.txt", "figures.csv", "report.html"}
NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Program:
    return Program(Settings(home=tmp_path / "home", database_url=database_url))  # type: ignore[arg-type]


@pytest.fixture
def loaded(database_url: str, program: Program) -> Program:
    with open_store(database_url) as store:
        load_queue(store, Load(800, people=4, patches=3))
    return program


def numbers(folder: Path) -> list[dict[str, str]]:
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_leaves_three_files_and_nothing_besides(loaded: Program, tmp_path: Path) -> None:
    write_report(loaded, "2026Q3", tmp_path / "report", NOW)
    assert {path.name for path in (tmp_path / "report").iterdir()} == FILES


def test_no_file_holds_a_reference_an_alert_or_a_name(loaded: Program, tmp_path: Path) -> None:
    write_report(loaded, "2026Q3", tmp_path, NOW)
    for name in FILES:
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text
        for private in ("A-00", "T00", "P00", "reviewer-", "Reviewer-", "manager-"):
            assert private not in text


def test_no_number_in_the_file_is_small_and_some_are_told(loaded: Program, tmp_path: Path) -> None:
    write_report(loaded, "2026Q3", tmp_path, NOW)
    counts = [row for row in numbers(tmp_path) if row["unit"] == "count"]
    told = [int(row["value"]) for row in counts if row["value"]]
    assert len(told) > 10
    assert min(told) > 5
    assert {row["quarter"] for row in counts} == {"2026Q3"}
    assert {row["status"] for row in counts} == {"over"}


def test_a_quarter_that_is_not_over_is_marked_so_far(loaded: Program, tmp_path: Path) -> None:
    report = write_report(loaded, "2026Q4", tmp_path, NOW)
    assert not report.is_over
    assert {row["status"] for row in numbers(tmp_path)} == {"so far"}
    assert {row["value"] for row in numbers(tmp_path)} == {""}
    assert "(so far)" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_same_report_twice_is_the_same_numbers(loaded: Program, tmp_path: Path) -> None:
    for folder, now in (("one", NOW), ("two", NOW + timedelta(days=30))):
        write_report(loaded, "2026Q3", tmp_path / folder, now)
    assert numbers(tmp_path / "one") == numbers(tmp_path / "two")


def test_an_empty_queue_has_a_report_that_tells_no_nought(program: Program, tmp_path: Path) -> None:
    write_report(program, "2026Q3", tmp_path, NOW)
    assert {row["value"] for row in numbers(tmp_path)} == {""}


def test_that_a_report_was_made_is_written_down(
    program: Program, store: QueueStore, tmp_path: Path
) -> None:
    before = store.audit_head().entries
    write_report(program, "2026Q3", tmp_path, NOW)
    assert store.audit_head().entries == before + 1
    store.verify_audit()


def test_an_earlier_report_is_replaced_whole(loaded: Program, tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("old")
    write_report(loaded, "2026Q3", tmp_path, NOW)
    assert numbers(tmp_path)


@pytest.mark.parametrize("text", ["2026", "2026Q5", "third", ""])
def test_what_is_no_quarter_ends_with_2_and_what_was_expected(text: str) -> None:
    with pytest.raises(UsageError, match="such as 2026Q3") as refused:
        wanted_quarter(text, NOW)
    assert refused.value.exit_code == WRONG


def test_a_quarter_to_come_is_refused_until_it_begins() -> None:
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    assert wanted_quarter("2027Q1", new_year) == Quarter(2027, 1)
    with pytest.raises(UsageError, match="has begun, got 2027Q1"):
        wanted_quarter("2027Q1", new_year - timedelta(seconds=1))


def test_a_file_in_the_place_of_the_folder_is_wrong_use(program: Program, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="expected a folder"):
        write_report(program, "2026Q3", tmp_path / "taken", NOW)


def test_the_command_ends_well_with_a_quarter_and_with_2_without(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path)
    last = Quarter.of(date.today()).previous  # noqa: DTZ011
    done = installation.run("report", "--quarter", str(last), "--output", str(tmp_path / "out"))
    assert (done.code, done.err) == (DONE, "")
    assert f"wrote the report of {last}" in done.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    wrong = installation.run("report", "--quarter", "2026-3", "--output", str(tmp_path / "no"))
    assert (wrong.code, (tmp_path / "no").exists()) == (WRONG, False)
    assert "such as 2026Q3, got 2026-3" in wrong.err
