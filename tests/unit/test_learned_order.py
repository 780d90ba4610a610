"""A night in a learned order: who comes first changes; what scores and rules mean does not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from builders.outcomes import EVEN, a_ranking, outcomes
from redflags.analysis.learning.ranker import PATTERN, RankerModel
from redflags.analysis.ordering.detection import Detection
from redflags.analysis.ordering.score_contributions import RULE, WORDS, most, sentence
from redflags.analysis.surprise.household_history import STREAMS
from redflags.analysis.surprise.surprise_scores import Measured, Measurements
from redflags.services.night.learned_order import FittedRanker, ranked, what_weighed_most

RANKING = a_ranking()
WINDOWS = (90, 180, 365)
HOMES = 6


@pytest.fixture(scope="module")
def ranker() -> FittedRanker:
    """Tells and lock changes matter to it, and little else."""
    return FittedRanker(RankerModel(EVEN).fit(outcomes()), "redflags-ranker/1")


def measured(surprises: dict[str, list[float]], newest_days: int = 90) -> Measurements:
    """Surprises by stream, the same in each window; records are as old as `newest_days`."""
    parts = {}
    for stream in STREAMS:
        surprise = np.array(surprises.get(stream, [0.0] * HOMES))
        for days in WINDOWS:
            count = (surprise > 0) * float(days >= newest_days)
            parts[stream, days] = Measured(count, surprise, count, count)
    return Measurements(parts)


def a_detection(measurements: Measurements, score: list[float]) -> Detection:
    values = np.array(score)
    return Detection(
        households=pd.DataFrame({"household_ref": [f"T{n}" for n in range(HOMES)]}),
        history=None,  # type: ignore[arg-type]
        measurements=measurements,
        outlier=np.zeros(HOMES),
        score=values,
        rank=np.arange(1, HOMES + 1),
        has_history=np.ones(HOMES, dtype=bool),
        hits={"unusual_pattern": values >= 4.5},
        model_version="redflags-outliers/3",
    )


REPAIRS_FIRST = a_detection(
    measured({"repair_count": [9, 0, 0, 0, 0, 0], "tell": [0, 3, 0, 0, 0, 0]}),
    [6.0, 5.0, 1.0, 0.5, 0.2, 0.1],
)


def test_without_a_ranker_nothing_changes() -> None:
    assert ranked(REPAIRS_FIRST, RANKING, None) is REPAIRS_FIRST


def test_who_was_second_may_come_first(ranker: FittedRanker) -> None:
    found = ranked(REPAIRS_FIRST, RANKING, ranker)
    assert list(found.rank[:2]) == [2, 1]


def test_the_scores_of_the_day_stay_and_change_hands(ranker: FittedRanker) -> None:
    found = ranked(REPAIRS_FIRST, RANKING, ranker)
    assert sorted(found.score) == sorted(REPAIRS_FIRST.score)
    assert list(found.score[np.argsort(found.rank)]) == sorted(found.score, reverse=True)


def test_what_the_rules_said_stays(ranker: FittedRanker) -> None:
    found = ranked(REPAIRS_FIRST, RANKING, ranker)
    assert found.hits is REPAIRS_FIRST.hits
    np.testing.assert_array_equal(found.score_of_rules, REPAIRS_FIRST.score)


def test_both_models_are_named(ranker: FittedRanker) -> None:
    found = ranked(REPAIRS_FIRST, RANKING, ranker)
    assert found.model_version == "redflags-outliers/3+redflags-ranker/1"


def test_the_alert_says_what_weighed_most(ranker: FittedRanker) -> None:
    found = ranked(REPAIRS_FIRST, RANKING, ranker)
    (told,) = what_weighed_most(found, 1)
    words = "What weighed most: words of force, fear or a partner, within three months."
    assert (told.rule_id, told.sentence, told.evidence) == (RULE, words, ())


@pytest.mark.parametrize(("newest", "words"), [(180, "half a year"), (365, "a year")])
def test_the_time_is_the_shortest_that_holds_all(
    ranker: FittedRanker, newest: int, words: str
) -> None:
    older = replace(REPAIRS_FIRST, measurements=measured({"tell": [0, 3, 0, 0, 0, 0]}, newest))
    (told,) = what_weighed_most(ranked(older, RANKING, ranker), 1)
    assert told.sentence.endswith(f"within {words}.")


def test_in_the_order_that_was_not_learned_there_is_no_such_sentence() -> None:
    assert what_weighed_most(REPAIRS_FIRST, 1) == ()


def test_a_household_of_which_nothing_is_known_gets_no_sentence(ranker: FittedRanker) -> None:
    assert what_weighed_most(ranked(REPAIRS_FIRST, RANKING, ranker), 5) == ()


def test_three_are_named_at_most_heaviest_first() -> None:
    added = {"tell": 1.0, "lock_change": 3.0, "internal_damage": 2.0, "window_damage": 0.9}
    assert sentence(added, 180) == (
        "What weighed most: lock changes, inside doors and walls, and words of force, fear or a "
        "partner, all within half a year."
    )


def test_what_hardly_weighed_is_not_named() -> None:
    assert most({"tell": 9.0, "repair_cost": 0.9}) == ("tell",)
    assert most({"tell": 9.0, "repair_cost": 1.0}) == ("tell", "repair_cost")


def test_every_stream_has_words() -> None:
    assert set(WORDS) == {*STREAMS, PATTERN}
