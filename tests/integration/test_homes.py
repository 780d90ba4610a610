"""The directory of homes: published by the night, looked up by reference, on both engines."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from builders.extracts import (
    AS_OF,
    Row,
    protection,
    quiet_estate,
    tenancy,
    with_rows,
    write_extracts,
)
from builders.nights import Installation
from redflags.adapters.store import QueueStore
from redflags.adapters.store.case_tables import HOMES
from redflags.adapters.store.home_directory import homes_at, is_published
from redflags.domain.alert import Routing
from redflags.domain.property_reference import Home

NIGHT = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 4)


def a_home(
    household_ref: str = "T1",
    property_ref: str = "P1",
    patch: str = "north",
    routing: Routing = Routing.GENERAL,
) -> Home:
    return Home(household_ref, property_ref, patch, routing)


def publish(store: QueueStore, *homes: Home, as_of: date = TODAY) -> bool:
    with store.queue_transaction(as_of, "night", NIGHT) as queue:
        return queue.publish_homes(homes)


def published(store: QueueStore) -> list[Home]:
    with store.reading() as connection:
        rows = connection.execute(select(HOMES).order_by(HOMES.c.household_ref)).all()
    return [Home(*row) for row in rows]


def at(store: QueueStore, typed_ref: str) -> list[str]:
    with store.reading() as connection:
        return [home.household_ref for home in homes_at(connection, typed_ref)]


def test_the_directory_is_what_the_night_says(store: QueueStore) -> None:
    first = [a_home("T1"), a_home("T2", "P2"), a_home("T3", "P3", patch="")]
    assert publish(store, *first)
    assert published(store) == first
    stays, moved_in = a_home("T1"), a_home("T4", "P2")
    protected = a_home("T3", "P3", patch="south", routing=Routing.SPECIALIST)
    assert publish(store, protected, stays, moved_in)
    assert published(store) == [stays, protected, moved_in]


def test_the_same_homes_again_write_nothing(store: QueueStore) -> None:
    homes = [a_home("T1"), a_home("T2", "P2")]
    publish(store, *homes)
    entries = store.audit_head()
    assert not publish(store, *reversed(homes))
    assert (published(store), store.audit_head()) == (homes, entries)


def test_only_what_changed_is_written_and_audited_without_a_reference(store: QueueStore) -> None:
    publish(store, a_home("T1"), a_home("T2", "P2"), a_home("T3", "P3"))
    publish(store, a_home("T1"), a_home("T2", "P2", "south"), a_home("T4", "P4"), a_home("T5"))
    with store.reading() as connection:
        last = connection.exec_driver_sql(
            "SELECT details FROM audit_events ORDER BY entry_no DESC LIMIT 1"
        ).scalar_one()
    assert last == '{"as_of":"2026-11-04","came":2,"changed":1,"went":1}'


def test_a_night_made_up_for_does_not_put_old_homes_back(store: QueueStore) -> None:
    publish(store, a_home(routing=Routing.SPECIALIST))
    at_the_queue(store, TODAY)
    assert not publish(store, a_home(), as_of=TODAY - timedelta(days=1))
    assert published(store) == [a_home(routing=Routing.SPECIALIST)]
    assert publish(store, a_home(), as_of=TODAY)


def test_a_night_for_a_day_to_come_does_not_hold_the_directory_up(store: QueueStore) -> None:
    at_the_queue(store, TODAY + timedelta(days=1))
    assert publish(store, a_home())


def at_the_queue(store: QueueStore, as_of: date) -> None:
    store.begin_night(as_of, f"run-{as_of}", NIGHT, "rules", "signals")
    store.record_stage(f"run-{as_of}", "queue", 0.1)


@pytest.mark.parametrize("typed", ["P-01", " p-01 ", "P‑01", "Ｐ-01"])
def test_a_home_is_found_however_its_reference_is_typed(store: QueueStore, typed: str) -> None:
    publish(store, a_home("T1", "P-01"), a_home("T2", "P-010"))
    assert at(store, typed) == ["T1"]


@pytest.mark.parametrize("typed", ["P-1", "P01", "%", "", "T1"])
def test_another_reference_is_another_home(store: QueueStore, typed: str) -> None:
    publish(store, a_home("T1", "P-01"))
    assert at(store, typed) == []


@pytest.mark.parametrize("typed", ["918", "0918", "000918"])
def test_noughts_that_a_job_sheet_leaves_out_are_forgiven(store: QueueStore, typed: str) -> None:
    publish(store, a_home("T1", "00918", routing=Routing.SPECIALIST), a_home("T2", "009180"))
    assert at(store, typed) == ["T1"]
    assert at(store, "0") == []


def test_the_reference_as_typed_goes_before_the_one_in_capitals(store: QueueStore) -> None:
    publish(store, a_home("T1", "p1"), a_home("T2", "P1"))
    assert (at(store, "p1"), at(store, "P1")) == (["T1"], ["T2"])


def test_households_that_share_a_property_are_all_found(store: QueueStore) -> None:
    publish(store, a_home("T2"), a_home("T1"), a_home("T3", "P3"))
    assert at(store, "P1") == ["T1", "T2"]


def test_before_the_first_night_nothing_is_published(store: QueueStore) -> None:
    with store.reading() as connection:
        assert not is_published(connection)
    publish(store, a_home())
    with store.reading() as connection:
        assert is_published(connection)


# ---------------------------------------------------------------- whole nights


def a_night(folder: Path, **more: Iterable[Row]) -> Installation:
    tables = with_rows(quiet_estate(20), **more)
    installation = Installation(
        folder / "home", write_extracts(folder / "extracts", tables), knows_estate=True
    )
    assert installation.night().error is None
    return installation


def directory(installation: Installation) -> dict[str, tuple[str, str, str]]:
    engine = create_engine(f"sqlite:///{installation.home / 'redflags.sqlite3'}")
    with engine.connect() as connection:
        return {ref: tuple(rest) for ref, *rest in connection.execute(select(HOMES))}  # type: ignore[misc]


def test_a_night_publishes_every_current_household_but_the_canary(tmp_path: Path) -> None:
    left = tenancy(30, end_date="2026-10-30") | {"property_ref": "P0030"}
    homes = directory(a_night(tmp_path, tenancies=[left]))
    assert homes == {f"T{n:04}": (f"P{n:04}", "north", "general") for n in range(1, 21)}


def test_who_is_protected_is_the_specialists_in_the_directory_too(tmp_path: Path) -> None:
    protections = [protection(3, "staff_household"), protection(4, "sanctuary_works")]
    homes = directory(a_night(tmp_path, protected=protections))
    assert {ref for ref, home in homes.items() if home[2] == "specialist"} == {"T0003"}


def test_when_nobody_knows_who_is_protected_everybody_is_the_specialists(tmp_path: Path) -> None:
    unreadable = [{"tenancy_ref": "T0001", "reason": "open_case"}]
    homes = directory(a_night(tmp_path, protected=unreadable))
    assert {home[2] for home in homes.values()} == {"specialist"}
    assert len(homes) == 20


def test_an_earlier_night_run_afterwards_changes_no_home(tmp_path: Path) -> None:
    installation = a_night(tmp_path, protected=[protection(3, "open_case")])
    before = directory(installation)
    moved_out = [
        row | ({"end_date": "2026-10-29"} if row["tenancy_ref"] == "T0005" else {})
        for row in quiet_estate(20)["tenancies"]
    ]
    write_extracts(tmp_path / "extracts", {"tenancies": moved_out})
    assert installation.night(AS_OF - timedelta(days=1)).error is None
    assert directory(installation) == before
    assert installation.night(AS_OF + timedelta(days=1)).error is None
    assert set(before) - set(directory(installation)) == {"T0005"}
