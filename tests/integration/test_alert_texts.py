"""The job text behind an alert: copied sealed, once, readable with the key, gone in time."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, create_engine, select

from builders.extracts import AS_OF, Tables, lock_change, quiet_estate, with_rows, write_extracts
from builders.nights import SECRET, Installation
from builders.store import NOW, an_alert, evidence, raise_alerts
from redflags.adapters.secrets import TextSealer
from redflags.adapters.store import QueueStore, evidence_texts
from redflags.adapters.store.case_tables import ALERT_TEXTS

PLANTED = "Zanzibarred"
SEALER = TextSealer(SECRET.encode())
DAY = timedelta(days=1)


def lock_changes_at(number: int, *days: int) -> Tables:
    changes = [
        lock_change(f"L{number}-{ago}", number, ago, f"{PLANTED} {ago} lock, ex has keys")
        for ago in days
    ]
    return with_rows(quiet_estate(), lock_changes=changes)


def installed(folder: Path, tables: Tables) -> Installation:
    return Installation(
        folder / "home", write_extracts(folder / "extracts", tables), knows_estate=True
    )


def kept(installation: Installation) -> list[Row[Any]]:
    engine = create_engine(f"sqlite:///{installation.home / 'redflags.sqlite3'}")
    with engine.connect() as connection:
        return list(connection.execute(select(ALERT_TEXTS).order_by(ALERT_TEXTS.c.ref)))


def opened(rows: list[Row[Any]]) -> dict[str, str]:
    return {row.ref: SEALER.open(row.text_sealed, f"{row.table_name}/{row.ref}") for row in rows}


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("after")
    installation = installed(folder, lock_changes_at(8, 20, 130, 250))
    assert installation.night().error is None
    return installation


def test_the_text_of_each_record_is_kept_with_the_alert_it_raised(
    after_a_night: Installation,
) -> None:
    (alert,) = after_a_night.alerts()
    rows = kept(after_a_night)
    assert {(row.alert_id, row.table_name) for row in rows} == {(alert["alert_id"], "lock_changes")}
    assert opened(rows) == {
        f"L8-{ago}": f"{PLANTED} {ago} lock, ex has keys" for ago in (130, 20, 250)
    }
    assert {row.occurred_on for row in rows} == {AS_OF - ago * DAY for ago in (20, 130, 250)}


def test_the_text_lies_nowhere_in_the_database_in_clear(after_a_night: Installation) -> None:
    files = [path for path in after_a_night.home.iterdir() if path.name.startswith("redflags.sql")]
    assert files
    assert not any(PLANTED.encode() in path.read_bytes() for path in files)


def test_the_same_night_twice_keeps_each_text_once(after_a_night: Installation) -> None:
    first = kept(after_a_night)
    assert after_a_night.night().error is None
    assert kept(after_a_night) == first


def test_a_record_that_comes_later_brings_its_text(tmp_path: Path) -> None:
    installation = installed(tmp_path, lock_changes_at(8, 20, 130, 250))
    installation.night()
    before = kept(installation)
    write_extracts(tmp_path / "extracts", lock_changes_at(8, -1, 20, 130, 250))
    assert installation.night(AS_OF + DAY).error is None
    after = kept(installation)
    assert [row for row in after if row in before] == before
    assert [row.ref for row in after if row not in before] == ["L8--1"]


def test_purge_drops_texts_in_time_and_says_so_in_the_audit_trail(tmp_path: Path) -> None:
    installation = installed(tmp_path, lock_changes_at(8, 20, 130, 250))
    installation.night()
    youngest_goes_after = AS_OF - 20 * DAY + 730 * DAY
    kept_still = installation.run("purge", "--as-of", youngest_goes_after.isoformat())
    assert [row.ref for row in kept(installation)] == ["L8-20"]
    gone = installation.run("purge", "--as-of", (youngest_goes_after + DAY).isoformat())
    assert kept(installation) == []
    assert "2 copied texts" in kept_still.out
    assert "1 copied texts" in gone.out
    assert installation.run("audit", "verify").code == 0


# ---------------------------------------------------------------- on both engines


def keep(store: QueueStore, records: dict[str, date], alert_id: str = "a1") -> int:
    items = [evidence(ref) for ref in records]
    sealed = {item.key: f"sealed {item.ref}".encode() for item in items}
    dated = [replace(item, occurred_on=records[item.ref]) for item in items]
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        return queue.keep_texts(alert_id, dated, sealed)


def test_what_is_there_stays_as_it_is(store: QueueStore) -> None:
    raise_alerts(store, an_alert())
    assert keep(store, {"R-1": AS_OF}) == 1
    assert keep(store, {"R-1": AS_OF - DAY, "R-2": AS_OF}) == 1
    with store.reading() as connection:
        rows = connection.execute(select(ALERT_TEXTS.c.ref, ALERT_TEXTS.c.occurred_on)).all()
    assert sorted(map(tuple, rows)) == [("R-1", AS_OF), ("R-2", AS_OF)]


def test_two_sources_with_one_reference_have_two_texts(store: QueueStore) -> None:
    raise_alerts(store, an_alert())
    ace, bolt = evidence("R-1"), replace(evidence("R-1"), source="bolt", occurred_on=AS_OF)
    renamed = replace(evidence("R-1"), source="ace under another name")
    sealed = {item.key: item.source.encode() for item in (ace, bolt, renamed)}
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        assert queue.keep_texts("a1", [ace], sealed) == 1
        assert queue.keep_texts("a1", [ace, bolt, renamed], sealed) == 1
    with store.reading() as connection:
        texts = connection.execute(select(ALERT_TEXTS.c.text_sealed)).scalars()
        assert set(texts) == {b"canonical", b"bolt"}


def test_a_record_without_text_has_none_here_either(store: QueueStore) -> None:
    raise_alerts(store, an_alert())
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        assert queue.keep_texts("a1", [evidence("R-1"), evidence("R-2")], {}) == 0


@pytest.mark.parametrize(("before", "left"), [(AS_OF, 1), (AS_OF + DAY, 0)])
def test_purge_drops_what_is_older_than_the_day_given(
    store: QueueStore, before: date, left: int
) -> None:
    raise_alerts(store, an_alert())
    keep(store, {"R-1": AS_OF - DAY, "R-2": AS_OF})
    with store.writing() as connection:
        assert evidence_texts.purge(connection, before) == 2 - left
        assert len(connection.execute(select(ALERT_TEXTS)).all()) == left
