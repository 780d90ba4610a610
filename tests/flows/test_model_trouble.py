"""Whatever befalls the models, `redflags night` goes on, says so in words, and ends with 3.

The real command in a process of its own, on a real registry and real files. Both models are
champion in a version no night has used yet; versions 1 are the last good ones.
"""

import json
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from builders import broken_models as trouble
from builders.broken_models import BOTH, Trap, write_landlord_with_models
from builders.extracts import AS_OF
from builders.flows import PrefectServer
from builders.model_homes import copied_home, database_of
from builders.nights import Ended, Installation
from redflags.analysis.ordering.score_contributions import RULE
from redflags.services.models.model_choice import OUTLIERS, RANKER

LAST_GOOD = f"{OUTLIERS}/1+{RANKER}/1"
WITHOUT_ANY = f"reference-{AS_OF.isoformat()}"
LONGEST_SCORE_SECONDS = 30
"""A closed port costs two tries, a held database five seconds; minutes were a night that hangs."""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Morning:
    """A night for AS_OF by the real command, and what people find after it."""

    ended: Ended
    alerts: list[dict[str, Any]]
    status: str
    score_seconds: float

    @property
    def found(self) -> dict[str, tuple[float, str, list[str]]]:
        """What was raised, without the name of the model."""
        return {
            alert["tenancy_ref"]: (
                alert["score"],
                alert["priority"],
                [reason["sentence"] for reason in alert["reasons"]],
            )
            for alert in self.alerts
        }

    @property
    def models(self) -> set[str]:
        return {alert["model_version"] for alert in self.alerts}


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_landlord_with_models(folder)
    return folder


@pytest.fixture
def installation(landlord: Path, prefect_server: PrefectServer, tmp_path: Path) -> Installation:
    """A copy of the landlord's, whose nights talk to the operator's Prefect server."""
    home = copied_home(landlord / "home", tmp_path / "home")
    server = {
        "PREFECT_API_URL": prefect_server.api_url,
        "PREFECT_HOME": str(prefect_server.home),
        "PREFECT_LOGGING_LEVEL": "ERROR",
    }
    return Installation(home, landlord / "extracts", more=server)


