"""What holds for every landlord: of surprise, rules and ranking."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import nbinom

from builders.detection import Estate, a_rule, a_ruleset, measured, surprise_settings
from builders.examples import examples
from redflags.analysis.ordering.ranking import combined_score, total_order
from redflags.analysis.ordering.rules import RuleInputs, hits
from redflags.analysis.surprise.household_history import History
from redflags.analysis.surprise.surprise_scores import measure, tail_surprise
from redflags.configuration.ruleset import RuleSet

SETTINGS = surprise_settings()
HOMES = 12
FEW = examples(40)


@st.composite
def landlords(draw: st.DrawFn) -> Estate:
    """A dozen homes with arbitrary counts, tells, costs and lengths of stay."""
    shape = (HOMES, 5)
    small = arrays(np.int64, shape, elements=st.integers(0, 6))
    estate = Estate(
        HOMES,
        watched_days=draw(st.lists(st.integers(1, 1095), min_size=HOMES, max_size=HOMES)),
        cohort=draw(st.lists(st.integers(0, 2), min_size=HOMES, max_size=HOMES)),
    )
    for stream in ("lock_change", "door_damage", "repair_count"):
        estate.counts[stream] += draw(small)
    estate.tells["lock_change"] += np.minimum(estate.counts["lock_change"], draw(small))
    estate.cost += draw(small) * 150.0 * (estate.counts["repair_count"] > 0)
    return estate


def permuted(history: History, order: np.ndarray) -> History:
    return replace(
        history,
        counts={name: values[order] for name, values in history.counts.items()},
        tell_counts={name: values[order] for name, values in history.tell_counts.items()},
        cost_gbp=history.cost_gbp[order],
        watched_days={name: values[order] for name, values in history.watched_days.items()},
        cohort=history.cohort[order],
        in_baseline=history.in_baseline[order],
    )


def surprises(history: History) -> np.ndarray:
    return measure(history, SETTINGS).matrix().to_numpy()


@FEW
@given(landlords())
def test_every_surprise_is_a_number_from_nought_to_the_largest(estate: Estate) -> None:
    values = surprises(estate.history())
    assert np.isfinite(values).all()
    assert (values >= 0).all() and (values <= SETTINGS.largest.value).all()


@FEW
@given(landlords(), st.permutations(range(HOMES)))
def test_the_order_of_households_does_not_matter(estate: Estate, order: list[int]) -> None:
    history, where = estate.history(), np.array(order)
    np.testing.assert_allclose(
        surprises(permuted(history, where)), surprises(history)[where], rtol=1e-9, atol=1e-9
    )


@FEW
@given(landlords(), st.integers(0, HOMES - 1), st.integers(1, 50))
def test_a_home_never_moves_the_rate_it_is_compared_with(
    estate: Estate, home: int, more: int
) -> None:
    before = measure(estate.history(), SETTINGS).parts["lock_change", 180].like_homes_rate[home]
    estate.add(home, "lock_change", more)
    after = measure(estate.history(), SETTINGS).parts["lock_change", 180].like_homes_rate[home]
    np.testing.assert_allclose(before, after, rtol=1e-9)


@FEW
@given(landlords(), st.integers(1, 60))
def test_what_a_confirmed_home_did_moves_no_other_home(estate: Estate, more: int) -> None:
    estate.confirmed = (0,)
    before = surprises(estate.history())
    estate.add(0, "lock_change", more).add_cost(0, 9000.0 * more)
    np.testing.assert_allclose(before[1:], surprises(estate.history())[1:], atol=1e-9)


@given(
    st.integers(0, 400),
    st.floats(0.003, 3.0),
    st.floats(0.02, 200.0),
    st.floats(0.01, 2000.0),
)
def test_one_more_is_never_less_surprising_and_the_tail_is_the_oracles(
    count: int, years: float, shape: float, inverse_scale: float
) -> None:
    both = np.array([count, count + 1], dtype=float)
    fewer, more = tail_surprise(
        both, np.full(2, years), np.full(2, shape), np.full(2, inverse_scale), largest=12.0
    )
    assert fewer <= more + 1e-9
    tail = nbinom.sf(count - 1, shape, inverse_scale / (inverse_scale + years)) if count else 1.0
    oracle = min(-np.log10(max(tail, 1e-300)), 12.0)
    np.testing.assert_allclose(fewer, oracle, rtol=1e-6, atol=1e-9)


@FEW
@given(landlords(), st.integers(0, HOMES - 1))
def test_what_befalls_every_home_is_less_odd_than_what_befalls_one(
    estate: Estate, home: int
) -> None:
    now = estate.counts["repair_count"].copy()
    estate.counts["repair_count"] = now * 2
    everybody = estate.history()
    alone = now.copy()
    alone[home] *= 2
    k_alike = replace(everybody, counts=everybody.counts | {"repair_count": alone})
    rates = [
        measure(history, SETTINGS).parts["repair_count", 180].like_homes_rate[home]
        for history in (everybody, k_alike)
    ]
    assert rates[0] >= rates[1] - 1e-9


# ---------------------------------------------------------------- rules


def asked(estate: Estate, ruleset: RuleSet, score: np.ndarray) -> dict[str, np.ndarray]:
    history = estate.history()
    long_here = history.watched_days["repair_count"] >= 90
    return hits(ruleset, RuleInputs(history, measure(history, SETTINGS), score, long_here))


@FEW
@given(landlords(), st.data())
def test_a_higher_threshold_never_adds_a_household(estate: Estate, data: st.DataObject) -> None:
    window = data.draw(st.sampled_from([90, 180, 365]))
    low = data.draw(st.tuples(st.integers(1, 5), st.floats(0, 3), st.floats(0, 5)))
    more = data.draw(st.tuples(st.integers(0, 3), st.floats(0, 3), st.floats(0, 5)))
    score = np.array(data.draw(st.lists(st.floats(0, 10), min_size=HOMES, max_size=HOMES)))

    def rules(count: int, surprise: float, least: float) -> RuleSet:
        both = {"window_days": window, "signals": ("lock_change", "door_damage")}
        cost = {"kind": "cost", "signals": ("repair_cost",), "window_days": window}
        return a_ruleset(
            count=a_rule(min_count=count, **both),
            tells=a_rule(min_count=count, tell_only=True, **both),
            distinct=a_rule(kind="distinct", min_count=min(count, 2), **both),
            rare=a_rule(min_count=count, min_surprise=surprise, **both),
            dear=a_rule(min_count=count, min_surprise=surprise, **cost),
            odd=a_rule(kind="score", signals=(), min_count=None, min_score=least),
        )

    lower = asked(estate, rules(*low), score)
    higher = asked(estate, rules(*(a + b for a, b in zip(low, more, strict=True))), score)
    for rule_id, flags in higher.items():
        assert not (flags & ~lower[rule_id]).any(), rule_id


# ---------------------------------------------------------------- ranking


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 3), st.text("ab01", min_size=1, max_size=4)), max_size=30),
    st.randoms(use_true_random=False),
)
def test_the_order_is_total_and_the_same_however_households_come(homes: list, random) -> None:
    homes = list({ref: (score, ref) for score, ref in homes}.values())
    shuffled = random.sample(homes, len(homes))

    def ranked(given: list) -> dict[str, int]:
        refs = pd.Series([ref for _, ref in given], dtype=str)
        score = np.array([score for score, _ in given], dtype=float)
        return dict(zip(refs, total_order(score, refs).tolist(), strict=True))

    told = ranked(homes)
    assert sorted(told.values()) == list(range(1, len(homes) + 1))
    assert told == ranked(shuffled)
    in_order = sorted(homes, key=lambda home: (-home[0], home[1]))
    assert [told[ref] for _, ref in in_order] == list(range(1, len(homes) + 1))


@FEW
@given(
    arrays(np.float64, (4, HOMES), elements=st.floats(0, 12)),
    st.floats(0, 6),
    st.sampled_from(["tell", "lock_change", "repair_count"]),
)
def test_more_surprise_never_lowers_a_score(values: np.ndarray, more: float, stream: str) -> None:
    ranking = a_ruleset().ranking
    plain = dict(zip(("tell", "lock_change", "repair_count"), values, strict=False))
    raised = plain | {stream: plain[stream] + more}
    before, after = (
        combined_score(measured(HOMES, **parts), values[3], ranking) for parts in (plain, raised)
    )
    assert (after >= before).all()
    assert np.isfinite(after).all()
