"""Which households each kind of rule speaks of: both sides of each threshold."""

import numpy as np
import pytest

from builders.detection import Estate, a_rule, a_ruleset, a_score_rule, measured
from redflags.analysis.ordering.rules import RuleInputs, hits
from redflags.analysis.schemas import UNSIGNALLED
from redflags.configuration.ruleset import Rule


def spoken(rule: Rule, estate: Estate | None = None, **fields: object) -> list[bool]:
    """Whether the rule speaks of each household of the estate (two of them when none is given)."""
    homes = Estate(2) if estate is None else estate
    surprises = fields.get("surprises", {})
    inputs = RuleInputs(
        history=homes.history(),
        measurements=measured(homes.homes, **surprises),  # type: ignore[arg-type]
        score=np.asarray(fields.get("score", np.zeros(homes.homes)), dtype=float),
        has_history=np.asarray(fields.get("has_history", np.ones(homes.homes)), dtype=bool),
    )
    return hits(a_ruleset(asked=rule), inputs)["asked"].tolist()


def test_a_count_rule_speaks_at_its_count_and_not_below() -> None:
    estate = Estate(2).add(0, n=2).add(1, n=3)
    assert spoken(a_rule(min_count=3), estate) == [False, True]


def test_a_count_rule_adds_its_signals_up() -> None:
    estate = Estate(2).add(0, "lock_change").add(0, "door_damage").add(1, "lock_change")
    rule = a_rule(signals=("lock_change", "door_damage"), min_count=2)
    assert spoken(rule, estate) == [True, False]


def test_a_count_rule_looks_at_its_window_and_no_further() -> None:
    estate = Estate(2).add(0, age_days=179).add(1, age_days=180)
    assert spoken(a_rule(window_days=180), estate) == [True, False]


def test_a_distinct_rule_counts_signs_and_not_records() -> None:
    estate = Estate(2).add(0, "lock_change", 5).add(1, "lock_change").add(1, "door_damage")
    rule = a_rule(kind="distinct", signals=("lock_change", "door_damage"), min_count=2)
    assert spoken(rule, estate) == [False, True]


def test_a_rule_for_tells_counts_only_records_that_carry_one() -> None:
    estate = Estate(2).add(0, n=5).add_tells(0, n=1).add_tells(1, n=2)
    assert spoken(a_rule(tell_only=True, min_count=2), estate) == [False, True]


def test_a_cost_rule_needs_its_jobs_and_its_surprise() -> None:
    rule = a_rule(kind="cost", signals=("repair_cost",), min_count=4, min_surprise=3.0)
    estate = Estate(3).add_cost(0, 9000, jobs=3).add_cost(1, 9000, jobs=4).add_cost(2, 9000, jobs=4)
    assert spoken(rule, estate, surprises={"repair_cost": [9, 3.0, 2.99]}) == [False, True, False]


def test_a_score_rule_speaks_at_its_score_and_not_below() -> None:
    assert spoken(a_score_rule(6.0), score=[5.999, 6.0]) == [False, True]


def test_a_surprise_is_asked_of_the_oddest_of_the_rules_signals() -> None:
    estate = Estate(3).add(0).add(1).add(2)
    rule = a_rule(signals=("lock_change", "door_damage"), min_surprise=2.0)
    surprises = {"lock_change": [1.99, 0, 2.0], "door_damage": [0, 2.0, 0], "asb_report": [9, 9, 9]}
    assert spoken(rule, estate, surprises=surprises) == [False, True, True]


@pytest.mark.parametrize(
    ("rule", "speaks"),
    [
        (a_rule(min_count=1), True),
        (a_rule(min_count=1, tell_only=True), True),
        (a_rule(kind="distinct", min_count=1), True),
        (a_rule(min_count=1, min_surprise=1.0), False),
        (a_score_rule(1.0), False),
        (a_rule(kind="cost", signals=("repair_cost",), min_count=1, min_surprise=1.0), False),
    ],
)
def test_too_short_a_history_silences_what_compares_and_not_what_counts(
    rule: Rule, speaks: bool
) -> None:
    estate = Estate(1).add_tells(0).add_cost(0, 900)
    odd = {"surprises": {"lock_change": [9.0], "repair_cost": [9.0]}, "score": [9.0]}
    assert spoken(rule, estate, has_history=[False], **odd) == [speaks]
    assert spoken(rule, estate, has_history=[True], **odd) == [True]


def test_rules_answer_in_the_order_of_the_file() -> None:
    ruleset = a_ruleset(zulu=a_rule(), alpha=a_rule(min_count=2))
    inputs = RuleInputs(Estate(1).history(), measured(1), np.zeros(1), np.ones(1, dtype=bool))
    assert list(hits(ruleset, inputs)) == ["zulu", "alpha"]


def test_a_tell_counts_for_a_rule_of_tells_whatever_else_its_record_is() -> None:
    estate = Estate(2).add_tells(0).add_tells(1)
    estate.tells[UNSIGNALLED][1, 0] = 1
    assert spoken(a_rule(tell_only=True, min_count=2), estate) == [False, True]
