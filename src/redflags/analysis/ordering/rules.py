"""The policy's sentences with their thresholds: which households each rule speaks of.

A rule answers for every household at once. What it says of one household is put into words in
`reason_sentences`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redflags.analysis.schemas import UNSIGNALLED
from redflags.analysis.surprise.household_history import COST, History
from redflags.analysis.surprise.surprise_scores import Measurements
from redflags.configuration.ruleset import Rule, RuleSet

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RuleInputs:
    """What rules look at: counts, surprises, the whole score, and who has history enough."""

    history: History
    measurements: Measurements
    score: Floats
    has_history: Flags


def hits(ruleset: RuleSet, inputs: RuleInputs) -> dict[str, Flags]:
    """For each rule, in the order of the file, which households it speaks of; (households,)."""
    return {rule_id: _speaks(rule, inputs) for rule_id, rule in ruleset.rules.items()}


def _speaks(rule: Rule, inputs: RuleInputs) -> Flags:
    spoken = np.ones(len(inputs.score), dtype=np.bool_)
    if rule.min_count is not None:
        spoken &= rule_count(rule, inputs) >= rule.min_count.value
    if rule.min_surprise is not None:
        spoken &= (rule_surprise(rule, inputs) >= rule.min_surprise.value) & inputs.has_history
    if rule.min_score is not None:
        spoken &= (inputs.score >= rule.min_score.value) & inputs.has_history
    return spoken


def rule_count(rule: Rule, inputs: RuleInputs) -> Floats:
    """What `min_count` is compared with: records, different signals, or repairs; (households,)."""
    if rule.kind == "cost":
        return inputs.history.within("repair_count", rule.window_days.value)
    counts = [_signal_count(rule, signal, inputs) for signal in spoken_of(rule)]
    if rule.kind == "distinct":
        counts = [(count > 0).astype(np.float64) for count in counts]
    return np.asarray(np.sum(counts, axis=0), dtype=np.float64)


def spoken_of(rule: Rule) -> tuple[str, ...]:
    """Signals whose records the rule counts; a tell counts whatever else its record is."""
    return (*rule.signals, UNSIGNALLED) if rule.tell_only else rule.signals


def _signal_count(rule: Rule, signal: str, inputs: RuleInputs) -> Floats:
    days = rule.window_days.value
    history = inputs.history
    return history.tells_within(signal, days) if rule.tell_only else history.within(signal, days)


def rule_surprise(rule: Rule, inputs: RuleInputs) -> Floats:
    """What `min_surprise` is compared with: the largest surprise among the rule's signals."""
    days = rule.window_days.value
    signals = (COST,) if rule.kind == "cost" else rule.signals
    surprises = [inputs.measurements.parts[signal, days].surprise for signal in signals]
    return np.asarray(np.max(surprises, axis=0), dtype=np.float64)
