"""Several sources through whole nights: one comes, is renamed, goes, as a data officer does it."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from builders.extracts import (
    AS_OF,
    protection,
    quiet_estate,
    repair,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation

DAY = timedelta(days=1)
VOIDS = 'enabled = true\nkind = "canonical"\nfolder = "voids"\n'


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A landlord with one household that gets an alert, and a configuration of its own."""
    shipped = Installation(tmp_path, tmp_path).config
    config = tmp_path / "config"
    shutil.copytree(shipped, config)
    tables = with_rows(
        quiet_estate(20), lock_changes=three_lock_changes(8), protected=[protection(3, "open_case")]
    )
    extracts = write_extracts(tmp_path / "extracts", tables)
    return Installation(tmp_path / "home", extracts, config)


def say(installation: Installation, name: str, mapping: str) -> None:
    (installation.config / "sources" / f"{name}.toml").write_text(mapping, encoding="utf-8")


def voids_send_references_only(installation: Installation) -> None:
    rows = [{"property_ref": row["property_ref"]} for row in quiet_estate(20)["properties"]]
    write_extracts(installation.extracts / "voids", {"properties": rows})


def published(installation: Installation, night: int = 0) -> list[str]:
    """Notes of a night that ends well."""
    ended = installation.night(AS_OF + night * DAY)
    assert ended.error is None
    return list(ended.summary.notes)


def notes_about(notes: list[str], source: str) -> list[str]:
    return [note for note in notes if note.startswith(f"source {source} ")]


def test_a_source_with_references_only_changes_no_alert_and_no_area(
    installation: Installation,
) -> None:
    published(installation)
    before = installation.alerts()
    say(installation, "voids", VOIDS)
    voids_send_references_only(installation)

    published(installation, 1)

    assert installation.alerts() == before
    homes = installation.run(
        "score", "--as-of", str(AS_OF), "--output", str(installation.home / "s.csv")
    )
    assert homes.code == 0
    assert installation.record_totals()["properties"] == 20


def test_two_contractors_with_the_same_numbers_keep_all_their_jobs(
    installation: Installation,
) -> None:
    say(installation, "voids", VOIDS)
    theirs = [repair("W0008-0", 8, 3, "Front door kicked in, ex partner has keys")]
    write_extracts(installation.extracts / "voids", {"repairs": theirs})
    own = len(quiet_estate(20)["repairs"])

    published(installation)

    assert installation.record_totals()["repairs"] == own + 1


def test_a_mapping_file_that_is_renamed_brings_no_alert_up_again(
    installation: Installation,
) -> None:
    published(installation)
    before, totals = installation.alerts(), installation.record_totals()
    folder = installation.config / "sources"
    (folder / "canonical.toml").rename(folder / "housing.toml")

    ended = installation.night(AS_OF + DAY)

    assert ended.error is None
    assert (ended.summary.alerts.raised, ended.summary.alerts.updated) == (0, 0)
    assert installation.alerts() == before
    assert installation.record_totals() == totals
    dropped = notes_about(ended.summary.notes, "canonical")
    assert len(dropped) == 4
    assert all("DROPPED" in note for note in dropped)


def test_a_source_taken_out_is_told_with_counts_and_its_protections_hold(
    installation: Installation,
) -> None:
    say(installation, "voids", VOIDS)
    write_extracts(
        installation.extracts / "voids",
        {"protected": [protection(8, "open_case")], "repairs": [repair("V1", 8, 3, "Tap")]},
    )
    published(installation)
    assert [alert["routing"] for alert in installation.alerts()] == ["specialist"]
    (installation.config / "sources" / "voids.toml").unlink()

    for night in (1, 2):
        notes = notes_about(published(installation, night), "voids")

        assert any("1 protections HOLD" in note for note in notes)
        assert any("1 rows of repairs were DROPPED" in note for note in notes) == (night == 1)
        assert [alert["routing"] for alert in installation.alerts()] == ["specialist"]


@pytest.mark.parametrize(
    ("precedence", "believed"), [("", "canonical, voids"), ("1", "voids, canonical")]
)
def test_where_sources_differ_is_listed_with_the_order_and_without_a_value(
    installation: Installation, precedence: str, believed: str
) -> None:
    say(installation, "voids", VOIDS + (f"precedence = {precedence}\n" if precedence else ""))
    rows = [{"property_ref": "P0001", "patch": "secretville"}]
    write_extracts(installation.extracts / "voids", {"properties": rows})

    (note,) = [note for note in published(installation) if "different values" in note]
    listed = installation.run("problems")

    assert note == (
        "sources give different values in properties: patch (1); believed in the order " + believed
    )
    assert "1  properties.patch: sources differ" in listed.out
    assert believed in listed.out
    assert "secretville" not in listed.out + note
