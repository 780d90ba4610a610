"""`redflags model`: from closed alerts to a challenger, and from a decision to a champion."""

import csv
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from builders.extracts import AS_OF
from builders.nights import Installation, forked
from redflags.adapters.models import ModelRegistry
from redflags.adapters.store import open_store
from redflags.adapters.store.case_tables import BELOW_LINE_CHECKS
from redflags.adapters.store.known_outcomes import closed_cases, looked_at_below_line
from redflags.adapters.store.tables import ALERTS, AUDIT_EVENTS, BELOW_LINE_SAMPLES
from redflags.analysis.learning.outcome_labels import BelowLineFinding, ClosedCase
from redflags.domain.alert import AlertState, Origin
from redflags.domain.clock import end_of_day_utc
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import BelowLineVerdict
from redflags.services.models.model_choice import RANKER
from redflags.simulation import simulate, write_landlord

pytestmark = pytest.mark.slow
NIGHTS = [AS_OF - timedelta(days=days) for days in range(150, 0, -15)]
A_NIGHT = 14


def an_alert(number: int, household: str, raised_on: date, outcome: Outcome) -> dict[str, object]:
    return {
        "alert_id": f"A{number:04}",
        "tenancy_ref": household,
        "property_ref": "P",
        "patch": "",
        "raised_on": raised_on,
        "priority": 1,
        "score": 1.0,
        "state": AlertState.CLOSED,
        "routing": "general",
        "origin": Origin.DETECTED,
        "ruleset_hash": "none",
        "signals_hash": "none",
        "model_version": "none",
        "closed_on": raised_on + timedelta(days=5),
        "outcome": outcome,
    }


