"""A day's households in the order that was learned from outcomes, when people have chosen one.

Only the order is learned. The household in the k-th place gets the k-th largest score of that day,
so that a score goes on meaning what it meant: alerts of before and after stand in one queue, and a
threshold asked of the score was asked before, of the score that was not learned.
"""

from dataclasses import dataclass, replace

import numpy as np

from redflags.analysis.learning.ranker import PATTERN, RankerModel, feature_matrix, stream_of
from redflags.analysis.ordering.detection import Detection
from redflags.analysis.ordering.ranking import total_order
from redflags.analysis.ordering.score_contributions import RULE, most, sentence
from redflags.configuration.ruleset import Ranking
from redflags.domain.alert import Reason


@dataclass(frozen=True, slots=True)
class FittedRanker:
    """A learned order and the name of its version."""

    model: RankerModel
    version: str


def ranked(detection: Detection, ranking: Ranking, ranker: FittedRanker | None) -> Detection:
    """`detection` in the learned order; as it was without a ranker. What the rules said stays."""
    if ranker is None:
        return detection
    features = feature_matrix(detection.measurements, ranking)
    learned = ranker.model.score(features)
    rank = total_order(learned, detection.households["household_ref"])
    return replace(
        detection,
        rank=rank,
        score=np.sort(detection.score)[::-1][rank - 1],
        model_version=f"{detection.model_version}+{ranker.version}",
        unlearned_score=detection.score,
        contributions=ranker.model.contributions(features),
    )


def what_weighed_most(detection: Detection, position: int) -> tuple[Reason, ...]:
    """One more sentence for the household at `position`; none in the order that was not learned."""
    if detection.contributions is None:
        return ()
    row = detection.contributions.iloc[position]
    by_stream = {stream_of(str(name)): float(value) for name, value in row.items()}
    words = sentence(by_stream, _window(detection, most(by_stream), position))
    return (Reason(RULE, words, ()),) if words else ()


def _window(detection: Detection, streams: tuple[str, ...], position: int) -> int:
    """The shortest window that holds all that the longest does, of `streams` together."""
    parts = detection.measurements.parts
    windows = sorted({days for _, days in parts})

    def held(days: int) -> float:
        counted = (parts[stream, days] for stream in streams if stream != PATTERN)
        return sum(float(part.count[position]) for part in counted)

    return next(days for days in windows if held(days) >= held(windows[-1]))
