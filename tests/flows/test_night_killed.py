"""A night killed with SIGKILL at ten moments and started again ends as an undisturbed one."""

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders.extracts import AS_OF
from builders.nights import (
    Ended,
    Installation,
    NightEnded,
    prepare_model_registry,
    wait_for_file,
)
from redflags.simulation import CHARACTERS, simulate, write_landlord

HOMES, YEARS, SEED = 500, 2.0, 3
WITH_A_MODEL = ("open", "take", "store", "store", "score", "queue", "notify", "finish")
WITHOUT_A_MODEL = ("score", "score")
"""Stages in which a night is killed, at a random moment of each."""
NEXT = {
    "open": "begin",
    "take": "store",
    "store": "score",
    "score": "queue",
    "queue": "notify",
    "notify": "finish",
    "finish": "close",
}
CLAIM_MINUTES = 11
"""A message that a killed night held is free again after ten."""

Night = tuple[Installation, NightEnded, dict[str, Any]]
"""An undisturbed one: where it was, how it ended, and the facts it left."""
LEARNS = ("monitoring: still learning what is usual: 1 of 28 nights",)
"""Nothing went wrong: a first night has nothing to compare itself with."""


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landlord") / "extracts"
    write_landlord(simulate(HOMES, YEARS, SEED, AS_OF, CHARACTERS["city"]), folder)
    return folder


@pytest.fixture(scope="module")
def without_a_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose model registry has its tables and no model."""
    home = tmp_path_factory.mktemp("without") / "home"
    prepare_model_registry(home)
    return home


@pytest.fixture(scope="module")
def first_night(
    extracts: Path, without_a_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Night:
    """An undisturbed night that registers the model it uses."""
    return undisturbed(without_a_model, extracts, tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def with_a_model(first_night: Night, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has a champion and no record."""
    home = tmp_path_factory.mktemp("with") / "home"
    for part in ("mlflow", "models"):
        shutil.copytree(first_night[0].home / part, home / part)
    with closing(sqlite3.connect(home / "mlflow" / "mlflow.db")) as registry, registry:
        moved = f"replace(artifact_uri, '{first_night[0].home}', '{home}')"
        registry.execute(f"UPDATE runs SET artifact_uri = {moved}")
    return home


@pytest.fixture(scope="module")
def later_night(
    extracts: Path, with_a_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Night:
    """An undisturbed night that finds its model."""
    return undisturbed(with_a_model, extracts, tmp_path_factory.mktemp("later"))


def undisturbed(home: Path, extracts: Path, folder: Path) -> Night:
    installation = Installation(shutil.copytree(home, folder / "home"), extracts)
    ended = installation.night()
    assert ended.error is None
    assert ended.summary.notes == LEARNS
    found = facts(installation)
    assert len(found["alerts"]) >= 10, "a night that raises nothing shows nothing"
    assert len(found["messages"]) == 1
    assert found["records"]["repairs"] > 3_000
    return installation, ended, found


def facts(installation: Installation) -> dict[str, Any]:
    """What must not depend on how often a night was begun."""
    alerts, status, audit = installation.run_each(
        ("alerts", "--format", "json"), ("status",), ("audit", "verify")
    )
    assert alerts.code == 0, alerts.err
    return {
        "alerts": alerts.json,
        "messages": [path.name for path in installation.messages()],
        "records": installation.record_totals(),
        "waiting": says_waiting(status),
        "audit": audit.code,
    }


def says_waiting(status: Ended) -> bool:
    return "wait in the outbox" in status.out


def killed(home: Path, night: Night, stage: str, share: float, folder: Path) -> Installation:
    """An installation whose night died in `stage`; earlier when the machine was too quick."""
    began = night[1].began
    moment = share * (began[NEXT[stage]] - began[stage])
    for trial in range(8):
        again = shutil.copytree(home, folder / f"home{trial}")
        installation = Installation(again, night[0].extracts)
        if installation.begin_night().kill_within(stage, moment):
            return installation
        moment /= 2
    raise AssertionError("every night ended before it could be killed")


def begun_again(installation: Installation) -> NightEnded:
    ended = installation.night()
    if says_waiting(
        installation.run("status")
    ):  # the killed night held the message, and does for a while
        ended = installation.night(minutes_later=CLAIM_MINUTES)
    return ended


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "stage"), enumerate(WITH_A_MODEL))
def test_a_killed_night_that_is_begun_again_ends_as_an_undisturbed_one(
    seed: int, stage: str, later_night: Night, with_a_model: Path, tmp_path: Path
) -> None:
    installation = killed(with_a_model, later_night, stage, random.Random(seed).random(), tmp_path)

    again = begun_again(installation)

    assert again.error is None
    assert str(again.summary.outcome) == "done"
    assert facts(installation) == later_night[2]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "stage"), enumerate(WITHOUT_A_MODEL))
def test_so_does_one_that_was_to_register_the_first_model(
    seed: int, stage: str, first_night: Night, without_a_model: Path, tmp_path: Path
) -> None:
    share = random.Random(seed).random()
    installation = killed(without_a_model, first_night, stage, share, tmp_path)

    again = begun_again(installation)

    assert again.error is None
    assert str(again.summary.outcome) == "done"
    assert facts(installation) == first_night[2]


@pytest.mark.slow
def test_so_does_one_killed_while_the_model_registry_gets_its_tables(
    first_night: Night, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "home", first_night[0].extracts, is_bare=True)
    night = installation.begin_night()
    wait_for_file(installation.home / "mlflow" / "mlflow.db")
    assert night.kill(after_seconds=0.3)

    again = installation.night()

    assert again.summary.notes == LEARNS
    assert facts(installation) == first_night[2]


def test_so_does_one_killed_between_registering_a_model_and_making_it_champion(
    first_night: Night, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(first_night[0].home / "mlflow", home / "mlflow")
    with closing(sqlite3.connect(home / "mlflow" / "mlflow.db")) as registry, registry:
        registry.execute("DELETE FROM registered_model_aliases")
    installation = Installation(home, first_night[0].extracts)

    again = installation.night()

    assert again.summary.notes == LEARNS
    champion = again.summary.model_version
    assert champion.startswith("redflags-outliers/")
    next_night = installation.night(AS_OF + timedelta(days=1))
    assert next_night.summary.model_version == champion