@pytest.fixture(scope="module")
def with_last_good(landlord: Path, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    """The night as it is while versions 1 are champions and nothing is wrong."""
    home = copied_home(landlord / "home", tmp_path_factory.mktemp("sound") / "home")
    trouble.choose(home, trouble.LAST_GOOD)
    return undisturbed(Installation(home, landlord / "extracts"))


@pytest.fixture(scope="module")
def without_any(landlord: Path, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    """The night as it is for a landlord who never had a model."""
    home = tmp_path_factory.mktemp("first") / "home"
    ignored = shutil.ignore_patterns("mlflow", "models")
    shutil.copytree(landlord / "home", home, ignore=ignored)
    return undisturbed(Installation(home, landlord / "extracts"))


def undisturbed(installation: Installation) -> Morning:
    night = installation.night()
    assert str(night.summary.outcome) == "done"
    return Morning(Ended(0, "", ""), installation.alerts(), "", night.summary.stages["score"])


def morning_after(installation: Installation) -> Morning:
    told = installation.home / "summary.json"
    words = ("night", "--as-of", AS_OF.isoformat(), "--summary-json", str(told))
    ended = installation.run(*words)
    assert ended.code == 3, ended.err
    seconds = json.loads(told.read_text())["stages"]["score"]
    return Morning(ended, installation.alerts(), installation.run("status").out, seconds)


def assert_told(morning: Morning, installation: Installation, *said: str) -> None:
    """In the night's output and in `redflags status`, and neither gives anything away."""
    for words in said:
        assert f"note: {words}\n" in morning.ended.err
        assert f"  {words}\n" in morning.status
    for told in (morning.ended.out, morning.ended.err, morning.status):
        assert str(installation.home) not in told
        assert not [ref for ref in morning.found if ref in told]
    assert morning.score_seconds < LONGEST_SCORE_SECONDS


def assert_went_on(morning: Morning, sound: Morning, model_version: str) -> None:
    assert len(morning.alerts) >= len(trouble.HOMES_WITH_NEW_LOCKS)
    assert morning.found == sound.found
    assert morning.models == {model_version}
    assert f"model {model_version}\n" in morning.status


def last_good(name: str) -> str:
    return f"the last good copy of {name}, version 1, was used"


def unusable(name: str, why: str) -> str:
    return f"the champion of {name}, version 2, cannot be used: {why}; {last_good(name)}"


def test_a_sound_pair_of_champions_is_what_would_be_used(
    installation: Installation, with_last_good: Morning
) -> None:
    """Else everything below would be true of nights that never look at the champions."""
    night = installation.night()
    assert night.summary.model_version == f"{OUTLIERS}/2+{RANKER}/2"
    assert {alert["score"] for alert in installation.alerts()} != {
        score for score, _, _ in with_last_good.found.values()
    }
    assert with_last_good.models == {LAST_GOOD}


def test_files_cut_in_half_and_with_bytes_turned_over(
    installation: Installation, with_last_good: Morning
) -> None:
    trouble.cut_in_half(installation.home, OUTLIERS)
    trouble.turn_bytes_over(installation.home, RANKER)
    morning = morning_after(installation)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    damaged = "its file is damaged or was replaced (its sha256 differs)"
    assert_told(morning, installation, *(unusable(name, damaged) for name in BOTH))


def test_a_file_of_another_type_and_a_pickle_that_would_do_something(
    installation: Installation, with_last_good: Morning, tmp_path: Path
) -> None:
    trap = Trap(tmp_path / "sprung")
    trouble.put_in_place(installation.home, OUTLIERS, trap.as_skops())
    trouble.put_in_place(installation.home, RANKER, trap.as_pickle())
    morning = morning_after(installation)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    assert_told(
        morning,
        installation,
        unusable(OUTLIERS, "its file holds types that are not trusted, and nothing of it was run"),
        unusable(RANKER, "its file cannot be read as a model (BadZipFile)"),
    )
    assert not trap.path.exists()
    pickle.loads(trap.as_pickle())
    assert trap.path.exists()  # so it would have been


def test_champions_on_other_features(installation: Installation, with_last_good: Morning) -> None:
    trouble.choose(installation.home, trouble.ON_OTHER_FEATURES)
    morning = morning_after(installation)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    why = "version 3, cannot be used: it was fitted on other features"
    for name in BOTH:
        assert_told(morning, installation, f"the champion of {name}, {why}; {last_good(name)}")


def test_champions_that_were_deleted(installation: Installation, with_last_good: Morning) -> None:
    trouble.delete_with_mlflow(installation.home, OUTLIERS)
    trouble.delete_but_for_the_alias(installation.home, RANKER)
    morning = morning_after(installation)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    assert_told(
        morning,
        installation,
        f"the model registry knows no champion of {OUTLIERS} any more; {last_good(OUTLIERS)}",
        f"the champion of {RANKER} was deleted from the registry; {last_good(RANKER)}",
    )


def gone(database: Path) -> None:
    database.unlink()


def scribbled_over(database: Path) -> None:
    database.write_bytes(b"this is no database" * 99)


@pytest.mark.parametrize(
    ("befalls", "said"),
    [(gone, "is gone"), (scribbled_over, "is damaged")],
)
def test_a_registry_without_its_database(
    installation: Installation,
    with_last_good: Morning,
    befalls: Callable[[Path], None],
    said: str,
) -> None:
    befalls(database_of(installation.home))
    morning = morning_after(installation)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    why = f"the database of the model registry {said}"
    assert_told(morning, installation, *(f"{why}; {last_good(name)}" for name in BOTH))


def test_a_registry_that_another_program_holds(
    installation: Installation, with_last_good: Morning
) -> None:
    with closing(sqlite3.connect(database_of(installation.home), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        morning = morning_after(installation)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    why = "the database of the model registry is held by another program"
    assert_told(morning, installation, *(f"{why}; {last_good(name)}" for name in BOTH))


def test_a_registry_elsewhere_whose_port_is_closed(
    installation: Installation, with_last_good: Morning
) -> None:
    elsewhere = installation.with_setting(mlflow_uri="http://127.0.0.1:9")
    morning = morning_after(elsewhere)
    assert_went_on(morning, with_last_good, LAST_GOOD)
    why = "the model registry does not answer"
    assert_told(morning, installation, *(f"{why}; {last_good(name)}" for name in BOTH))


def test_no_good_copy_is_left_either(installation: Installation, without_any: Morning) -> None:
    shutil.rmtree(installation.home / "models")
    trouble.cut_in_half(installation.home, OUTLIERS)
    trouble.choose(installation.home, trouble.ON_OTHER_FEATURES, RANKER)
    morning = morning_after(installation)
    assert_went_on(morning, without_any, WITHOUT_ANY)
    assert not [s for _, _, sentences in morning.found.values() for s in sentences if RULE in s]
    assert_told(
        morning,
        installation,
        f"the champion of {OUTLIERS}, version 2, cannot be used: its file is damaged or was "
        f"replaced (its sha256 differs); there is no good copy of {OUTLIERS}; "
        "the night went on without it",
        f"the champion of {RANKER}, version 3, cannot be used: it was fitted on other features; "
        f"there is no good copy of {RANKER}; "
        "the night went on in the order that was not learned",
    )
