"""What each part of our order is worth: the same landlord scored again with one part changed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from redflags.analysis.counted_records import Counted
from redflags.analysis.ordering.detection import Detection, pattern_of
from redflags.analysis.ordering.ranking import combined_score
from redflags.configuration.ruleset import Episodes, Ranking, RuleSet

Floats = npt.NDArray[np.float64]
CHANGED = "changed: "
"""What the names of these orders begin with."""

BY_HAND = {
    "tell": 1.4,
    "security_request": 1.1,
    "staff_concern": 1.0,
    "internal_damage": 0.9,
    "lock_change": 0.8,
    "homeless_presentation": 0.7,
    "window_damage": 0.6,
    "door_damage": 0.5,
    "abandonment": 0.5,
    "asb_report": 0.4,
    "noise_disturbance": 0.3,
    "repair_count": 0.1,
    "repair_cost": 0.1,
}
"""Weights of the surprises where they are the whole order; tuned on cities of seeds 1 and 2."""

NO_LIMIT = 1e9


def changed_orders(
    count: Callable[[RuleSet], Counted], found: Detection, ruleset: RuleSet, as_of: date
) -> Mapping[str, Floats]:
    """Orders without each part, by name."""
    episodes = ruleset.episodes
    if episodes is None:
        raise ValueError("expected a rule set that says what an episode looks like")
    counted = count(ruleset)
    orders = {
        "surprises weighted by hand, no pattern": _by_hand(found, ruleset.ranking),
        "pattern alone, no outliers, no cost": np.asarray(found.measurements.pattern),
    }

    def scored(marks: Counted, settings: Episodes) -> Floats:
        other = ruleset.model_copy(update={"episodes": settings})
        pattern = pattern_of(marks, found.history, other, as_of)
        return combined_score(
            replace(found.measurements, pattern=pattern), found.outlier, ruleset.ranking
        )

    for name, settings in _assumed_otherwise(episodes):
        orders[name] = scored(counted, settings)
    for name, settings in _counted_otherwise(episodes):
        orders[name] = scored(count(ruleset.model_copy(update={"episodes": settings})), settings)
    for name, marks in _without(counted):
        orders[name] = scored(marks, episodes)
    return {CHANGED + name: score for name, score in orders.items()}


def _by_hand(found: Detection, ranking: Ranking) -> Floats:
    known = ranking.outlier_weight
    weights = ranking.model_copy(
        update={"weights": BY_HAND, "outlier_weight": known.model_copy(update={"value": 0.25})}
    )
    return combined_score(replace(found.measurements, pattern=None), found.outlier, weights)


def _assumed_otherwise(episodes: Episodes) -> Iterator[tuple[str, Episodes]]:
    yield "one picture, the mean of the three", episodes.model_copy(update=_mean_picture(episodes))
    yield "every assumed rate halved", episodes.model_copy(update=_rates_times(episodes, 0.5))
    yield "every assumed rate doubled", episodes.model_copy(update=_rates_times(episodes, 2.0))
    yield "episodes half as long", _with(episodes, length_years=0.4)
    yield "no second episode", _with(episodes, returns_per_year=1e-6)
    yield "nobody left out of what is usual", _with(episodes, left_out_share=0.0)
    yield "like homes are all homes", _with(episodes, cohort_prior=NO_LIMIT)
    yield "blocks not looked at", _with(episodes, block_prior=NO_LIMIT)
    yield "busy periods not looked at", _with(episodes, season_prior=NO_LIMIT)


def _counted_otherwise(episodes: Episodes) -> Iterator[tuple[str, Episodes]]:
    quarters = {"ages_days": tuple(range(0, 1080, 90))}
    yield "ages by quarter", episodes.model_copy(update=quarters)
    yield "every report counts, no spells", _with(episodes, spell_days=0)
    yield "boarding as glass", episodes.model_copy(update={"boarding_entries": ()})


def _without(counted: Counted) -> Iterator[tuple[str, Counted]]:
    marks = counted.marks
    if marks is None:
        return
    for name, words in (
        ("missed_visit", "missed visits not looked at"),
        ("lost_key", "lost keys not looked at"),
        ("noise_disturbance", "noise not looked at"),
    ):
        yield words, replace(counted, marks=marks[marks["mark"] != name])
    yield "words not read", replace(counted, marks=marks.assign(told=False))


def _with(episodes: Episodes, **values: float) -> Episodes:
    changed: dict[str, Any] = {
        name: getattr(episodes, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    return episodes.model_copy(update=changed)


def _mean_picture(episodes: Episodes) -> dict[str, Any]:
    pictures = list(episodes.pictures.values())
    marks = {mark for picture in pictures for mark in picture.per_year}
    mean = {
        mark: sum(picture.share * picture.per_year.get(mark, 0.0) for picture in pictures)
        for mark in sorted(marks)
    }
    one = pictures[0].model_copy(update={"share": 1.0, "per_year": mean})
    return {"pictures": {"mean": one}}


def _rates_times(episodes: Episodes, factor: float) -> dict[str, Any]:
    return {
        "pictures": {
            name: picture.model_copy(
                update={"per_year": {m: factor * rate for m, rate in picture.per_year.items()}}
            )
            for name, picture in episodes.pictures.items()
        }
    }
