"""What the analyst's bench says: thresholds in words, counts with the small ones held back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from redflags.analysis.monitoring.confidence_intervals import in_words as share_in_words
from redflags.analysis.monitoring.small_number_suppression import at_most, is_small
from redflags.analysis.monitoring.small_number_suppression import in_words as count_in_words
from redflags.configuration.review_settings import Quality
from redflags.configuration.ruleset import Rule, RuleSet, ruleset_of_text
from redflags.configuration.thresholds import Threshold
from redflags.domain.plain_names import SIGNAL_NAMES, rule_words
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.casework.reading.rule_yields import Yields
    from redflags.domain.known_ruleset import KnownRuleset
    from redflags.domain.shadow_night import ShadowNight
    from redflags.services.thresholds.threshold_preview import (
        AdjustableThreshold,
        FlaggedCounts,
        PreviewResult,
    )

THRESHOLD_WORDS = {
    "window_days": "looks back over",
    "min_count": "asks for at least",
    "min_surprise": "unusual by at least",
    "min_score": "scores at least",
}
KIND_WORDS = {
    "count": "Counts records of any of these",
    "distinct": "Counts how many of these there are",
    "cost": "Compares what repairs cost",
    "score": "Looks at the overall score, where there are records of any of these",
}
SCORE_ALONE = "Looks at the overall score"
EVIDENCE_WORDS = (
    "A score is the weight of the evidence, in powers of ten. At 2 the records make it a hundred "
    "times more likely that something is happening than before we looked. At 0 they tell us "
    "nothing. A quiet home is a little below 0. A score is not the probability that somebody is "
    "being harmed."
)
SUM_WORDS = "A score is a weighted sum of how unusual each sign is, in points from 0 up."
STANDING_WORDS = {
    "proposed": "Proposed",
    "backtested": "Tried on past nights",
    "approved": "Approved",
    "live": "Live",
    "retired": "Was live",
}


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One threshold with all that stands behind it."""

    what: str
    value: str
    reason: str
    owner: str
    date: date


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in words."""

    rule_id: str
    title: str
    how: str
    policy: str
    priority: str
    beyond_capacity: bool
    thresholds: tuple[ThresholdRow, ...]


def score_words(ruleset: RuleSet) -> str:
    """What a score means in this rule set; blank where no rule asks for one."""
    if all(rule.kind != "score" for rule in ruleset.rules.values()):
        return ""
    meant = SUM_WORDS if ruleset.episodes is None else EVIDENCE_WORDS
    return f"{meant} In another rule set the same number may mean something else."


def rule_rows(ruleset: RuleSet) -> list[RuleRow]:
    """Every rule, in the order of the file."""
    return [_rule(rule_id, rule) for rule_id, rule in ruleset.rules.items()]


def _rule(rule_id: str, rule: Rule) -> RuleRow:
    signals = ", ".join(SIGNAL_NAMES[signal].many for signal in rule.signals)
    mention = ", where the text mentions force, fear or a partner" if rule.tell_only else ""
    rows = [
        _threshold(name, threshold)
        for name in THRESHOLD_WORDS
        if (threshold := getattr(rule, name)) is not None
    ]
    return RuleRow(
        rule_id=rule_id,
        title=rule_words(rule_id),
        how=f"{KIND_WORDS[rule.kind]}: {signals}{mention}." if signals else f"{SCORE_ALONE}.",
        policy=rule.policy,
        priority=rule.priority,
        beyond_capacity=rule.beyond_capacity,
        thresholds=tuple(rows),
    )


def _threshold(name: str, own: Threshold) -> ThresholdRow:
    value = f"{getattr(own, 'value'):g} {own.unit}"  # noqa: B009
    return ThresholdRow(THRESHOLD_WORDS[name], value, own.reason, own.owner, own.date)


def short_day(day: date) -> str:
    return f"week to {day.day} {day:%b}"


def week_rows(
    weeks: Iterable[tuple[date, int]], capacity: int, small: int
) -> list[tuple[date, str, str]]:
    """Last day, alerts, and how that compares with what the team can look at."""
    return [
        (end, count_in_words(count, small), "over capacity" if count > capacity else "")
        for end, count in weeks
    ]


def yield_rows(
    yields: "Yields", rules: Sequence[str], quality: Quality, small: int
) -> list[tuple[str, str, str]]:
    """Rule, checks of known outcome, and the share that found a need; too few are not told."""
    by_rule = {one.rule_id: one for one in yields.by_rule}
    rows = [("All alerts", yields.overall)]
    rows += [(rule_words(rule), by_rule[rule]) for rule in rules if rule in by_rule]
    told = []
    for title, one in rows:
        checks, share = one.found.cases, "not enough checks to say"
        away = min(one.found.hits, checks - one.found.hits)
        if one.is_enough(quality.enough_checks.value) and not is_small(away, small):
            share = share_in_words(one.found)
        told.append((title, count_in_words(checks, small), share))
    return told


def known_rows(known: "Sequence[KnownRuleset]", live: RuleSet) -> list[dict[str, object]]:
    """Proposed and past rule sets, the newest first."""
    return [
        {
            "hash": one.ruleset_hash,
            "version": one.version,
            "standing": STANDING_WORDS[one.standing] + (", shadow" if one.is_shadow else ""),
            "has_other_scores": _has_other_scores(one, live),
            "reason": one.reason,
            "proposed_by": one.proposed_by,
            "approved_by": one.approved_by or "",
        }
        for one in known
    ]


def _has_other_scores(one: "KnownRuleset", live: RuleSet) -> bool:
    """Whether its scores are on another scale than the live one's; False when it cannot be read."""
    from redflags.analysis.replay.what_if import score_shape_of
    from redflags.analysis.schemas import COUNTED_SIGNALS

    try:
        known = ruleset_of_text(one.ruleset_hash, one.content, COUNTED_SIGNALS)
    except ConfigurationError:
        return False
    return score_shape_of(known) != score_shape_of(live)


