"""Facts of nights with only the numbers a test cares about."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from builders.detection import a_rule, a_ruleset
from builders.replays import week
from redflags.configuration.ruleset import Rule, RuleSet


def lock_rules(min_count: int = 4, min_score: float = 4.0) -> RuleSet:
    """A rule on counts, and one on the score."""
    score = a_rule(kind="score", signals=(), min_count=None, min_score=min_score)
    return a_ruleset(locks=a_rule(min_count=min_count), odd=score)


def damage_rule(min_count: int, min_surprise: float) -> Rule:
    return a_rule(min_count=min_count, min_surprise=min_surprise)


def facts(**homes: tuple[float, float]) -> pd.DataFrame:
    """One night: each household's lock changes and score."""
    return pd.DataFrame(
        {
            "household": list(homes),
            "score": [score for _, score in homes.values()],
            "has_history": True,
            "specialist": False,
            "locks.count": [float(count) for count, _ in homes.values()],
        }
    )


def nightly(number: int, homes: Mapping[str, tuple[float, float]]) -> dict[date, pd.DataFrame]:
    """The same facts on `number` weekly nights."""
    return {week(n): facts(**homes) for n in range(number)}
