"""Which models a night scores with, and what happens when there is none."""

from datetime import date

import pandas as pd

from redflags.analysis.learning.model_versions import LoadedModel
from redflags.analysis.learning.ranker import RankerModel, features_of
from redflags.analysis.ordering.detection import FittedModel, Flags, fit_reference
from redflags.analysis.ordering.outliers import OutlierModel
from redflags.configuration.ruleset import RuleSet
from redflags.errors import ModelUnavailable
from redflags.services.night.learned_order import FittedRanker
from redflags.services.ports import ModelRegistry

OUTLIERS = "redflags-outliers"
RANKER = "redflags-ranker"
NO_MODEL = "rules-only"
WITHOUT = {
    OUTLIERS: "the night went on without it",
    RANKER: "the night went on in the order that was not learned",
}
TO_REFIT = (
    f"{OUTLIERS} does not fit the rule set: `redflags model refit --by NAME --reason TEXT` fits "
    "and installs one that does"
)


class ModelKeeper:
    """Finds the models of a night: the champions, or, on the first night, a new reference.

    A model fitted on records later than `as_of` would look ahead, so a night for an earlier day
    fits a reference of its own, which is not registered, and uses no learned order.
    """

    def __init__(self, registry: ModelRegistry, ruleset: RuleSet) -> None:
        self._registry = registry
        self._ruleset = ruleset
        self.notes: list[str] = []
        self.is_degraded = False

    def for_night(self, matrix: pd.DataFrame, eligible: Flags, as_of: date) -> FittedModel:
        """The champion; without one, fit a reference on `matrix`, register it and use it."""
        found = self._champion(matrix, as_of)
        return found or self._first(matrix, eligible, as_of)

    def for_score(self, matrix: pd.DataFrame, eligible: Flags, as_of: date) -> FittedModel:
        """Like `for_night`, but nothing is registered."""
        found = self._champion(matrix, as_of)
        return found or self._own_reference(matrix, eligible, as_of)

    def ranker(self, as_of: date) -> FittedRanker | None:
        """The learned order people chose, or its last good copy; None: the order there is."""
        if not self._registry.wants(RANKER):
            return None
        features = features_of(self._ruleset.ranking, self._ruleset.episodes)
        loaded = self._loaded(RANKER, features, as_of)
        if loaded is None:
            return None
        if not isinstance(loaded.model, RankerModel):
            self._degrade(f"{RANKER} {loaded.version} is no learned order; {WITHOUT[RANKER]}")
            return None
        return FittedRanker(loaded.model, version_name(loaded.version, RANKER))

    def _champion(self, matrix: pd.DataFrame, as_of: date) -> FittedModel | None:
        features = tuple(matrix.columns)
        loaded = self._loaded(OUTLIERS, features, as_of)
        if self.is_degraded and self._registry.is_unfit(OUTLIERS, features):
            self._degrade(TO_REFIT)
        if loaded is None:
            return None
        if not isinstance(loaded.model, OutlierModel):
            self._degrade(f"{OUTLIERS} {loaded.version} is no such model; {WITHOUT[OUTLIERS]}")
            return None
        return FittedModel(loaded.model, version_name(loaded.version))

    def _loaded(self, name: str, features: tuple[str, ...], as_of: date) -> LoadedModel | None:
        """The champion or its last good copy; what was wrong is noted."""
        try:
            loaded = self._registry.champion(name, features)
        except ModelUnavailable as error:
            if self._registry.has_any(name):
                self._degrade(f"{error}; {WITHOUT[name]}")
            return None
        if loaded.note:
            self._degrade(loaded.note)
        return None if loaded.fitted_as_of > as_of else loaded

    def _degrade(self, note: str) -> None:
        self.is_degraded = True
        if note not in self.notes:
            self.notes.append(note)

    def _first(self, matrix: pd.DataFrame, eligible: Flags, as_of: date) -> FittedModel:
        own = self._own_reference(matrix, eligible, as_of)
        if own.model is None or self._registry.has_any(OUTLIERS):
            return own
        facts: dict[str, str | int] = {
            "ruleset_hash": self._ruleset.hash,
            "reference_households": own.model.reference_rows_,
        }
        try:
            registered = self._registry.register_first(own.model, OUTLIERS, facts, as_of)
        except ModelUnavailable as error:
            self._degrade(str(error))
            return own
        theirs = self._champion(matrix, as_of)  # another night may have been first
        return theirs or FittedModel(own.model, version_name(registered.version))

    def _own_reference(self, matrix: pd.DataFrame, eligible: Flags, as_of: date) -> FittedModel:
        model = fit_reference(matrix, eligible, self._ruleset)
        return FittedModel(model, NO_MODEL if model is None else own_reference(as_of))


def own_reference(as_of: date) -> str:
    """What stands on an alert in place of a version: a reference of that day, not registered."""
    return f"reference-{as_of.isoformat()}"


def version_name(version: str, name: str = OUTLIERS) -> str:
    """What stands on an alert: name and number in the registry."""
    return f"{name}/{version}"
