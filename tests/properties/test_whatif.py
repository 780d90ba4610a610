"""Trying other thresholds on kept facts says what the rules themselves would have said."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from builders.detection import Estate, a_rule, a_ruleset, measured
from redflags.analysis.ordering.rules import RuleInputs, hits
from redflags.analysis.replay.what_if import (
    RuleThresholds,
    facts_of,
    flag_rows,
    floors_of,
    thresholds_of,
)
from redflags.configuration.ruleset import RuleSet

HOMES = 12
counts = st.lists(st.integers(0, 8), min_size=HOMES, max_size=HOMES)
amounts = st.lists(st.floats(0, 12), min_size=HOMES, max_size=HOMES)
known = st.lists(st.booleans(), min_size=HOMES, max_size=HOMES)


def a_set(min_count: int, min_surprise: float, min_score: float) -> RuleSet:
    return a_ruleset(
        locks=a_rule(min_count=min_count),
        noise=a_rule(
            signals=("noise_disturbance",), min_count=min_count, min_surprise=min_surprise
        ),
        odd=a_rule(kind="score", signals=(), min_count=None, min_score=min_score),
    )


def asked_of(
    locks: list[int], unusual: list[float], score: list[float], has: list[bool]
) -> RuleInputs:
    estate = Estate(HOMES)
    estate.fill("lock_change", np.array(locks)).fill("noise_disturbance", np.array(locks[::-1]))
    surprises = measured(HOMES, noise_disturbance=unusual)
    return RuleInputs(estate.history(), surprises, np.array(score), np.array(has))


def kept(ruleset: RuleSet, inputs: RuleInputs) -> pd.DataFrame:
    nobody = np.zeros(HOMES, dtype=bool)
    names = pd.Series([f"H{number}" for number in range(HOMES)])
    return facts_of(inputs, ruleset, names, nobody, ~nobody)


def said(facts: pd.DataFrame, thresholds: dict[str, RuleThresholds]) -> dict[str, set[str]]:
    answer = flag_rows(facts, thresholds)
    return {rule: set(facts["household"][flags]) for rule, flags in answer.by_rule.items()}


def by_the_rules(ruleset: RuleSet, inputs: RuleInputs) -> dict[str, set[str]]:
    spoken_of = hits(ruleset, inputs)
    return {rule: {f"H{n}" for n in np.flatnonzero(flags)} for rule, flags in spoken_of.items()}


@given(counts, amounts, amounts, known, st.integers(1, 6), st.floats(0.1, 8), st.floats(0.1, 8))
def test_the_live_thresholds_say_what_the_rules_say(
    locks: list[int],
    unusual: list[float],
    score: list[float],
    has: list[bool],
    min_count: int,
    min_surprise: float,
    min_score: float,
) -> None:
    ruleset = a_set(min_count, min_surprise, min_score)
    inputs = asked_of(locks, unusual, score, has)
    facts = kept(ruleset, inputs)
    assert said(facts, thresholds_of(ruleset)) == by_the_rules(ruleset, inputs)


@given(counts, amounts, amounts, known, st.integers(0, 6), st.floats(0, 8), st.floats(0, 8))
def test_so_do_all_thresholds_from_the_floors_up(
    locks: list[int],
    unusual: list[float],
    score: list[float],
    has: list[bool],
    more: int,
    rarer: float,
    odder: float,
) -> None:
    live = a_set(4, 3.0, 4.0)
    inputs = asked_of(locks, unusual, score, has)
    tried = a_set(2 + more, 1.5 + rarer, 2.0 + odder)
    assert floors_of(live) == thresholds_of(a_set(2, 1.5, 2.0))
    assert said(kept(live, inputs), thresholds_of(tried)) == by_the_rules(tried, inputs)


@given(
    counts,
    amounts,
    amounts,
    known,
    st.sampled_from([("locks", "min_count"), ("noise", "min_surprise"), ("odd", "min_score")]),
    st.floats(0, 6),
)
def test_raising_a_threshold_never_adds_a_household(
    locks: list[int],
    unusual: list[float],
    score: list[float],
    has: list[bool],
    raised: tuple[str, str],
    by: float,
) -> None:
    live = a_set(4, 3.0, 4.0)
    facts = kept(live, asked_of(locks, unusual, score, has))
    before = thresholds_of(live)
    rule, name = raised
    after = before | {rule: before[rule].changed(name, before[rule].given()[name] + round(by))}
    assert not (flag_rows(facts, after).any & ~flag_rows(facts, before).any).any()


def test_the_canary_is_not_kept() -> None:
    ruleset = a_set(2, 1.0, 1.0)
    inputs = asked_of([5] * HOMES, [0.0] * HOMES, [0.0] * HOMES, [True] * HOMES)
    shown = np.arange(HOMES) > 0
    names = pd.Series([f"H{number}" for number in range(HOMES)])
    facts = facts_of(inputs, ruleset, names, ~shown, shown)
    assert list(facts["household"]) == [f"H{number}" for number in range(1, HOMES)]
