"""How far a share seen in few cases may be from the truth."""

from dataclasses import dataclass
from math import sqrt

NORMAL_95 = 1.959963984540054
FEWEST_TO_SAY = 10
"""A share of fewer cases says more about luck than about the rule."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `cases`, with its 95 % interval."""

    hits: int
    cases: int

    @property
    def value(self) -> float | None:
        """None when there is no case to speak of."""
        return self.hits / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.cases)


def wilson(hits: int, cases: int, z: float = NORMAL_95) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927); (0, 1) when there are no cases.

    Raises ValueError unless 0 ≤ hits ≤ cases.
    """
    if not 0 <= hits <= cases:
        raise ValueError(f"expected 0 ≤ hits ≤ cases, got {hits} of {cases}")
    if cases == 0:
        return 0.0, 1.0
    share = hits / cases
    middle = share + z * z / (2 * cases)
    reach = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    scale = 1 + z * z / cases
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def in_words(share: Share) -> str:
    """A share with its interval, or why there is none."""
    if share.cases < FEWEST_TO_SAY:
        return f"{share.hits} of {share.cases} (too few to say)"
    low, high = share.interval
    return f"{share.hits} of {share.cases} = {share.hits / share.cases:.0%} ({low:.0%}–{high:.0%})"
