"""The facts of a night: what its rules compared, under pseudonyms, for others to be tried on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from redflags.analysis.ordering.detection import (
    Detection,
    FittedModel,
    Flags,
    detect,
    fit_reference,
)
from redflags.analysis.ordering.rules import RuleInputs
from redflags.analysis.replay.what_if import facts_of, floors_of, shape_of
from redflags.configuration.ruleset import RuleSet
from redflags.services.night.alert_candidates import specialists_alone
from redflags.services.thresholds.prefetch_counts import counted_ahead

if TYPE_CHECKING:
    from redflags.adapters.records import RecordStore

Pseudonym = Callable[[str], str]


@dataclass(frozen=True)
class NightFacts:
    """Facts of one night and what they hold for.

    `shape` names rule sets that differ from this one in thresholds alone; `floors` are the lowest
    thresholds that the facts can answer for, by rule and name.
    """

    as_of: date
    shape: str
    ruleset_hash: str
    households: int
    floors: dict[str, dict[str, float]]
    table: pd.DataFrame


def night_facts(
    detection: Detection,
    ruleset: RuleSet,
    as_of: date,
    protected: Collection[str],
    canary_patch: str,
    pseudonym: Pseudonym,
) -> NightFacts:
    """What a scored day leaves behind.

    Args:
        protected: households of which only the specialist may hear.
    """
    inputs = RuleInputs(
        detection.history,
        detection.measurements,
        detection.score_of_rules,
        detection.has_history,
    )
    refs = detection.households["household_ref"]
    shown = (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)
    specialist = refs.isin(set(protected)).to_numpy(dtype=bool)
    table = facts_of(inputs, ruleset, refs, specialist, shown)
    table["household"] = table["household"].map(pseudonym)
    return NightFacts(
        as_of=as_of,
        shape=shape_of(ruleset),
        ruleset_hash=ruleset.hash,
        households=int(shown.sum()),
        floors={rule_id: own.given() for rule_id, own in floors_of(ruleset).items()},
        table=table,
    )


@dataclass
class FactCounter:
    """Counts days that are past: the reference is fitted on the first day asked and kept."""

    records: "RecordStore"
    ruleset: RuleSet
    canary_patch: str
    pseudonym: Pseudonym
    _model: FittedModel | None = None

    def on(self, days: Sequence[date]) -> Iterator[NightFacts]:
        """The facts of the night of each day, as if nobody had reviewed anything before it."""
        wanted = [(day, self.ruleset) for day in days]
        with closing(counted_ahead(self.records, wanted)) as counts:
            for day, (records, counted) in zip(days, counts, strict=True):
                detection = detect(
                    counted, self.ruleset, day, frozenset(), self.canary_patch, self._find_model
                )
                protected = specialists_alone(records.protections(day))
                yield night_facts(
                    detection, self.ruleset, day, protected, self.canary_patch, self.pseudonym
                )

    def _find_model(self, matrix: pd.DataFrame, eligible: Flags) -> FittedModel:
        if self._model is None:
            self._model = FittedModel(fit_reference(matrix, eligible, self.ruleset), "replay")
        return self._model
