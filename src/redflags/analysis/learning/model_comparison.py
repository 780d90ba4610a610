"""Is a learned order better than the one there is, on outcomes that it has not seen?

Outcomes are cut by time. Each block but the first is put in order by a model fitted on the blocks
before it, without any household of the block, and by the order there was. The difference of the
two average precisions, averaged over blocks, gets a paired bootstrap interval: households are drawn
with replacement, each with all its outcomes, and both orders are measured on the same draw.

This compares orders among households that were looked at, weighted for those who were not
(`outcome_labels`): both orders know nothing of a household that nobody ever looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redflags.analysis.learning.ranker import Floats, Outcomes

BLOCKS = 4
DRAWS = 1000
FEWEST_OF_A_KIND = 5

FitAndScore = Callable[[Outcomes, Outcomes], Floats]
"""Given earlier outcomes and a block, a score for each row of the block."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Learned minus the order there is, with a 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`outcomes` were held out, over `blocks` of time; `needs` of them had a need."""

    outcomes: int
    needs: int
    blocks: int
    ours: float
    learned: float
    average_precision: Difference
    at_capacity: Difference

    @property
    def is_passing(self) -> bool:
        """The learned order is better, and chance does not explain it."""
        return self.average_precision.low > 0


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A block of time, and what a model that had not seen it made of it."""

    outcomes: Outcomes
    learned: Floats
    capacity: int


def held_out(
    outcomes: Outcomes, fit_and_score: FitAndScore, capacity_per_night: int
) -> list[HeldOut]:
    """Blocks of time that have enough of both kinds, in themselves and before them."""
    found = []
    for block in time_blocks(outcomes.night)[1:]:
        now = outcomes.where(block)
        earlier = outcomes.night < now.night.min()
        before = outcomes.where(earlier & ~np.isin(outcomes.household, now.household))
        if _has_both(now) and _has_both(before):
            nights = len(np.unique(now.night))
            capacity = min(capacity_per_night * nights, len(now) // 2)
            found.append(HeldOut(now, fit_and_score(before, now), capacity))
    return found


def compare(blocks: Sequence[HeldOut], random_state: int) -> Comparison | None:
    """None when no block could be held out."""
    if not blocks:
        return None
    orders = [(block.outcomes.order, block.learned) for block in blocks]
    whole = [block.outcomes.weight for block in blocks]
    ours, learned = _measured(blocks, orders, whole)
    draws = np.array(
        [
            learned_now - ours_now
            for ours_now, learned_now in (
                _measured(blocks, orders, weights) for weights in _draws(blocks, random_state)
            )
        ]
    )
    low, high = np.nanquantile(draws, [0.025, 0.975], axis=0)
    differences = [
        Difference(*(float(number) for number in numbers))
        for numbers in zip(learned - ours, low, high, strict=True)
    ]
    return Comparison(
        outcomes=sum(len(block.outcomes) for block in blocks),
        needs=sum(int(block.outcomes.has_need.sum()) for block in blocks),
        blocks=len(blocks),
        ours=float(ours[0]),
        learned=float(learned[0]),
        average_precision=differences[0],
        at_capacity=differences[1],
    )


def time_blocks(night: npt.NDArray[np.datetime64]) -> list[npt.NDArray[np.int64]]:
    """Rows in blocks of about equal size; one night is never in two."""
    order = np.argsort(night, kind="stable")
    cuts = [int(part[0]) for part in np.array_split(np.arange(len(night)), BLOCKS) if len(part)]
    first_nights = np.unique(night[order][cuts])
    block = np.searchsorted(first_nights, night, side="right")
    return [np.flatnonzero(block == number) for number in np.unique(block)]


def weighted_average_precision(
    score: Floats, has_need: npt.NDArray[np.bool_], weight: Floats
) -> float:
    """Mean over those with a need of the share of needs at or above their place; NaN without."""
    order = np.argsort(-score, kind="stable")
    counted = np.cumsum(weight[order])
    needs = np.where(has_need[order], weight[order], 0.0)
    total = needs.sum()
    if total <= 0:
        return float("nan")
    share = np.cumsum(needs) / np.maximum(counted, 1e-12)
    return float((share * needs).sum() / total)


def _has_both(outcomes: Outcomes) -> bool:
    needs = int(outcomes.has_need.sum())
    return min(needs, len(outcomes) - needs) >= FEWEST_OF_A_KIND


def _draws(blocks: Sequence[HeldOut], random_state: int) -> "list[list[Floats]]":
    households = np.unique(np.concatenate([block.outcomes.household for block in blocks]))
    places = [np.searchsorted(households, block.outcomes.household) for block in blocks]
    generator = np.random.default_rng(random_state)
    draws = []
    for _ in range(DRAWS):
        times = generator.multinomial(
            len(households), np.full(len(households), 1 / len(households))
        )
        draws.append(
            [
                block.outcomes.weight * times[place]
                for block, place in zip(blocks, places, strict=True)
            ]
        )
    return draws


def _measured(
    blocks: Sequence[HeldOut],
    orders: Sequence[tuple[Floats, Floats]],
    weights: Sequence[Floats],
) -> tuple[Floats, Floats]:
    """(average precision, share with a need at capacity) of ours and of the learned order."""
    measured = [
        [_measures(score, block, weight) for score in pair]
        for block, pair, weight in zip(blocks, orders, weights, strict=True)
    ]
    means = np.nanmean(np.array(measured), axis=0)
    return means[0], means[1]


def _measures(score: Floats, block: HeldOut, weight: Floats) -> tuple[float, float]:
    has_need = block.outcomes.has_need
    first = np.argsort(-score, kind="stable")[: max(block.capacity, 1)]
    drawn = weight[first].sum()
    at_capacity = float(weight[first][has_need[first]].sum() / drawn) if drawn > 0 else float("nan")
    return weighted_average_precision(score, has_need, weight), at_capacity