def alerts_reviewed(extracts: Path) -> list[dict[str, object]]:
    """Ten nights with a few households each: about half of them with an episode that night."""
    with (extracts / "episodes.csv").open() as file:
        episodes = [(row["tenancy_ref"], row["onset"], row["end"]) for row in csv.DictReader(file)]
    with (extracts / "tenancies.csv").open() as file:
        everybody = sorted(
            row["tenancy_ref"]
            for row in csv.DictReader(file)
            if row["start_date"] < "2025-06-01" and not row["end_date"]
        )
    draw, found = random.Random(1), []
    for night in NIGHTS:
        day = night.isoformat()
        active = sorted({ref for ref, onset, end in episodes if onset <= day <= end})
        active = [ref for ref in active if ref in set(everybody)]
        others = [ref for ref in everybody if ref not in active]
        drawn = [*active[: A_NIGHT // 2], *draw.sample(others, A_NIGHT // 2)]
        found += [
            (ref, night, Outcome.OTHER_NEED if ref in active else Outcome.NO_CONCERN_FOUND)
            for ref in drawn
        ]
    return [an_alert(number, *what) for number, what in enumerate(found)]


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A synthetic landlord, taken in; nobody has reviewed anything."""
    folder = tmp_path_factory.mktemp("learner")
    write_landlord(simulate(1_500, 2.0, 5, AS_OF), folder / "extracts")
    installation = Installation(folder / "home", folder / "extracts")
    assert installation.run("ingest", "--as-of", AS_OF.isoformat()).code == 0
    return installation


def test_without_outcomes_nothing_is_trained_and_it_says_so(landlord: Installation) -> None:
    ended = landlord.run("model", "train")
    assert ended.code == 0, ended.err
    assert "nothing was trained: 0 outcomes are known" in ended.out


@pytest.fixture(scope="module")
def trained(landlord: Installation) -> Installation:
    url = f"sqlite:///{landlord.home / 'redflags.sqlite3'}"
    with open_store(url) as store, store.writing() as connection:
        connection.execute(insert(ALERTS), alerts_reviewed(landlord.extracts))
    ended = landlord.run("model", "train")
    assert ended.code == 0, ended.err
    assert f"registered {RANKER} 1 as challenger" in ended.out
    return landlord


def test_training_makes_a_challenger_and_no_champion(trained: Installation) -> None:
    (known,) = ModelRegistry(trained.home).versions(RANKER)
    assert known.aliases == ("challenger",)
    assert f"{RANKER} 1 (challenger)" in trained.run("model", "list").out


def test_the_comparison_can_be_read(trained: Installation) -> None:
    assert "held-out outcomes" in trained.run("model", "compare").out


def test_without_person_and_reason_nobody_becomes_champion(trained: Installation) -> None:
    ended = trained.run("model", "promote", RANKER, "1")
    assert ended.code == 2
    assert "--by" in ended.err
    assert "--reason" in ended.err
    assert not ModelRegistry(trained.home).wants(RANKER)


def test_a_shadow_is_named_and_written_down(trained: Installation) -> None:
    words = ("--by", "Ann Lee", "--reason", "to look at it for a month", "--shadow")
    ended = trained.run("model", "promote", RANKER, "1", *words)
    assert ended.code == 0, ended.err
    (known,) = ModelRegistry(trained.home).versions(RANKER)
    assert known.aliases == ("challenger", "shadow")
    assert known.tags["shadow_because"] == "to look at it for a month"
    url = f"sqlite:///{trained.home / 'redflags.sqlite3'}"
    with open_store(url) as store, store.reading() as look:
        query = select(AUDIT_EVENTS.c.details).where(AUDIT_EVENTS.c.actor == "Ann Lee")
        (details,) = look.execute(query).scalars()
    assert "month" not in details
    assert trained.run("audit", "verify").code == 0


def test_nothing_of_a_household_is_in_the_registry(trained: Installation) -> None:
    with (trained.extracts / "tenancies.csv").open() as file:
        refs = {row["tenancy_ref"].encode() for row in csv.DictReader(file)}
    content = b"".join(p.read_bytes() for p in (trained.home / "mlflow").rglob("*") if p.is_file())
    assert not any(ref in content for ref in sorted(refs)[:200])


def _retrained(environment: dict[str, str]) -> None:
    import os

    os.environ.update(environment)
    from flows.retrain import retrain

    retrain.fn()


def test_what_the_flow_writes_is_for_its_owner_alone(trained: Installation, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(trained.home, home, ignore=shutil.ignore_patterns("mlflow"))
    forked(_retrained, Installation(home, trained.extracts).environment)
    written = list((home / "mlflow").rglob("*"))
    assert {"mlflow.db", "model.skops", "card.md"} <= {path.name for path in written}
    assert {path.stat().st_mode & 0o077 for path in written} == {0}


def test_outcomes_are_read_up_to_a_day(database_url: str) -> None:
    night = date(2026, 3, 2)
    with open_store(database_url) as store, store.writing() as connection:
        connection.execute(
            insert(ALERTS),
            [
                an_alert(1, "T1", night, Outcome.OTHER_NEED),
                an_alert(2, "T2", night + timedelta(days=30), Outcome.NO_CONCERN_FOUND),
            ],
        )
        connection.execute(
            insert(BELOW_LINE_SAMPLES),
            {"as_of": night, "tenancy_ref": "T3", "score": 1.0, "rank": 9}
            | {"property_ref": "P", "patch": ""},
        )
        connection.execute(
            insert(BELOW_LINE_CHECKS),
            {"as_of": night, "tenancy_ref": "T3", "checked_by": "S1", "verdict": "leave"}
            | {"checked_at_utc": end_of_day_utc(night)},
        )
        until = night + timedelta(days=5)
        assert closed_cases(connection, until) == [
            ClosedCase("A0001", "T1", night, Outcome.OTHER_NEED, Origin.DETECTED)
        ]
        assert len(closed_cases(connection, until + timedelta(days=30))) == 2
        assert looked_at_below_line(connection, until) == [
            BelowLineFinding("T3", night, BelowLineVerdict.LEAVE)
        ]
