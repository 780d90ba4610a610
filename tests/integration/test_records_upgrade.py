"""A record store of the last version opens as it is: nothing is read again, nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builders.records import (
    KEY,
    TODAY,
    Landlord,
    days_ago,
    dwelling,
    extract,
    protected,
    repair,
    report,
    small_policy,
    sources,
    tenancy,
)
from redflags.adapters.records import open_record_store
from redflags.adapters.secrets import TextSealer
from redflags.domain.alert import Evidence

HOMES = [dwelling("P1", uprn="100", patch="north", bedrooms="2"), dwelling("P2")]
TENANCIES = [tenancy("T1", "2010-01-01"), tenancy("T2", "2012-01-01", "2020-01-01", home="P2")]
REPAIRS = [
    repair("W1", days_ago(40), "door_damage force", cost_gbp="80"),
    repair("W2", days_ago(9), "window_damage"),
]
NOISE = [report("N1", days_ago(20), "noise_disturbance", home="100")]
PROTECTED = [protected("T1", "open_case")]
PARTS = {
    "properties": HOMES,
    "tenancies": TENANCIES,
    "repairs": REPAIRS,
    "asb": NOISE,
    "protected": PROTECTED,
}

LAST_VERSION = (
    "ALTER TABLE records DROP COLUMN given_property_ref",
    "DROP TABLE properties",
    "DROP TABLE tenancies",
    "ALTER TABLE properties_given RENAME TO properties",
    "ALTER TABLE tenancies_given RENAME TO tenancies",
    "DROP TABLE sources",
    "DROP TABLE source_tables",
    "DROP TABLE same_jobs",
    "DROP TABLE source_changes",
    "DROP TABLE contradictions",
    "UPDATE facts SET value = '1' WHERE name = 'layout'",
)
"""From this layout back to the last one, which kept rows by table and reference."""


def parts(source: str = "civica") -> list[object]:
    return [
        extract(table, rows, source=source, fingerprint=f"{source}/{table}")
        for table, rows in PARTS.items()
    ]


def as_the_last_version_left_it(path: Path, *more: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in (*LAST_VERSION, *more):
            connection.execute(statement)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records" / "records.duckdb"


@pytest.fixture
def upgraded(path: Path) -> Iterator[Landlord]:
    with open_record_store(path) as records:
        Landlord(records).sends(*parts())  # type: ignore[arg-type]
    as_the_last_version_left_it(path)
    with open_record_store(path) as records:
        yield Landlord(records)


def test_everything_is_there_and_counts_as_before(path: Path) -> None:
    with open_record_store(path) as records:
        Landlord(records).sends(*parts())  # type: ignore[arg-type]
        before = Landlord(records).all_counts(), records.totals(), records.protections(TODAY)
    as_the_last_version_left_it(path)

    for _ in range(2):  # the second time it is a store of this version
        with open_record_store(path) as records:
            home = Landlord(records)
            assert (home.all_counts(), records.totals(), records.protections(TODAY)) == before
            (row,) = home.count().households.to_dict("records")
            assert (row["household_ref"], row["bedrooms"], row["patch"]) == ("T1", 2, "north")


def test_nothing_is_read_or_written_again(upgraded: Landlord) -> None:
    for table in PARTS:
        assert upgraded.records.is_taken(f"civica/{table}", "civica")

    merged = upgraded.sends(*parts(), configured=sources("civica"))  # type: ignore[arg-type]

    assert [(part.accepted, part.written) for part in merged] == [(0, 0)] * len(PARTS)
    assert upgraded.records.source_changes(TODAY) == ()


def test_texts_open_with_the_context_they_were_sealed_with(upgraded: Landlord) -> None:
    record = Evidence(days_ago(40), "repairs", "W1", "door_damage", source="civica")

    (sealed,) = upgraded.records.sealed_texts({record.key}).values()

    assert TextSealer(KEY).open(sealed, "repairs/W1") == "door_damage force"


def test_a_store_that_is_upgraded_is_reclassified_as_any_other(upgraded: Landlord) -> None:
    assert upgraded.records.reclassify(small_policy(), "other signals") == 3
    assert upgraded.counts("T1")["door_damage"] == 1


def test_tables_that_several_sources_gave_are_read_again(path: Path) -> None:
    """The last version kept the words of one of them only; the others' files have them still."""
    with open_record_store(path) as records:
        Landlord(records).sends(*parts())  # type: ignore[arg-type]
    blanked = "UPDATE properties SET uprn = NULL, patch = NULL, bedrooms = NULL, source = 'voids'"
    as_the_last_version_left_it(path, blanked)
    with open_record_store(path) as records:
        home = Landlord(records)
        assert not records.is_taken("civica/properties", "civica")
        assert records.is_taken("civica/repairs", "civica")

        home.sends(
            extract("properties", HOMES, source="civica"), configured=sources("civica", "voids")
        )

        (row,) = home.count().households.to_dict("records")
        assert (row["bedrooms"], row["patch"]) == (2, "north")
