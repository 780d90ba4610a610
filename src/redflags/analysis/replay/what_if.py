"""What the thresholds of a rule set compare, kept of a night so that others can be tried at once.

The numbers of a night (a count and a surprise for each rule, the score) do not depend on the
thresholds they are compared with. Kept are households that come at least half way to some rule (a
quarter of the way on a score in powers of ten), so the answer for any thresholds from there up is
exact; these are the night's `floors`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.ordering.rules import RuleInputs, rule_count, rule_surprise
from redflags.configuration.ruleset import RuleSet

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
HOUSEHOLD, SCORE, HAS_HISTORY, SPECIALIST = "household", "score", "has_history", "specialist"
NUMBERS = ("min_count", "min_surprise", "min_score")
NOT_ASKED = {"version", "author", "reason", "date", "parent", "queue", "retention", "learning"}
MAKES_SCORES = {"surprise", "innocent", "outliers", "episodes", "ranking"}


@dataclass(frozen=True, slots=True)
class RuleThresholds:
    """What one rule compares with; None where it does not ask."""

    min_count: int | None = None
    min_surprise: float | None = None
    min_score: float | None = None

    def changed(self, name: str, value: float) -> "RuleThresholds":
        """The same with one number other; counts stay whole."""
        if name == "min_count":
            return replace(self, min_count=round(value))
        if name == "min_surprise":
            return replace(self, min_surprise=float(value))
        return replace(self, min_score=float(value))

    def given(self) -> dict[str, float]:
        """The numbers the rule asks for, by name."""
        return {name: value for name in NUMBERS if (value := getattr(self, name)) is not None}


Thresholds = Mapping[str, RuleThresholds]


@dataclass(frozen=True, slots=True)
class RuleFlags:
    """Which rows each rule speaks of, in the order of the rule set, and which any does."""

    by_rule: dict[str, Flags]
    any: Flags


def thresholds_of(ruleset: RuleSet) -> dict[str, RuleThresholds]:
    """The thresholds as they stand in a rule set."""
    return {
        rule_id: RuleThresholds(
            None if rule.min_count is None else rule.min_count.value,
            None if rule.min_surprise is None else rule.min_surprise.value,
            None if rule.min_score is None else rule.min_score.value,
        )
        for rule_id, rule in ruleset.rules.items()
    }


def floors_of(ruleset: RuleSet) -> dict[str, RuleThresholds]:
    """The lowest thresholds that can be tried: half of each.

    A rule that asks for more than one record never comes to ask for one: one is no pattern. A score
    in powers of ten is a logarithm: half of 2 is still evidence ten times over, so a quarter is.
    """
    part_of_score = 2 if ruleset.episodes is None else 4
    return {
        rule_id: RuleThresholds(
            None if own.min_count is None else _half_of_count(own.min_count),
            None if own.min_surprise is None else own.min_surprise / 2,
            None if own.min_score is None else own.min_score / part_of_score,
        )
        for rule_id, own in thresholds_of(ruleset).items()
    }


def _half_of_count(count: int) -> int:
    return max(-(-count // 2), min(count, 2))


def shape_of(ruleset: RuleSet) -> str:
    """A hash of all that decides the numbers: rule sets of one shape differ in thresholds alone."""
    content: dict[str, Any] = ruleset.model_dump(mode="json", exclude=NOT_ASKED)
    for rule in content["rules"].values():
        for name in NUMBERS:
            rule[name] = rule[name] is not None
        rule.pop("priority")
        rule.pop("beyond_capacity")
    return _hash_of(content)


def score_shape_of(ruleset: RuleSet) -> str:
    """A hash of all that decides the score: only where it is one does a `min_score` mean one."""
    return _hash_of(ruleset.model_dump(mode="json", include=MAKES_SCORES))


def other_scores(first: RuleSet, name: str, other: RuleSet) -> str:
    """That the scores of two rule sets say nothing of one another; blank where they do."""
    if score_shape_of(first) == score_shape_of(other):
        return ""
    return (
        f"{name} works its scores out in another way: no score and no min_score of one rule set "
        "can be compared with the other's; compare whom they flag"
    )


def _hash_of(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(_bare(content), sort_keys=True).encode()).hexdigest()[:16]


def _bare(content: Any) -> Any:
    """Values of thresholds without the words that stand beside them."""
    if isinstance(content, dict):
        if "value" in content:
            return content["value"]
        return {key: _bare(value) for key, value in content.items() if key != "about"}
    return content


def facts_of(
    inputs: RuleInputs, ruleset: RuleSet, names: pd.Series, specialist: Flags, shown: Flags
) -> pd.DataFrame:
    """One row a household that comes at least to the floors of some rule.

    Args:
        inputs: what the night asked its rules of.
        names: what each household is called: a pseudonym.
        specialist: (households,) whose alerts are the specialist's and need no capacity.
        shown: (households,) False for the canary.

    Returns:
        ``household score has_history specialist`` and, for each rule that asks, ``<rule>.count``
        and ``<rule>.surprise``.
    """
    columns: dict[str, object] = {
        HOUSEHOLD: names.to_numpy(),
        SCORE: inputs.score,
        HAS_HISTORY: inputs.has_history,
        SPECIALIST: specialist,
    }
    for rule_id, rule in ruleset.rules.items():
        if rule.min_count is not None:
            columns[f"{rule_id}.count"] = rule_count(rule, inputs)
        if rule.min_surprise is not None:
            columns[f"{rule_id}.surprise"] = rule_surprise(rule, inputs)
    facts = pd.DataFrame(columns)
    return facts[shown & flag_rows(facts, floors_of(ruleset)).any].reset_index(drop=True)


def flag_rows(facts: pd.DataFrame, thresholds: Thresholds) -> RuleFlags:
    """What each rule would say of each row of `facts` with other thresholds.

    Exact for thresholds at or above the floors with which the facts were kept; below them,
    households are missing.
    """
    return combine_flags(
        {rule_id: flag_rows_of_rule(facts, rule_id, own) for rule_id, own in thresholds.items()}
    )


def combine_flags(by_rule: dict[str, Flags]) -> RuleFlags:
    """What the rules say, and what any of them says."""
    return RuleFlags(by_rule, np.logical_or.reduce(list(by_rule.values())))


def flag_rows_of_rule(facts: pd.DataFrame, rule_id: str, own: RuleThresholds) -> Flags:
    """Which rows of `facts` one rule would speak of; (rows,)."""
    flags = np.ones(len(facts), dtype=np.bool_)
    if own.min_count is not None:
        flags &= facts[f"{rule_id}.count"].to_numpy() >= own.min_count
    unusual = ((f"{rule_id}.surprise", own.min_surprise), (SCORE, own.min_score))
    for column, least in unusual:
        if least is not None:
            flags &= (facts[column].to_numpy() >= least) & facts[HAS_HISTORY].to_numpy()
    return flags
