"""Learn an order from what people found, and say whether it is better than the one there is.

Features are those of the night on which a household came up: each such night is counted again from
the record store, which looks at nothing dated later, so nothing more than outcomes has to be kept.
Records dated before a night but sent after it are in that count too; nobody could tell them apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from redflags.analysis.learning.gradient_boosting import boosted_scores
from redflags.analysis.learning.model_comparison import Comparison, compare, held_out
from redflags.analysis.learning.outcome_labels import KnownOutcome, SamplingDesign
from redflags.analysis.learning.probability_calibration import calibration_error
from redflags.analysis.learning.ranker import Floats, Outcomes, RankerModel, feature_matrix
from redflags.analysis.ordering.detection import FittedModel, Flags, detect, fit_reference
from redflags.analysis.surprise.household_history import STREAMS
from redflags.configuration.ruleset import Learning, RuleSet
from redflags.errors import UsageError
from redflags.services.ports import Records

RANDOM_STATE = 20261122
ConfirmedOn = Callable[[date], frozenset[str]]
"""Households whose review had found a need by a day."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what it was learned from and how it compares."""

    model: RankerModel
    outcomes: int
    needs: int
    below_line: int
    first_night: date
    last_night: date
    calibration_error: float
    comparison: Comparison | None
    challenger: Comparison | None
    """The same comparison for gradient boosting, which is measured and not registered."""


@dataclass(frozen=True, slots=True)
class TooFew:
    """Not enough is known to learn from; `known` of `wanted` outcomes, `needs` with a need."""

    known: int
    needs: int
    wanted: int

    def __str__(self) -> str:
        return (
            f"nothing was trained: {self.known} outcomes are known ({self.needs} with a need), "
            f"and {self.wanted} are wanted, some of each kind (learning.fewest_outcomes)"
        )


def settings_of(ruleset: RuleSet) -> Learning:
    """Raises UsageError when the rule set says nothing of learning."""
    if ruleset.learning is None:
        raise UsageError("ruleset.toml: expected a section [learning], got none; add it to train")
    return ruleset.learning


def sampling_design_of(ruleset: RuleSet) -> SamplingDesign:
    """How this rule set samples below the line."""
    settings, queue = settings_of(ruleset), ruleset.queue
    return SamplingDesign(
        queue.sample_depth.value,
        queue.quiet_days.value,
        settings.largest_weight.value,
        settings.unvisited_trust.value,
    )


def gather(
    records: Records,
    ruleset: RuleSet,
    known: Sequence[KnownOutcome],
    confirmed_on: ConfirmedOn,
    canary_patch: str,
) -> Outcomes | None:
    """Features of everything known; None when no household is in the records any more."""
    fitted: list[FittedModel] = []

    def find_model(matrix: pd.DataFrame, eligible: Flags) -> FittedModel:
        """The reference the first of these nights would have fitted, kept from then on."""
        if not fitted:
            fitted.append(FittedModel(fit_reference(matrix, eligible, ruleset), "learning"))
        return fitted[0]

    parts = []
    for night in sorted({one.as_of for one in known}):
        counted = records.count(night, ruleset)
        found = detect(counted, ruleset, night, confirmed_on(night), canary_patch, find_model)
        features = feature_matrix(found.measurements, ruleset.ranking)
        places = {ref: at for at, ref in enumerate(found.households["household_ref"])}
        here = [one for one in known if one.as_of == night and one.household in places]
        at = np.array([places[one.household] for one in here], dtype=np.int64)
        parts.append(_outcomes(here, features.iloc[at], found.score[at]))
    return _joined([part for part in parts if len(part)])


def train(outcomes: Outcomes | None, ruleset: RuleSet) -> Trained | TooFew:
    """Fit, calibrate and compare; nothing when too little is known."""
    wanted = settings_of(ruleset).fewest_outcomes.value
    needs = 0 if outcomes is None else int(outcomes.has_need.sum())
    if outcomes is None or len(outcomes) < wanted or needs in {0, len(outcomes)}:
        return TooFew(0 if outcomes is None else len(outcomes), needs, wanted)
    prior = prior_of(ruleset)

    def learned(before: Outcomes, now: Outcomes) -> Floats:
        return new_model(prior).fit(before).score(now.x)

    capacity = ruleset.queue.capacity_per_night.value
    blocks = held_out(outcomes, learned, capacity)
    model = new_model(prior).fit(outcomes)
    nights = np.sort(outcomes.night).astype("datetime64[D]")
    return Trained(
        model=model,
        outcomes=len(outcomes),
        needs=needs,
        below_line=int(outcomes.is_below_line.sum()),
        first_night=nights[0].item(),
        last_night=nights[-1].item(),
        calibration_error=calibration_error(
            model.chance(outcomes.x), outcomes.has_need, outcomes.weight
        ),
        comparison=compare(blocks, RANDOM_STATE),
        challenger=compare(held_out(outcomes, boosted_scores, capacity), RANDOM_STATE),
    )


def prior_of(ruleset: RuleSet) -> tuple[float, ...]:
    """What each feature weighs in the order that was not learned."""
    streams = tuple(ruleset.ranking.weights.get(stream, 0.0) for stream in STREAMS)
    return streams if ruleset.episodes is None else (*streams, 1.0)


def new_model(prior: tuple[float, ...]) -> RankerModel:
    return RankerModel(prior, random_state=RANDOM_STATE)


def _outcomes(here: Sequence[KnownOutcome], x: pd.DataFrame, order: Floats) -> Outcomes:
    return Outcomes(
        x=x.reset_index(drop=True),
        has_need=np.array([one.has_need for one in here], dtype=np.bool_),
        weight=np.array([one.weight for one in here], dtype=np.float64),
        household=np.array([one.household for one in here], dtype=np.str_),
        night=np.array([one.as_of for one in here], dtype="datetime64[D]"),
        order=order,
        is_below_line=np.array([one.is_below_line for one in here], dtype=np.bool_),
    )


def _joined(parts: Sequence[Outcomes]) -> Outcomes | None:
    if not parts:
        return None
    return Outcomes(
        x=pd.concat([part.x for part in parts], ignore_index=True),
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("has_need", "weight", "household", "night", "order", "is_below_line")
        },
    )
