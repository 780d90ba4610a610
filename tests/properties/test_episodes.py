"""What holds of the pattern over time for every landlord."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.episodes import RULESET, SHIPPED, Mark, ordinary, scores, some_homes
from builders.examples import examples
from redflags.analysis.episodes import MARKS

MOST_OF_ONE_WEAK_MARK = 2.0
"""What docs/analyst.md says a lost key, or a visit nobody opened for, adds at most."""

MARK = st.builds(
    Mark,
    days_ago=st.integers(0, 1090),
    mark=st.sampled_from(MARKS),
    told=st.booleans(),
)
ESTATE = st.lists(st.lists(MARK, max_size=5), min_size=5, max_size=25)


def an_estate(homes: int, seed: int, per_year: float = 0.5) -> list[list[Mark]]:
    """Homes that differ in how much happens there, and no episode anywhere."""
    rng = np.random.default_rng(seed)
    usual = 3 * per_year * rng.gamma(1.2, 1 / 1.2, homes)
    kinds = ("door_damage", "window_damage", "internal_damage", "noise_disturbance", "lock_change")
    return [
        [
            Mark(int(rng.integers(0, 1090)), str(rng.choice(kinds)), bool(rng.random() < 0.03))
            for _ in range(rng.poisson(rate))
        ]
        for rate in usual
    ]


@examples(30)
@given(ESTATE, st.randoms(use_true_random=False))
def test_the_order_of_households_and_of_their_records_does_not_matter(
    estate: list[list[Mark]], random: "np.random.Generator"
) -> None:
    before = scores(estate)
    order = list(range(len(estate)))
    random.shuffle(order)
    mixed = [list(estate[place]) for place in order]
    for marks in mixed:
        random.shuffle(marks)
    np.testing.assert_allclose(scores(mixed), before[order], atol=1e-9)


@examples(30)
@given(ESTATE)
def test_every_score_is_a_number(estate: list[list[Mark]]) -> None:
    assert np.isfinite(scores(estate)).all()


@examples(25)
@given(
    st.lists(MARK, max_size=4),
    st.sampled_from(["lost_key", "missed_visit"]),
    st.integers(0, 1000),
)
def test_one_innocent_looking_record_never_raises_a_score_by_more_than_told(
    marks: Sequence[Mark], weak: str, days_ago: int
) -> None:
    others = [ordinary(number) for number in range(1500)]
    before, after = scores([marks, [*marks, Mark(days_ago, weak)], *others])[:2]
    assert after - before < MOST_OF_ONE_WEAK_MARK


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_doubling_every_homes_records_at_once_leaves_nobody_surprising(seed: int) -> None:
    """As a new contractor or another way of recording would."""
    before = an_estate(3000, seed)
    after = [marks + [mark for mark in marks if mark.days_ago < 90] for marks in before]
    least = RULESET.rules["unusual_pattern"].min_score
    assert least is not None
    assert (scores(before) >= least.value).mean() < 0.003
    assert (scores(after) >= least.value).mean() < 0.005


def test_doubling_one_homes_records_is_more_surprising_than_doubling_everybodys() -> None:
    before = an_estate(3000, seed=4)
    home = next(n for n, marks in enumerate(before) if sum(m.days_ago < 90 for m in marks) > 1)
    twice = [marks + [mark for mark in marks if mark.days_ago < 90] for marks in before]
    alone = [*before[:home], twice[home], *before[home + 1 :]]
    assert scores(alone)[home] > scores(twice)[home]


@examples(20)
@given(st.lists(MARK, min_size=1, max_size=4), st.integers(60, 4000))
def test_homes_that_are_alike_score_alike(marks: list[Mark], lived_days: int) -> None:
    estate = [marks, marks, [], [], *(ordinary(n) for n in range(200))]
    found = scores(estate, some_homes(len(estate), lived_days=float(lived_days)), SHIPPED)
    assert found[0] == pytest.approx(found[1], abs=1e-9)
    assert found[2] == pytest.approx(found[3], abs=1e-9)
