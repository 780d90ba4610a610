"""What is known of households after people have looked, and how much each of them stands for.

People look at the top of the order. A learner that sees only what they found there learns what
tells one alert from another, and nothing of the households that never came up. So the households
drawn below the line by chance (P16) count too, each for all those it was drawn from:

A household that stands below the line is drawn on a night with chance c/N, when c of the N
households within reach are drawn and looked at. It is followed for one quiet period, as one that
was raised is: the chance that it is drawn at least once in it is

    π = 1 − (1 − 1/N)^C ≈ 1 − exp(−C/N)

with C the households looked at in a quiet period. Its weight is 1/π (Horvitz and Thompson 1952),
at most `largest_weight`, because one rare draw must not outweigh everybody else. A household that
was raised came up with certainty: its weight is 1. π takes a household for one that stays below the
line for a quiet period; one that passes by in a few nights counts for too few.

Where nobody spoke to the household (closed at triage with no check needed, or left alone by whoever
looked at the sample) a need may be there unseen: such an outcome counts `unvisited_trust` of a
visited one. Alerts raised by a colleague's concern are left out: no order chose them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp

from redflags.domain.alert import Origin
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import BelowLineVerdict

UNKNOWN = frozenset({Outcome.COULD_NOT_REACH, Outcome.WRONG_DATA})
"""Nobody knows whether there was a need."""
UNVISITED = frozenset({Outcome.NO_CHECK_NEEDED})


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """An alert that came to its end, without anything that a person wrote."""

    alert_id: str
    household: str
    raised_on: date
    outcome: Outcome
    origin: Origin


@dataclass(frozen=True, slots=True)
class BelowLineFinding:
    """A household drawn below the line and looked at; `alert_id` when it was put in the queue."""

    household: str
    as_of: date
    verdict: BelowLineVerdict
    alert_id: str = ""


@dataclass(frozen=True, slots=True)
class KnownOutcome:
    """A household on the night it came up: whether there was a need, and how much it counts."""

    household: str
    as_of: date
    has_need: bool
    weight: float
    is_below_line: bool = False


@dataclass(frozen=True, slots=True)
class SamplingDesign:
    """How the sample below the line is drawn: from how many, and for how long one is followed."""

    depth: int
    quiet_days: int
    largest_weight: float
    unvisited_trust: float


def known_outcomes(
    closed: Iterable[ClosedCase], looked_at: Sequence[BelowLineFinding], reach: SamplingDesign
) -> list[KnownOutcome]:
    """Every household of which something is known, in order of night and reference."""
    cases = {case.alert_id: case for case in closed}
    above = (_raised(case, reach) for case in cases.values() if case.origin is Origin.DETECTED)
    weight = weight_below_line(looked_at, reach)
    below = (_drawn(drawn, cases, weight, reach) for drawn in looked_at)
    known = (found for found in (*above, *below) if found is not None)
    return sorted(known, key=lambda found: (found.as_of, found.household, found.is_below_line))


def weight_below_line(looked_at: Sequence[BelowLineFinding], reach: SamplingDesign) -> float:
    """For how many households below the line one that was looked at stands: 1/π, at least 1."""
    if not looked_at or not reach.depth:
        return 1.0
    nights = [drawn.as_of for drawn in looked_at]
    days = max((max(nights) - min(nights)).days + 1, reach.quiet_days)
    in_quiet_period = len(looked_at) * reach.quiet_days / days
    chance = 1.0 - exp(-in_quiet_period / reach.depth)
    return min(1.0 / chance, reach.largest_weight)


def _raised(case: ClosedCase, reach: SamplingDesign) -> KnownOutcome | None:
    if case.outcome in UNKNOWN:
        return None
    trust = _trust(case.outcome, reach)
    return KnownOutcome(case.household, case.raised_on, case.outcome.need_found, trust)


def _drawn(
    drawn: BelowLineFinding, cases: dict[str, ClosedCase], weight: float, reach: SamplingDesign
) -> KnownOutcome | None:
    """The night it was drawn counts, not the day on which somebody raised it."""
    if drawn.verdict is BelowLineVerdict.LEAVE:
        unvisited = weight * reach.unvisited_trust
        return KnownOutcome(
            drawn.household, drawn.as_of, has_need=False, weight=unvisited, is_below_line=True
        )
    case = cases.get(drawn.alert_id)
    if case is None or case.outcome in UNKNOWN:
        return None
    trusted = weight * _trust(case.outcome, reach)
    return KnownOutcome(
        drawn.household, drawn.as_of, case.outcome.need_found, trusted, is_below_line=True
    )


def _trust(outcome: Outcome, reach: SamplingDesign) -> float:
    return reach.unvisited_trust if outcome in UNVISITED else 1.0