def shadow_rows(nights: "Sequence[ShadowNight]", small: int) -> list[dict[str, object]]:
    """What the rule set in the shadow would have done, night by night."""
    return [
        {
            "as_of": night.as_of,
            "hash": night.ruleset_hash,
            **{
                name: count_in_words(getattr(night, name), small)
                for name in ("flagged", "raised", "entering", "leaving")
            },
        }
        for night in nights
    ]


# ---------------------------------------------------------------- other thresholds tried


def preview_view(tried: "PreviewResult", small: int) -> dict[str, object]:
    """Everything the page shows of the thresholds tried, in words."""
    rules = {rule.rule_id: rule for rule in tried.rules}
    return {
        "latest": tried.latest,
        "households": tried.households,
        "is_moved": tried.is_moved,
        "live": flagged_words(tried.live, small),
        "tried": flagged_words(tried.tried, small),
        "sliders": [_slider(slider, small) for slider in tried.adjustable],
        "rules": [
            {
                "title": rule_words(rule_id),
                "live": count_in_words(rule.live, small),
                "tried": count_in_words(rule.tried, small),
                "alone": count_in_words(rule.alone, small),
            }
            for rule_id, rule in rules.items()
        ],
    }


def flagged_words(counts: "FlaggedCounts", small: int) -> str:
    """``about 31 new households a week; 470 flagged on the latest night``."""
    flagged = f"{count_in_words(counts.flagged, small)} flagged on the latest night"
    if counts.new is None:
        return flagged
    weekly = round(counts.new / counts.weeks)
    about = at_most(small) if is_small(weekly, small) else f"About {weekly:,}"
    return f"{about} new households a week; {flagged}"


def _slider(slider: "AdjustableThreshold", small: int) -> dict[str, object]:
    name = f"{slider.rule_id}.{slider.name}"
    return {
        "name": name,
        "id": name.replace(".", "-"),
        "title": rule_words(slider.rule_id),
        "what": THRESHOLD_WORDS[slider.name],
        "unit": slider.unit,
        "live": f"{slider.live:g}",
        "value": f"{slider.value:g}",
        "low": f"{slider.low:g}",
        "high": f"{slider.high:g}",
        "step": f"{slider.step:g}",
        "is_moved": slider.is_moved,
        "now": next(
            (flagged_words(r.counts, small) for r in slider.previews if r.value == slider.value), ""
        ),
        "rungs": [[f"{r.value:g}", flagged_words(r.counts, small)] for r in slider.previews],
    }
