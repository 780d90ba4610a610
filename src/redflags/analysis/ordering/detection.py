"""From what the record store counted to scored households and explained candidates. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.counted_records import Counted
from redflags.analysis.episodes import episode_score, grid_of, homes_of, marks_of
from redflags.analysis.learning.ranker import pattern_name
from redflags.analysis.ordering.outliers import OutlierModel, reference_sample
from redflags.analysis.ordering.ranking import combined_score, recent_surprise, total_order
from redflags.analysis.ordering.rules import RuleInputs, hits
from redflags.analysis.surprise.household_history import STREAMS, History, household_history
from redflags.analysis.surprise.surprise_scores import Measurements, measure
from redflags.configuration.ruleset import Ranking, RuleSet

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FittedModel:
    """An outlier model and the name of its version, frozen on every alert it helped to raise."""

    model: OutlierModel | None
    version: str


FindModel = Callable[[pd.DataFrame, Flags], FittedModel]
"""Given the surprise matrix and who may be in the reference, the model to score with."""


@dataclass(frozen=True, slots=True)
class Detection:
    """Every household of one day, scored.

    ``households`` has one row a household in order of its ref; every array is aligned with it.
    ``contributions`` (households, features) are there when the order was learned from outcomes.
    """

    households: pd.DataFrame
    history: History
    measurements: Measurements
    outlier: Floats
    score: Floats
    rank: npt.NDArray[np.int64]
    has_history: Flags
    hits: dict[str, Flags]
    model_version: str
    contributions: pd.DataFrame | None = None
    unlearned_score: Floats | None = None

    @property
    def score_of_rules(self) -> Floats:
        """What rules of kind score are asked of: the score before any learned order."""
        return self.score if self.unlearned_score is None else self.unlearned_score

    def count_people(self, canary_patch: str) -> tuple[int, int]:
        """How many households there are, and with too little history; without the canary."""
        people = (self.households["patch"] != canary_patch).to_numpy(dtype=bool)
        return int(people.sum()), int((people & ~self.has_history).sum())

    def table(self, ranking: Ranking) -> pd.DataFrame:
        """The answer of ``redflags score``: one row a household, oddest first."""
        frame = pd.DataFrame(
            {
                "tenancy_ref": self.households["household_ref"],
                "score": np.round(self.score, 9),
                "rank": self.rank,
                "history": np.where(self.has_history, "sufficient", "insufficient"),
                "outlier_surprise": np.round(self.outlier, 6),
            }
        )
        if self.measurements.pattern is not None:
            frame["pattern"] = np.round(self.measurements.pattern, 6)
        for stream in STREAMS:
            surprise = recent_surprise(self.measurements, stream, ranking)
            frame[f"{stream}_surprise"] = np.round(surprise, 6)
        return frame.sort_values("rank", ignore_index=True)


def detect(
    counted: Counted,
    ruleset: RuleSet,
    as_of: date,
    confirmed: frozenset[str],
    canary_patch: str,
    find_model: FindModel,
) -> Detection:
    """Score every household of `counted` and ask every rule.

    Args:
        confirmed: households whose review found a need; they shape no baseline.
        canary_patch: patch of the canary, which shapes none either.
        find_model: gives the outlier model for the surprise matrix.
    """
    households = counted.households
    in_baseline = ~(
        households["household_ref"].isin(confirmed) | (households["patch"] == canary_patch)
    ).to_numpy(dtype=bool)
    history = household_history(
        households,
        counted.cells,
        ruleset.age_edges_days,
        counted.coverage.first_day,
        as_of,
        in_baseline,
    )
    measurements = replace(
        measure(history, ruleset.surprise), pattern=pattern_of(counted, history, ruleset, as_of)
    )
    matrix = measurements.matrix()
    found = find_model(matrix, in_baseline)
    outlier = np.zeros(len(households)) if found.model is None else found.model.surprise(matrix)
    score = combined_score(measurements, outlier, ruleset.ranking)
    enough = ruleset.surprise.insufficient_history_days.value
    has_history = np.max(list(history.watched_days.values()), axis=0) >= enough
    return Detection(
        households=households,
        history=history,
        measurements=measurements,
        outlier=outlier,
        score=score,
        rank=total_order(score, households["household_ref"]),
        has_history=has_history,
        hits=hits(ruleset, RuleInputs(history, measurements, score, has_history)),
        model_version=found.version,
    )


def pattern_of(
    counted: Counted, history: History, ruleset: RuleSet, as_of: date
) -> pd.Series | None:
    """How strongly each household's records over time speak for an episode, where it is asked."""
    episodes, history_days = ruleset.episodes, ruleset.surprise.history_days.value
    if episodes is None or counted.marks is None:
        return None
    marks = marks_of(counted.marks, len(grid_of(episodes, history_days)))
    homes = homes_of(history, counted.households, pd.Timestamp(as_of))
    score = episode_score(marks, homes, episodes, history_days)
    return pd.Series(score, name=pattern_name(episodes))


def fit_reference(matrix: pd.DataFrame, eligible: Flags, ruleset: RuleSet) -> OutlierModel | None:
    """Fit the detectors on a seeded sample of tonight's households; None when there are too few."""
    settings = ruleset.outliers
    sample = reference_sample(
        matrix, eligible, settings.reference_homes.value, settings.random_state
    )
    if len(sample) < FEWEST_REFERENCE_HOMES or not sample.to_numpy().any():
        return None
    model = OutlierModel(settings.contamination.value, settings.random_state)
    return model.fit(sample)


FEWEST_REFERENCE_HOMES = 50
