"""Facts of days that are past, counted one after the other."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date

import pandas as pd

from redflags.analysis.ordering.detection import (
    FittedModel,
    Flags,
    detect,
    fit_reference,
)
from redflags.analysis.replay.night_facts import NightFacts, Pseudonym, night_facts
from redflags.configuration.ruleset import RuleSet
from redflags.services.night.alert_candidates import specialists_alone
from redflags.services.ports import Records
from redflags.services.thresholds.prefetch_counts import counted_ahead


@dataclass
class FactCounter:
    """Counts days that are past: the reference is fitted on the first day asked and kept."""

    records: Records
    ruleset: RuleSet
    canary_patch: str
    pseudonym: Pseudonym
    _model: FittedModel | None = None

    def on(self, days: Sequence[date]) -> Iterator[NightFacts]:
        """The facts of the night of each day, as if nobody had reviewed anything before it."""
        wanted = [(day, self.ruleset) for day in days]
        with closing(counted_ahead(self.records, wanted)) as counts:
            for day, night in zip(days, counts, strict=True):
                detection = detect(
                    night.counted,
                    self.ruleset,
                    day,
                    frozenset(),
                    self.canary_patch,
                    self._find_model,
                )
                protected = specialists_alone(self.records.protections(day))
                yield night_facts(
                    detection, self.ruleset, day, protected, self.canary_patch, self.pseudonym
                )

    def _find_model(self, matrix: pd.DataFrame, eligible: Flags) -> FittedModel:
        if self._model is None:
            self._model = FittedModel(fit_reference(matrix, eligible, self.ruleset), "replay")
        return self._model
