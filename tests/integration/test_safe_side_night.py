"""Faults in what protects people, and people who are hard to place, through a whole night."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from builders.extracts import (
    AS_OF,
    Row,
    concern,
    days_ago,
    protection,
    quiet_estate,
    tenancy,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation, NightEnded

NUMBER = 14


def a_night(folder: Path, **more: Iterable[Row]) -> tuple[Installation, NightEnded]:
    tables = with_rows(quiet_estate(), **more)
    installation = Installation(
        folder / "home", write_extracts(folder / "extracts", tables), knows_estate=True
    )
    ended = installation.night()
    assert ended.error is None
    return installation, ended


def routes(installation: Installation) -> dict[str, str]:
    return {alert["tenancy_ref"]: alert["routing"] for alert in installation.alerts()}


@pytest.mark.parametrize("fault", [{"until_date": "ongoing"}, {"reason_code": ""}])
def test_a_faulty_protection_protects_all_the_same(tmp_path: Path, fault: Row) -> None:
    installation, _ = a_night(
        tmp_path,
        lock_changes=three_lock_changes(NUMBER),
        protected=[protection(NUMBER, "open_case") | fault],
    )
    assert routes(installation) == {"T0014": "specialist"}


def test_when_who_is_protected_cannot_be_read_everybody_is_the_specialists(tmp_path: Path) -> None:
    installation, ended = a_night(
        tmp_path,
        lock_changes=three_lock_changes(NUMBER),
        protected=[{"tenancy_ref": "T0001", "reason": "open_case"}],
    )
    assert routes(installation) == {"T0014": "specialist"}
    assert ended.summary.outcome == "partial"
    assert any("who is protected could not be read" in note for note in ended.summary.notes)


def test_a_protection_of_a_tenancy_nobody_knows_is_no_quiet_night(tmp_path: Path) -> None:
    _, ended = a_night(tmp_path, protected=[protection(NUMBER, "open_case"), protection(9999, "x")])
    assert ended.summary.outcome == "partial"
    assert any("1 protections name a tenancy no table knows" in n for n in ended.summary.notes)


def test_an_earlier_period_of_protection_does_not_end_a_later_one(tmp_path: Path) -> None:
    periods = [
        protection(NUMBER, "open_case") | {"from_date": days_ago(100), "until_date": ""},
        protection(NUMBER, "open_case") | {"from_date": days_ago(900), "until_date": days_ago(800)},
    ]
    installation, _ = a_night(tmp_path, lock_changes=three_lock_changes(NUMBER), protected=periods)
    assert routes(installation) == {"T0014": "specialist"}


def test_a_concern_about_a_home_without_a_tenancy_reaches_the_queue(tmp_path: Path) -> None:
    left = tenancy(300, end_date=days_ago(1)) | {"property_ref": "P0300"}
    installation, _ = a_night(tmp_path, tenancies=[left], concerns=[concern("C1", 300, 3)])
    (alert,) = installation.alerts()
    assert (alert["tenancy_ref"], alert["priority"]) == ("P0300", "first")


def test_a_concern_about_those_who_lived_there_before_is_told_of(tmp_path: Path) -> None:
    before = tenancy(300, end_date=days_ago(4))
    after = tenancy(301, start_date=days_ago(2)) | {"property_ref": "P0300"}
    installation, ended = a_night(
        tmp_path, tenancies=[before, after], concerns=[concern("C1", 300, 5)]
    )
    assert installation.alerts() == []
    assert any("1 concerns of the last month" in note for note in ended.summary.notes)


def test_an_alert_about_a_household_that_left_is_told_of(tmp_path: Path) -> None:
    installation, _ = a_night(tmp_path, lock_changes=three_lock_changes(NUMBER))
    tables = with_rows(quiet_estate(), lock_changes=three_lock_changes(NUMBER))
    tables["tenancies"] = [
        row | ({"end_date": AS_OF.isoformat()} if row["tenancy_ref"] == "T0014" else {})
        for row in tables["tenancies"]
    ]
    write_extracts(tmp_path / "extracts", tables)
    later = installation.night(AS_OF + timedelta(days=2))
    assert any(
        "1 open alerts are about households that have left" in n for n in later.summary.notes
    )


def test_a_file_put_back_as_it_was_is_read_again(tmp_path: Path) -> None:
    installation, _ = a_night(tmp_path)
    tables = quiet_estate()
    ended = with_rows(tables)
    ended["tenancies"] = [row | {"end_date": days_ago(300)} for row in tables["tenancies"]]
    write_extracts(tmp_path / "extracts", ended)
    nobody = installation.night(AS_OF + timedelta(days=1))
    assert "every one of 120 tenancies has ended" in str(nobody.error)
    write_extracts(tmp_path / "extracts", tables)
    assert installation.night(AS_OF + timedelta(days=2)).summary.households == 120


def test_a_mistyped_year_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    installation = Installation(
        tmp_path / "home", write_extracts(tmp_path / "extracts", quiet_estate(3))
    )
    refused = installation.run("ingest", "--as-of", "2096-10-31")
    assert (refused.code, installation.record_totals()["repairs"]) == (2, 0)
    assert "correct the year" in refused.err
