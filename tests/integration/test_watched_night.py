"""A whole night leaves what is to be watched: once, in sums, without a reference."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from builders.extracts import AS_OF, quiet_estate, three_lock_changes, with_rows, write_extracts
from builders.nights import Installation, prepare_model_registry
from builders.store import meddling
from redflags.adapters.store import QueueStore, open_store
from redflags.adapters.store.monitoring_store import MonitoringStore
from redflags.adapters.store.monitoring_tables import ALERT_GROUPS, WATCHED_NIGHTS

PARTIAL = 3


def installed(folder: Path, prefect_home: Path) -> Installation:
    """A home where one thing happened and no night was; Prefect's and MLflow's tables are there."""
    tables = with_rows(quiet_estate(), lock_changes=three_lock_changes(14))
    made = Installation(folder / "home", write_extracts(folder / "extracts", tables))
    shutil.copytree(prefect_home, made.home / "prefect")
    prepare_model_registry(made.home)
    return made


@pytest.fixture(scope="module")
def installation(
    migrated_prefect_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    made = installed(tmp_path_factory.mktemp("watched"), migrated_prefect_home)
    assert made.run("night", "--as-of", AS_OF.isoformat()).code == 0
    assert made.night().error is None
    return made


@pytest.fixture(scope="module")
def nights(installation: Installation) -> QueueStore:
    return open_store(f"sqlite:///{installation.home / 'redflags.sqlite3'}")


def test_a_night_run_twice_leaves_what_it_left_once(nights: QueueStore) -> None:
    (night,) = MonitoringStore(nights).record(28, AS_OF, 90).latest
    assert night.counts["alerts"]["raised"] == (1, 0)
    flagged, homes = night.counts["alerts"]["flagged"]
    assert flagged == 1
    assert homes > 100, "and the canary is none of them"
    assert night.counts["rows"]["lock_changes"] == (3, 0)
    assert night.counts["rows"]["tenancies"][0] == homes
    assert sum(night.scores) == homes
    for grouping in ("area", "property_type", "tenure"):
        parts = night.counts[grouping].values()
        assert (sum(n for n, _ in parts), sum(n for _, n in parts)) == (1, homes)


def test_the_canary_is_in_no_group(nights: QueueStore) -> None:
    (night,) = MonitoringStore(nights).record(28, AS_OF, 90).latest
    assert not any("canary" in area for area in night.counts["area"])


def test_what_is_left_names_no_home(nights: QueueStore) -> None:
    with nights.reading() as connection:
        told = json.dumps(connection.execute(select(WATCHED_NIGHTS.c.figures)).scalar_one())
    assert "T0014" not in told
    assert "P0014" not in told


def test_of_which_kind_the_alerted_home_is_is_kept(nights: QueueStore) -> None:
    with nights.reading() as connection:
        (row,) = connection.execute(select(ALERT_GROUPS)).all()
    assert row.alert_id.startswith("A-")
    assert row.property_type != ""


def test_the_operator_reads_how_far_the_learning_is(installation: Installation) -> None:
    said = installation.run("status").out
    assert "  monitoring: still learning what is usual: 1 of 28 nights" in said


def test_the_next_night_is_a_night_of_its_own(installation: Installation) -> None:
    ended = installation.night(AS_OF + timedelta(days=1))
    assert ended.error is None
    assert "monitoring: still learning what is usual: 2 of 28 nights" in ended.summary.notes


def test_a_night_that_cannot_be_watched_raises_its_alerts_all_the_same(
    migrated_prefect_home: Path, tmp_path: Path
) -> None:
    broken = installed(tmp_path, migrated_prefect_home)
    broken.run("status")  # which makes the database
    with meddling(f"sqlite:///{broken.home / 'redflags.sqlite3'}") as connection:
        connection.execute(text("DROP TABLE watched_nights"))

    ended = broken.run("night", "--as-of", AS_OF.isoformat())

    note = "monitoring: the night could not be compared with others; its alerts are not affected"
    assert ended.code == PARTIAL, ended.err
    assert f"note: {note} (StoreUnusable)\n" in ended.err
    assert len(broken.alerts()) == 1
    assert len(broken.messages()) == 1
    assert f"  {note} (StoreUnusable)\n" in broken.run("status").out
