"""What is kept on one night, in numbers: what tells a collapse."""

from collections.abc import Iterator

import pytest

from builders.records import (
    TODAY,
    Landlord,
    days_ago,
    dwelling,
    extract,
    landlord,
    protected,
    repair,
    tenancy,
)
from redflags.adapters.records import CANARY_PATCH
from redflags.domain.kept_records import KeptTable


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def test_an_empty_store_has_no_household_and_no_row(home: Landlord) -> None:
    kept = home.records.kept(TODAY)
    assert kept.households == 0
    assert {table.rows for table in kept.tables.values()} == {0}
    assert {table.newest for table in kept.tables.values()} == {None}


def test_households_are_those_of_the_day(home: Landlord) -> None:
    home.has(
        tenancies=[
            tenancy("T1", days_ago(900), home="P1"),
            tenancy("T2", days_ago(900), TODAY, home="P2"),
            tenancy("T3", days_ago(900), days_ago(1), home="P3"),
            tenancy("T4", days_ago(-1), home="P4"),
            tenancy("T5", days_ago(900), home="CANARY"),
        ],
        properties=[dwelling("CANARY", patch=CANARY_PATCH)],
    )
    assert home.records.kept(TODAY).households == 2
    assert home.records.kept(days_ago(-1)).households == 2
    assert home.records.kept(TODAY).tables["tenancies"] == KeptTable(5, days_ago(900))


def test_without_tenancies_households_are_addresses(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), home="P1"), repair("W2", days_ago(3), home="P2")])
    assert home.records.kept(TODAY).households == 2


def test_the_newest_day_is_none_to_come_and_its_year_is_counted(home: Landlord) -> None:
    days = (-30, 0, 10, 364, 365, 800)
    home.has(
        repairs=[repair(f"W{ago}", days_ago(ago)) for ago in days],
        protected=[protected("T1")],
    )
    assert home.records.kept(TODAY).tables["repairs"] == KeptTable(6, TODAY, in_its_year=3)
    assert home.records.kept(days_ago(11)).tables["repairs"].newest == days_ago(364)
    assert home.records.kept(TODAY).tables["protected"] == KeptTable(1)


def test_rows_of_the_canary_are_not_counted(home: Landlord) -> None:
    home.sends(extract("repairs", [repair("W1", TODAY)], source="canary"))
    assert home.records.kept(TODAY).tables["repairs"] == KeptTable(0)
