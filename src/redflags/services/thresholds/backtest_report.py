"""What a backtest says: tables for a file, lines for a person, numbers for a run."""

import pandas as pd

from redflags.analysis.monitoring.confidence_intervals import in_words
from redflags.analysis.replay.backtest_measures import Found, RuleYield, blast_radius
from redflags.analysis.replay.backtest_verdict import BacktestReport, Verdict
from redflags.analysis.replay.simulated_queue import BacktestPlan, ReplayedAlert
from redflags.analysis.replay.what_if import other_scores


def night_table(report: BacktestReport) -> pd.DataFrame:
    """One row a rule set and night."""
    return pd.concat(
        [verdict.weeks.assign(ruleset=verdict.name) for verdict in report.verdicts],
        ignore_index=True,
    )


def alert_table(report: BacktestReport) -> pd.DataFrame:
    """One row an alert, with its rules and sentences."""
    return pd.DataFrame(
        [
            _alert_row(verdict.name, alert)
            for verdict in report.verdicts
            for alert in verdict.alerts
        ],
        columns=["ruleset", *_ALERT_COLUMNS],
    )


def change_table(report: BacktestReport) -> pd.DataFrame:
    """Who enters and who leaves against the first rule set, with their reasons."""
    first, *others = report.verdicts
    rows = []
    for verdict in others:
        entering, leaving = blast_radius(first.nights, verdict.nights)
        for change, alerts in (("enters", entering), ("leaves", leaving)):
            rows += [{"change": change, **_alert_row(verdict.name, alert)} for alert in alerts]
    return pd.DataFrame(rows, columns=["change", "ruleset", *_ALERT_COLUMNS])


def rule_table(report: BacktestReport) -> pd.DataFrame:
    """One row a rule set and rule."""
    return pd.DataFrame(
        [_rule_row(verdict.name, rule) for verdict in report.verdicts for rule in verdict.yields]
    )


def metrics(verdict: Verdict) -> dict[str, float]:
    """Numbers of one replay, for an MLflow run."""
    weekly = verdict.weeks
    told = {
        "alerts": float(weekly["raised"].sum()),
        "alerts_a_night": float(weekly["raised"].mean()),
        "waiting_last_night": float(weekly["waiting"].iloc[-1]),
        "repeat_share": verdict.repeats.value or 0.0,
        "stability": float(weekly["stability"].dropna().mean()) if len(weekly) > 1 else 1.0,
    }
    if verdict.found is not None:
        told["precision"] = verdict.found.precision.value or 0.0
        told["recall"] = verdict.found.recall.value or 0.0
        if verdict.found.average_precision is not None:
            told["average_precision"] = verdict.found.average_precision
        if verdict.found.nights_to_alert is not None:
            told["nights_to_alert"] = float(verdict.found.nights_to_alert)
    return told


def lines(report: BacktestReport) -> list[str]:
    """The report for the terminal."""
    told = [f"set aside: {fault}" for fault in report.set_aside]
    for verdict in report.verdicts:
        told += _verdict_lines(verdict, report.plan)
    first, *others = report.verdicts
    for verdict in others:
        entering, leaving = blast_radius(first.nights, verdict.nights)
        told.append(
            f"{verdict.name} against {first.name}: {len(entering)} households enter, "
            f"{len(leaving)} leave; changes.parquet names them by pseudonym, with their reasons"
        )
        told += filter(None, [other_scores(first.ruleset, verdict.name, verdict.ruleset)])
    if not report.is_labelled:
        told.append(
            "without labels this tells how much work there would be, not how right it would be"
        )
    return told


def _verdict_lines(verdict: Verdict, plan: BacktestPlan) -> list[str]:
    weekly = verdict.weeks
    told = [
        "",
        f"{verdict.name} ({verdict.ruleset.hash}): {len(weekly)} nights, "
        f"{verdict.households:,} households, capacity {plan.capacity} a replayed night",
        f"  alerts: {weekly['raised'].sum():,} raised, {weekly['raised'].mean():.1f} a night "
        f"(most {weekly['raised'].max()}), {weekly['waiting'].iloc[-1]} still beyond capacity; "
        f"{in_words(verdict.repeats)} about a household alerted before",
        f"  stability: {weekly['stability'].mean():.0%} of a night's flagged households were "
        "flagged the night before",
    ]
    if verdict.found is not None:
        told += _found_lines(verdict.found)
    told.append(f"  {'rule':<26}{'alerts':>8}{'alone':>8}  with an episode")
    for rule in verdict.yields:
        share = "" if rule.with_episode is None else in_words(rule.with_episode)
        told.append(f"  {rule.rule_id:<26}{rule.alerts:>8,}{rule.alone:>8,}  {share}")
    return told


def _found_lines(verdict: Found) -> list[str]:
    wait = "none" if verdict.nights_to_alert is None else f"{verdict.nights_to_alert:.0f} days"
    average = "" if verdict.average_precision is None else f"{verdict.average_precision:.3f}"
    return [
        f"  precision at capacity: {in_words(verdict.precision)}",
        "  recall of all episodes, those on which no rule fired included: "
        f"{in_words(verdict.recall)}",
        f"  average precision, mean of the nights: {average}; median time to alert: {wait}",
    ]


_ALERT_COLUMNS = ("as_of", "household", "rank", "score", "priority", "rules", "reasons")


def _alert_row(name: str, alert: ReplayedAlert) -> dict[str, object]:
    return {
        "ruleset": name,
        "as_of": alert.as_of,
        "household": alert.household,
        "rank": alert.rank,
        "score": alert.score,
        "priority": alert.priority.label,
        "rules": ", ".join(alert.rules),
        "reasons": " ".join(alert.sentences),
    }


def _rule_row(name: str, rule: RuleYield) -> dict[str, object]:
    share = rule.with_episode
    low, high = (None, None) if share is None else share.interval
    return {
        "ruleset": name,
        "rule_id": rule.rule_id,
        "alerts": rule.alerts,
        "alone": rule.alone,
        "with_episode": None if share is None else share.hits,
        "low": low,
        "high": high,
    }
