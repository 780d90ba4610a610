"""The facts of a night: what its rules compared, under pseudonyms, for others to be tried on."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from redflags.analysis.ordering.detection import Detection
from redflags.analysis.ordering.rules import RuleInputs
from redflags.analysis.replay.what_if import facts_of, floors_of, shape_of
from redflags.configuration.ruleset import RuleSet

Pseudonym = Callable[[str], str]


@dataclass(frozen=True)
class NightFacts:
    """Facts of one night and what they hold for.

    `shape` names rule sets that differ from this one in thresholds alone; `floors` are the lowest
    thresholds that the facts can answer for, by rule and name.
    """

    as_of: date
    shape: str
    ruleset_hash: str
    households: int
    floors: dict[str, dict[str, float]]
    table: pd.DataFrame


@dataclass(frozen=True)
class KeptNights:
    """Facts of nights of one shape, by day; `floors` hold for all of them."""

    facts: dict[date, pd.DataFrame]
    floors: dict[str, dict[str, float]]
    households: int


def night_facts(
    detection: Detection,
    ruleset: RuleSet,
    as_of: date,
    protected: Collection[str],
    canary_patch: str,
    pseudonym: Pseudonym,
) -> NightFacts:
    """What a scored day leaves behind.

    Args:
        protected: households of which only the specialist may hear.
    """
    inputs = RuleInputs(
        detection.history,
        detection.measurements,
        detection.score_of_rules,
        detection.has_history,
    )
    refs = detection.households["household_ref"]
    shown = (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)
    specialist = refs.isin(set(protected)).to_numpy(dtype=bool)
    table = facts_of(inputs, ruleset, refs, specialist, shown)
    table["household"] = table["household"].map(pseudonym)
    return NightFacts(
        as_of=as_of,
        shape=shape_of(ruleset),
        ruleset_hash=ruleset.hash,
        households=int(shown.sum()),
        floors={rule_id: own.given() for rule_id, own in floors_of(ruleset).items()},
        table=table,
    )
