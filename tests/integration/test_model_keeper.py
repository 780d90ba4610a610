"""Which model a night is given: one of the wrong kind is named and not used, whoever chose it."""

from pathlib import Path

import numpy as np
import pytest

from builders.broken_models import a_ranker
from builders.nights import ROOT
from builders.registered_models import FEATURES, FITTED, file_of_version, model, rows
from redflags.adapters.models import ModelRegistry
from redflags.adapters.models.model_file import Model
from redflags.analysis.learning.ranker import features_of
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import RuleSet, load_ruleset
from redflags.services.models.model_choice import OUTLIERS, RANKER, TO_REFIT, ModelKeeper


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    return load_ruleset(ROOT / "config" / "ruleset.toml", COUNTED_SIGNALS)


def keeper_with(home: Path, ruleset: RuleSet, name: str, champion: Model) -> ModelKeeper:
    registry = ModelRegistry(home)
    registry.promote(name, registry.register(champion, name, {}, FITTED).version)
    return ModelKeeper(registry, ruleset)


def test_a_learned_order_in_the_place_of_the_outlier_model(
    tmp_path: Path, ruleset: RuleSet
) -> None:
    keeper = keeper_with(tmp_path, ruleset, OUTLIERS, a_ranker(FEATURES))
    found = keeper.for_night(rows(seed=3), np.ones(60, dtype=np.bool_), FITTED)
    assert found.version == f"reference-{FITTED.isoformat()}"
    assert keeper.notes == [f"{OUTLIERS} 1 is no such model; the night went on without it"]
    assert keeper.is_degraded


def test_a_champion_on_other_features_is_followed_by_the_way_out(
    tmp_path: Path, ruleset: RuleSet
) -> None:
    keeper = keeper_with(tmp_path, ruleset, OUTLIERS, model())
    measured = rows(seed=3, features=("lock_change:30", *FEATURES))
    keeper.for_night(measured, np.ones(60, dtype=np.bool_), FITTED)
    cause, way_out = keeper.notes
    assert "cannot be used: it was fitted on other features" in cause
    assert way_out == TO_REFIT


def test_a_champion_that_fits_and_is_damaged_needs_no_refit(
    tmp_path: Path, ruleset: RuleSet
) -> None:
    keeper = keeper_with(tmp_path, ruleset, OUTLIERS, model())
    file_of_version(tmp_path, "1").write_bytes(b"")
    keeper.for_night(rows(seed=3), np.ones(60, dtype=np.bool_), FITTED)
    (cause,) = keeper.notes
    assert "its file is damaged" in cause


def test_an_outlier_model_in_the_place_of_the_learned_order(
    tmp_path: Path, ruleset: RuleSet
) -> None:
    features = features_of(ruleset.ranking, ruleset.episodes)
    keeper = keeper_with(tmp_path, ruleset, RANKER, model(features=features))
    assert keeper.ranker(FITTED) is None
    (note,) = keeper.notes
    assert "is no learned order; the night went on in the order that was not learned" in note
    assert keeper.is_degraded
