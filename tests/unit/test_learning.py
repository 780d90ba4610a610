"""An order learned from outcomes, its calibration and its comparison with the order there is."""

from itertools import pairwise

import numpy as np
import pytest

from builders.outcomes import EVEN, FEATURES, a_ranking, outcomes
from redflags.analysis.learning.gradient_boosting import boosted_scores
from redflags.analysis.learning.model_comparison import (
    compare,
    held_out,
    time_blocks,
    weighted_average_precision,
)
from redflags.analysis.learning.probability_calibration import calibration_error, platt
from redflags.analysis.learning.ranker import Outcomes, RankerModel, features_of, household_folds
from redflags.analysis.surprise.household_history import STREAMS

CAPACITY = 10
RIGHT = np.array(EVEN) * 0.3


def learned(before: Outcomes, now: Outcomes) -> np.ndarray:  # type: ignore[type-arg]
    return RankerModel(EVEN).fit(before).score(now.x)


def test_what_matters_weighs_more_than_what_does_not() -> None:
    model = RankerModel(EVEN).fit(outcomes())
    coef = dict(zip(STREAMS, model.coef_, strict=True))
    telling = (coef.pop("tell"), coef.pop("lock_change"))
    assert min(telling) > 2 * max(coef.values())


def test_where_the_order_is_right_it_is_kept() -> None:
    model = RankerModel(EVEN).fit(outcomes(truth=RIGHT))
    assert model.pull_ == max(model.pulls)
    assert model.coef_.max() < 1.3 * model.coef_.min()


def test_more_of_a_sign_never_lowers_a_household() -> None:
    harmful = np.array([-1.0 if stream == "repair_count" else 0.5 for stream in STREAMS])
    model = RankerModel(EVEN).fit(outcomes(truth=harmful))
    assert model.coef_.min() >= 0


def test_what_each_feature_adds_adds_up_to_the_score() -> None:
    known = outcomes()
    model = RankerModel(EVEN).fit(known)
    added = model.contributions(known.x).sum(axis=1) + model.intercept_
    np.testing.assert_allclose(added, model.score(known.x))


def test_the_order_of_outcomes_changes_nothing() -> None:
    known = outcomes()
    turned = known.where(np.arange(len(known))[::-1].copy())
    one, other = RankerModel(EVEN).fit(known), RankerModel(EVEN).fit(turned)
    np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-3)


def test_other_features_are_refused() -> None:
    model = RankerModel(EVEN).fit(outcomes())
    with pytest.raises(ValueError, match="train again"):
        model.score(outcomes().x[list(FEATURES[::-1])])


def test_outcomes_of_one_kind_teach_nothing() -> None:
    known = outcomes()
    with pytest.raises(ValueError, match="one kind alone"):
        RankerModel(EVEN).fit(known.where(known.has_need))


def test_other_window_weights_are_other_features() -> None:
    ranking = a_ranking()
    other = ranking.model_copy(update={"window_weights": {90: 1.0}})
    assert set(features_of(ranking)).isdisjoint(features_of(other))


def test_a_household_is_never_on_both_sides() -> None:
    known = outcomes(rows_a_household=4)
    parts = household_folds(known.household, 5, 0)
    for household in np.unique(known.household):
        assert len(set(parts[known.household == household])) == 1


def test_chances_come_true() -> None:
    model = RankerModel(EVEN).fit(outcomes(rows=1200))
    fresh = outcomes(rows=4000, seed=1)
    assert calibration_error(model.chance(fresh.x), fresh.has_need, fresh.weight) < 0.05


def test_a_score_that_says_nothing_gets_one_chance_for_all() -> None:
    has_need = np.arange(100) % 4 == 0
    score = np.where(np.arange(100) // 4 % 2 == 0, 1.0, -1.0)
    fitted = platt(score, has_need, np.ones(100))
    assert fitted.slope == pytest.approx(0, abs=0.02)
    assert fitted.chance(score).mean() == pytest.approx(0.25, abs=0.02)


def test_an_order_that_turns_round_is_not_followed() -> None:
    has_need = np.arange(100) < 50
    assert platt(np.where(has_need, -1.0, 1.0), has_need, np.ones(100)).slope == 0


def test_blocks_of_time_do_not_share_a_night() -> None:
    known = outcomes()
    blocks = time_blocks(known.night)
    assert sorted(np.concatenate(blocks)) == list(range(len(known)))
    for earlier, later in pairwise(blocks):
        assert known.night[earlier].max() < known.night[later].min()


def test_a_model_sees_nothing_of_the_block_nor_of_its_households() -> None:
    known = outcomes(rows_a_household=1)
    twice = np.concatenate([np.arange(len(known)), np.arange(len(known) // 2)])
    again = known.where(twice)
    seen = []

    def spy(before: Outcomes, now: Outcomes) -> np.ndarray:  # type: ignore[type-arg]
        seen.append((before, now))
        return now.order

    held_out(again, spy, CAPACITY)
    assert seen
    for before, now in seen:
        assert before.night.max() < now.night.min()
        assert set(before.household).isdisjoint(now.household)


def test_a_wrong_order_is_beaten_and_it_shows() -> None:
    found = compare(held_out(outcomes(), learned, CAPACITY), 0)
    assert found is not None
    assert found.is_passing
    assert found.average_precision.low > 0


def test_a_right_order_is_not_said_to_be_beaten() -> None:
    passing = [
        found.is_passing
        for seed in range(10)
        if (found := compare(held_out(outcomes(300, seed, RIGHT), learned, CAPACITY), 0))
    ]
    assert sum(passing) <= 1


def test_the_same_order_differs_by_nothing() -> None:
    found = compare(held_out(outcomes(), lambda _before, now: now.order, CAPACITY), 0)
    assert found is not None
    assert (found.average_precision.value, found.average_precision.low) == (0.0, 0.0)
    assert not found.is_passing


def test_nothing_is_compared_when_nothing_can_be_held_out() -> None:
    assert compare(held_out(outcomes(rows=8), learned, CAPACITY), 0) is None


def test_average_precision_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score

    known = outcomes()
    weight = np.random.default_rng(3).exponential(1.0, len(known))
    ours = weighted_average_precision(known.order, known.has_need, weight)
    theirs = average_precision_score(known.has_need, known.order, sample_weight=weight)
    assert ours == pytest.approx(theirs)


def test_the_challenger_never_falls_with_a_feature() -> None:
    known = outcomes()
    more = known.where(np.arange(len(known)))
    more.x.iloc[:, 0] += 1.0
    assert (boosted_scores(known, more) >= boosted_scores(known, known)).all()


def test_households_below_the_line_are_heard_by_their_weight() -> None:
    """Needs that stand for nobody cannot move the model; needs that stand for many can."""
    known = outcomes(truth=RIGHT)
    odd = known.x["tell 0.5x90d+0.25x180d+0.25x365d"].to_numpy() > 2
    light = np.where(odd, 0.01, 1.0)
    heavy = np.where(odd, 20.0, 1.0)

    def weight_of_tells(weight: np.ndarray) -> float:  # type: ignore[type-arg]
        has_need = known.has_need | odd
        changed = Outcomes(
            known.x, has_need, weight, known.household, known.night, known.order, odd
        )
        model = RankerModel(EVEN, pulls=(10.0,)).fit(changed)
        return float(model.coef_[STREAMS.index("tell")] / model.coef_.mean())

    assert weight_of_tells(heavy) > weight_of_tells(light)
