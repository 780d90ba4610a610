"""A rule set with other windows, and the nights before and after somebody fits a new reference.

The real commands, each in a process of its own, on a real registry. Day by day: a first night with
a learned order chosen before it; the rule set changes and a night is told; a refit; a night more.
"""

import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders.broken_models import a_ranker
from builders.extracts import AS_OF, quiet_estate, three_lock_changes, write_extracts, write_table
from builders.flows import PrefectServer
from builders.nights import ROOT, Ended, Installation
from redflags.adapters.models import KnownVersion, ModelRegistry
from redflags.analysis.learning.ranker import features_of
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import load_ruleset
from redflags.services.models.model_choice import OUTLIERS, RANKER, TO_REFIT

FIRST, NEXT = AS_OF - timedelta(days=1), AS_OF + timedelta(days=1)
LOCKS_BEFORE, LOCKS_AFTER = (9, 10, 11), (15, 16)
BY = ("--by", "Ann Lee", "--reason", "windows of 2026.12")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Morning:
    """A night by the real command, and what people find after it."""

    ended: Ended
    alerts: list[dict[str, Any]]
    status: str

    def models_of(self, *homes: int) -> set[str]:
        refs = {f"T{home:04}" for home in homes}
        found = [alert for alert in self.alerts if alert["tenancy_ref"] in refs]
        assert len(found) == len(homes)
        return {alert["model_version"] for alert in found}


@dataclass(frozen=True)
class Story:
    """What was said while the reference did not fit, by the refit, and in the night after it."""

    installation: Installation
    ranker_before: list[KnownVersion]
    unfit: Morning
    refit: Ended
    after: Morning


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, prefect_server: PrefectServer) -> Story:
    folder = tmp_path_factory.mktemp("refit")
    installation = an_installation(folder, prefect_server)
    registry = ModelRegistry(installation.home)
    choose_a_learned_order(registry, installation.config)
    assert installation.night(FIRST).summary.model_version == f"{OUTLIERS}/1+{RANKER}/1"
    ranker_before = registry.versions(RANKER)

    measure_another_window(installation.config)
    changed_locks(installation.extracts, *LOCKS_BEFORE)
    unfit = morning_of(installation, AS_OF.isoformat())
    refit = installation.run("model", "refit", *BY, "--as-of", AS_OF.isoformat())
    changed_locks(installation.extracts, *LOCKS_BEFORE, *LOCKS_AFTER)
    after = morning_of(installation, NEXT.isoformat())
    return Story(installation, ranker_before, unfit, refit, after)


def an_installation(folder: Path, server: PrefectServer) -> Installation:
    """With a configuration of its own, whose nights talk to the operator's Prefect server."""
    shutil.copytree(ROOT / "config", folder / "config")
    extracts = write_extracts(folder / "extracts", quiet_estate())
    told = {
        "PREFECT_API_URL": server.api_url,
        "PREFECT_HOME": str(server.home),
        "PREFECT_LOGGING_LEVEL": "ERROR",
    }
    return Installation(folder / "home", extracts, folder / "config", told)


def choose_a_learned_order(registry: ModelRegistry, config: Path) -> None:
    ruleset = load_ruleset(config / "ruleset.toml", COUNTED_SIGNALS)
    ranker = a_ranker(features_of(ruleset.ranking, ruleset.episodes))
    registry.promote(RANKER, registry.register(ranker, RANKER, {}, FIRST).version)


def measure_another_window(config: Path) -> None:
    path = config / "ruleset.toml"
    text, changes = re.subn(
        r"(?m)^windows_days = \[", "windows_days = [30, ", path.read_text(encoding="utf-8")
    )
    assert changes == 1
    path.write_text(text, encoding="utf-8")


def changed_locks(extracts: Path, *homes: int) -> None:
    rows = [row for home in homes for row in three_lock_changes(home)]
    write_table(extracts / "lock_changes.csv", rows)


def morning_of(installation: Installation, day: str) -> Morning:
    ended = installation.run("night", "--as-of", day)
    return Morning(ended, installation.alerts(), installation.run("status").out)


def test_a_night_with_other_windows_ends_with_3_and_names_the_way_out(story: Story) -> None:
    assert story.unfit.ended.code == 3, story.unfit.ended.err
    assert f"the champion of {OUTLIERS}, version 1, cannot be used" in story.unfit.ended.err
    assert "redflags model refit --by" in TO_REFIT
    assert f"note: {TO_REFIT}\n" in story.unfit.ended.err
    assert f"  {TO_REFIT}\n" in story.unfit.status
    own = f"reference-{AS_OF.isoformat()}+{RANKER}/1"
    assert story.unfit.models_of(*LOCKS_BEFORE) == {own}


def test_the_refit_says_what_it_was_fitted_on_and_how_to_go_back(story: Story) -> None:
    assert story.refit.code == 0, story.refit.err
    told = story.refit.out.splitlines()
    assert told[0].startswith(f"{OUTLIERS} 2 is champion: fitted on 120 of 120 households")
    assert told[1].startswith("120 of the 120 oddest households of 2026-10-31 stay")
    assert "a reference of that day alone" in told[1]
    assert f"redflags model promote {OUTLIERS} 1 --by" in told[2]


def test_the_night_after_it_ends_with_0_and_its_alerts_carry_the_new_version(story: Story) -> None:
    assert story.after.ended.code == 0, story.after.ended.err
    assert "refit" not in story.after.ended.err + story.after.status
    assert story.after.models_of(*LOCKS_AFTER) == {f"{OUTLIERS}/2+{RANKER}/1"}


def test_the_learned_order_is_as_it_was(story: Story) -> None:
    assert ModelRegistry(story.installation.home).versions(RANKER) == story.ranker_before


def test_nothing_of_a_household_is_in_the_run_or_in_what_was_said(story: Story) -> None:
    mlflow = (story.installation.home / "mlflow").rglob("*")
    kept = b"".join(path.read_bytes() for path in mlflow if path.is_file())
    assert b"reference_households" in kept
    told = (story.refit.out + story.refit.err).encode()
    for content in (kept, told):
        assert not re.search(rb"\b[TP]0[01]\d\d\b|H-[A-Z2-7]{10}|CANARY", content)


def test_what_a_refit_writes_is_for_its_owner_alone(story: Story) -> None:
    (card,) = (story.installation.home / "mlflow").rglob("card.md")
    written = list(card.parent.rglob("*"))
    assert "model.skops" in {path.name for path in written}
    assert {path.stat().st_mode & 0o077 for path in written} == {0}
