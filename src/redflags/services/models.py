"""Which outlier model a night scores with, and what happens when there is none."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from redflags.errors import ModelUnavailable
from redflags.ruleset import RuleSet
from redflags.services.detection import FittedModel, Flags, fit_reference

if TYPE_CHECKING:
    from redflags.adapters.models import ModelRegistry

OUTLIERS = "redflags-outliers"
NO_MODEL = "rules-only"


class ModelKeeper:
    """Finds the model of a night: the champion, or, on the first night, a new reference.

    A model fitted on records later than `as_of` would look ahead, so a night for an earlier day
    fits a reference of its own, which is not registered.
    """

    def __init__(self, registry: "ModelRegistry", ruleset: RuleSet) -> None:
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

    def _champion(self, matrix: pd.DataFrame, as_of: date) -> FittedModel | None:
        try:
            loaded = self._registry.champion(OUTLIERS, tuple(matrix.columns))
        except ModelUnavailable as error:
            if self._registry.has_any(OUTLIERS):
                self.notes.append(str(error))
                self.is_degraded = True
            return None
        if loaded.note:
            self.notes.append(loaded.note)
            self.is_degraded = True
        if loaded.fitted_as_of > as_of:
            return None
        return FittedModel(loaded.model, version_name(loaded.version))

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
            self.notes.append(str(error))
            self.is_degraded = True
            return own
        theirs = self._champion(matrix, as_of)  # another night may have been first
        return theirs or FittedModel(own.model, version_name(registered.version))

    def _own_reference(self, matrix: pd.DataFrame, eligible: Flags, as_of: date) -> FittedModel:
        model = fit_reference(matrix, eligible, self._ruleset)
        return FittedModel(model, NO_MODEL if model is None else f"reference-{as_of.isoformat()}")


def version_name(version: str) -> str:
    """What stands on an alert: name and number in the registry."""
    return f"{OUTLIERS}/{version}"
