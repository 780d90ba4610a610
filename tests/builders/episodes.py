"""Marks, homes and assumptions of episodes with only what a test cares about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from redflags.analysis.episodes import MARKS, Homes, episode_score, grid_of, marks_of
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import Episodes, load_ruleset

HISTORY_DAYS = 1095
RULESET = load_ruleset(Path(__file__).parents[2] / "config" / "ruleset.toml", COUNTED_SIGNALS)
assert RULESET.episodes is not None
SHIPPED: Episodes = RULESET.episodes


def assumed(**values: float) -> Episodes:
    """What is shipped, with some numbers changed."""
    changed: dict[str, Any] = {
        name: getattr(SHIPPED, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    return SHIPPED.model_copy(update=changed)


@dataclass(frozen=True)
class Mark:
    """One record of a household: what it is, how many days ago, whether it tells."""

    days_ago: int
    mark: str = "internal_damage"
    told: bool = False


def some_homes(number: int, lived_days: float = np.inf, **more: Any) -> Homes:
    lived = np.full(number, lived_days)
    usual: dict[str, Any] = {
        "lived_days": lived,
        "watched_days": np.repeat(np.clip(lived, 1, HISTORY_DAYS)[:, None], len(MARKS), axis=1),
        "cohort": np.zeros(number, dtype=np.int64),
        "block": np.full(number, -1),
        "in_baseline": np.ones(number, dtype=np.bool_),
    }
    return Homes(**(usual | more))


def counted(marks: Sequence[Sequence[Mark]], settings: Episodes = SHIPPED) -> pd.DataFrame:
    """The marks of each household as the record store would count them."""
    rows = [
        (number, one.mark, one.told, np.searchsorted(settings.ages_days, one.days_ago, "right") - 1)
        for number, household in enumerate(marks)
        for one in household
    ]
    frame = pd.DataFrame(rows, columns=["household", "mark", "told", "bucket"])
    frame["n"] = 1
    return frame.groupby(["household", "mark", "told", "bucket"], as_index=False)["n"].sum()


def scores(
    marks: Sequence[Sequence[Mark]], homes: Homes | None = None, settings: Episodes = SHIPPED
) -> np.ndarray:
    """Scores of households with these marks, among as many quiet homes as `homes` has more."""
    homes = homes or some_homes(len(marks))
    grid = grid_of(settings, HISTORY_DAYS)
    frame = marks_of(counted(marks, settings), len(grid))
    return episode_score(frame, homes, settings, HISTORY_DAYS)


ORDINARY = (
    Mark(40, "window_damage"),
    Mark(130, "door_damage"),
    Mark(300, "lock_change"),
    Mark(420, "noise_disturbance"),
    Mark(610, "internal_damage"),
    Mark(800, "asb_report"),
    Mark(950, "security_request"),
    Mark(500, "missed_visit"),
    Mark(700, "lost_key"),
    Mark(1000, "boarding"),
    Mark(200, "staff_concern"),
    Mark(90, "homeless_presentation"),
)


def ordinary(number: int) -> tuple[Mark, ...]:
    """What stands in the records of the home of this number: a mark in half of them, words that
    tell in one of a hundred."""
    one = ORDINARY[number // 2 % len(ORDINARY)]
    return () if number % 2 else (replace(one, told=number % 100 == 0),)


def among_ordinary(*asked: Sequence[Mark], quiet: int = 3000) -> np.ndarray:
    """Scores of the households `asked`, among ordinary ones."""
    return scores([*asked, *map(ordinary, range(quiet))])[: len(asked)]
