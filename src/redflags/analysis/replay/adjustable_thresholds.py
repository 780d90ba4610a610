"""Which thresholds may be tried at other values, and at which: the rest is policy, not dose."""

from collections.abc import Iterator
from math import ceil, floor

from redflags.configuration.ruleset import Rule

STEP_SIZE = {"min_count": 1.0, "min_surprise": 0.25, "min_score": 0.25}
"""A count moves by one record, a surprise by a quarter of a power of ten, a score likewise."""
HIGHEST_OF_LIVE = 4


def is_left_alone(rule: Rule) -> bool:
    """Whether the rule's thresholds are policy and not dose."""
    asks_once = rule.min_count is not None and rule.min_count.value == 1
    alone = rule.min_surprise is None and rule.min_score is None
    return rule.beyond_capacity or rule.priority == "first" or (asks_once and alone)


def candidate_values(
    name: str, value: float, floor_of: float, *, up: bool, rule: Rule
) -> Iterator[float]:
    """The values to try from `value` on, up or down, no further than a rule can be asked."""
    width, highest = STEP_SIZE[name], highest_of(rule, name)
    number = floor(value / width) + 1 if up else ceil(value / width) - 1
    while floor_of <= number * width <= highest:
        yield number * width
        number += 1 if up else -1


def highest_of(rule: Rule, name: str) -> float:
    """The highest value of a threshold that is worth trying; above nought, whatever it is now."""
    if name == "min_count" and rule.kind == "distinct":
        return len(rule.signals)
    return max(float(getattr(rule, name).value), STEP_SIZE[name]) * HIGHEST_OF_LIVE
