"""`redflags backtest`: replay history night by night, for one or several rule sets."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.errors import UsageError

if TYPE_CHECKING:
    from redflags.analysis.backtest import Labels
    from redflags.analysis.replay import BacktestPlan
    from redflags.bootstrap import Program
    from redflags.ruleset import RuleSet
    from redflags.services.backtest import Contender
    from redflags.services.backtest_report import BacktestReport


@dataclass(frozen=True)
class Wanted:
    """What the command line asked for."""

    first: date
    last: date
    output: Path
    every: timedelta = timedelta(days=7)
    review_after: timedelta = timedelta(days=7)
    capacity: int | None = None
    labels: Path | None = None
    rulesets: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(f"--to: expected a day from {self.first} on, got {self.last}")
        if self.capacity is not None and self.capacity < 1:
            raise UsageError(f"--capacity: expected at least 1 alert, got {self.capacity}")

    @property
    def labels_hash(self) -> str:
        return "" if self.labels is None else hashlib.sha256(self.labels.read_bytes()).hexdigest()


def days_of(option: str, text: str) -> timedelta:
    """``7d`` as a timedelta. Raises UsageError for anything else."""
    number = text.removesuffix("d")
    if text == number or not number.isdecimal() or int(number) < 1:
        raise UsageError(f"{option}: expected a number of days such as 1d or 7d, got {text}")
    return timedelta(days=int(number))


def run_backtest(program: "Program", wanted: Wanted) -> "BacktestReport":
    """Replay, measure, write the folder, and keep an MLflow run for each rule set."""
    from redflags.adapters.backtests import read_labels
    from redflags.analysis.replay import BacktestPlan
    from redflags.services.backtest_report import BacktestReport, measured

    named, set_aside = program.rulesets(wanted.rulesets)
    a_night = named[0][1].queue.capacity_per_night.value
    plan = BacktestPlan(
        wanted.first,
        wanted.last,
        wanted.every,
        wanted.capacity or a_night * wanted.every.days,
        wanted.review_after,
    )
    pseudonym = program.cached_pseudonym()
    labels = None if wanted.labels is None else read_labels(wanted.labels, pseudonym)
    contenders = _replayed(program, wanted, plan, [ruleset for _, ruleset in named], labels)
    verdicts = [
        measured(name, contender.ruleset, contender.results, labels)
        for (name, _), contender in zip(named, contenders, strict=True)
    ]
    report = BacktestReport(plan, verdicts, set_aside, labels is not None)
    _write(program, wanted, report)
    _note(program, report)
    return report


def _replayed(
    program: "Program",
    wanted: Wanted,
    plan: "BacktestPlan",
    rulesets: "list[RuleSet]",
    labels: "Labels | None",
) -> "list[Contender]":
    from redflags.adapters.backtests import FolderProgress
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.backtest import replay

    with program.record_store() as records:
        totals = records.totals()
        if not any(totals.values()):
            raise UsageError("there are no records yet; run `redflags ingest` first")
        inputs = {
            "signals": program.signal_set.hash,
            "labels": wanted.labels_hash,
            "records": repr(sorted(totals.items())),
        }
        progress = FolderProgress(wanted.output / ".replay", plan, inputs)
        pseudonym = program.cached_pseudonym()
        keep = program.fact_folder.keep
        return replay(records, rulesets, plan, CANARY_PATCH, pseudonym, labels, progress, keep=keep)


def _note(program: "Program", report: "BacktestReport") -> None:
    """On record for rule sets that were proposed; see `redflags ruleset`."""
    from redflags.adapters.store.rulesets import note_backtest
    from redflags.bootstrap import utc_now
    from redflags.services.backtest_report import metrics

    if report.set_aside:
        return  # what was replayed is not the rule set that was written
    with program.queue_store() as store, store.writing() as connection:
        for verdict in report.verdicts:
            numbers = {
                "nights": float(len(verdict.nights)),
                "households": float(verdict.households),
                "capacity": float(report.plan.capacity),
                **metrics(verdict),
            }
            note_backtest(connection, utc_now(), verdict.ruleset.hash, numbers)


def _write(program: "Program", wanted: Wanted, report: "BacktestReport") -> None:
    from redflags.adapters import backtests
    from redflags.adapters.models import RunRecord
    from redflags.services import backtest_report as told

    tables = {
        "nights": told.night_table(report),
        "alerts": told.alert_table(report),
        "rules": told.rule_table(report),
        "changes": told.change_table(report),
    }
    backtests.write_tables(wanted.output, tables)
    backtests.write_text(wanted.output, "backtest.html", backtests.backtest_page(report))
    # a run gets the pictures and not the page, which speaks of single households
    pictures = [
        backtests.write_text(wanted.output, "load.svg", backtests.load_chart(report)),
        backtests.write_text(wanted.output, "stability.svg", backtests.stability_chart(report)),
    ]
    for verdict in report.verdicts:
        program.registry.record(
            RunRecord(
                kind="backtest",
                params={
                    "first": wanted.first.isoformat(),
                    "last": wanted.last.isoformat(),
                    "every_days": wanted.every.days,
                    "capacity": report.plan.capacity,
                    "households": verdict.households,
                    "labelled": str(report.is_labelled),
                },
                metrics=told.metrics(verdict),
                tags={
                    "ruleset": verdict.name,
                    "ruleset_hash": verdict.ruleset.hash,
                    "signals_hash": program.signal_set.hash,
                },
                files=pictures,
            )
        )
