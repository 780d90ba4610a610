"""Too much of a table set aside: ingest, the night and check say so, until it is mended."""

from pathlib import Path

import pytest

from builders.extracts import AS_OF, Row, quiet_estate, read_table, write_extracts, write_table
from builders.nights import Ended, Installation

DONE, WRONG, PARTIAL = 0, 2, 3
HOMES = 100


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    extracts = write_extracts(tmp_path / "extracts", quiet_estate(HOMES))
    return Installation(tmp_path / "home", extracts)


def ingest(installation: Installation) -> Ended:
    return installation.run("ingest", "--as-of", AS_OF.isoformat())


def spoil(installation: Installation, rows: int, **fields: str) -> None:
    path = installation.extracts / "tenancies.csv"
    table = read_table(path)
    spoilt: list[Row] = [row | fields for row in table[:rows]]
    write_table(path, [*spoilt, *table[rows:]])


def mend(installation: Installation) -> None:
    write_extracts(installation.extracts, quiet_estate(HOMES))


def test_one_in_twenty_is_everyday(installation: Installation) -> None:
    spoil(installation, 5, start_date="05-Sept-26?")
    ended = ingest(installation)
    assert ended.code == DONE
    assert "SET ASIDE" not in ended.err


def test_one_more_ends_with_three_and_names_table_column_code_file_and_shape(
    installation: Installation,
) -> None:
    spoil(installation, 6, start_date="05-Sept-26?")
    ended = ingest(installation)
    assert ended.code == PARTIAL
    (note,) = [line for line in ended.err.splitlines() if "SET ASIDE" in line]
    assert note.startswith("note: source canonical, tenancies: 6 of 100 rows were SET ASIDE")
    assert "start_date bad_date (6 rows, such as 99-Aaaa-99?)" in note
    assert "6 of them in tenancies file 1 of 1" in note
    assert "05-Sept" not in ended.out + ended.err


def test_the_night_is_partial_too_and_each_night_until_it_is_mended(
    installation: Installation,
) -> None:
    spoil(installation, 50, start_date="soon")
    for _ in range(2):
        night = installation.night()
        assert (night.error, str(night.summary.outcome)) == (None, "partial")
        assert any("tenancies: 50 of 100 rows were SET ASIDE" in n for n in night.summary.notes)
    mend(installation)
    assert str(installation.night().summary.outcome) == "done"


def test_a_whole_file_counts_however_small(installation: Installation) -> None:
    delta = [{"work_order_ref": "", "property_ref": "P0001", "raised_at": "2026-10-30"}]
    write_table(installation.extracts / "repairs_2026-10-30.csv", delta)
    ended = ingest(installation)
    assert ended.code == PARTIAL
    assert "all of repairs file 2 of 2" in ended.err
    assert "work_order_ref missing_value (1 rows)" in ended.err


def test_a_line_of_totals_is_nothing_that_is_missing(installation: Installation) -> None:
    delta = [{"work_order_ref": "Total", "property_ref": "", "raised_at": "", "cost_gbp": "90.00"}]
    write_table(installation.extracts / "repairs_2026-10-30.csv", delta)
    ended = ingest(installation)
    assert ended.code == DONE
    assert "SET ASIDE" not in ended.err


def test_check_calls_nothing_sound_of_which_much_is_set_aside(installation: Installation) -> None:
    assert installation.run("check").code == DONE
    spoil(installation, 6, start_date="soon")
    ended = installation.run("check")
    assert ended.code == WRONG
    assert "sound" not in ended.out + ended.err
    assert ended.err.count("redflags: source canonical, tenancies: 6 of 100 rows were") == 1


def test_records_that_are_all_too_old_to_be_kept_are_told(tmp_path: Path) -> None:
    tables = quiet_estate(HOMES)
    for row in tables["repairs"]:
        row["raised_at"] = row["raised_at"].replace("202", "200", 1)
    installation = Installation(tmp_path / "home", write_extracts(tmp_path / "extracts", tables))
    for _ in range(2):
        ended = ingest(installation)
        assert ended.code == PARTIAL
        assert "repairs: all 250 rows that came are OLDER THAN WHAT IS KEPT" in ended.err
    checked = installation.run("check")
    assert checked.code == WRONG
    assert "OLDER THAN WHAT IS KEPT" in checked.err
    assert "sound" not in checked.out + checked.err


def test_values_that_were_dropped_from_most_rows_are_a_note(installation: Installation) -> None:
    path = installation.extracts / "repairs.csv"
    write_table(path, [row | {"cost_gbp": "cheap"} for row in read_table(path)])
    ended = ingest(installation)
    assert ended.code == DONE
    assert "note: source canonical, repairs: cost_gbp bad_number (250 rows, such as aaaaa)" in (
        ended.err
    )
