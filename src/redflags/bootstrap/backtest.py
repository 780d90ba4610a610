"""A backtest, wired: rule sets replayed over the records, measured, written down and noted."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.errors import UsageError

if TYPE_CHECKING:
    from redflags.adapters.models import RunRecord
    from redflags.analysis.replay.backtest_measures import Labels
    from redflags.analysis.replay.backtest_verdict import BacktestReport, Verdict
    from redflags.analysis.replay.simulated_queue import BacktestPlan
    from redflags.bootstrap.program import Program
    from redflags.configuration.ruleset import RuleSet
    from redflags.services.thresholds.backtest import ReplayRun


@dataclass(frozen=True)
class Wanted:
    """What a backtest is asked for.

    `rulesets` have names, and the first is what the others are compared with; `set_aside` are
    faults of rules that could not be replayed.
    """

    first: date
    last: date
    output: Path
    rulesets: "Sequence[tuple[str, RuleSet]]"
    set_aside: tuple[str, ...] = ()
    every: timedelta = timedelta(days=7)
    review_after: timedelta = timedelta(days=7)
    capacity: int | None = None
    labels: Path | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageError(f"--to: expected a day from {self.first} on, got {self.last}")
        if self.capacity is not None and self.capacity < 1:
            raise UsageError(f"--capacity: expected at least 1 alert, got {self.capacity}")

    @property
    def plan(self) -> "BacktestPlan":
        """With the capacity of the first rule set when none is asked for."""
        from redflags.analysis.replay.simulated_queue import BacktestPlan

        a_night = self.rulesets[0][1].queue.capacity_per_night.value
        capacity = self.capacity or a_night * self.every.days
        return BacktestPlan(self.first, self.last, self.every, capacity, self.review_after)

    @property
    def labels_hash(self) -> str:
        return "" if self.labels is None else hashlib.sha256(self.labels.read_bytes()).hexdigest()


def run_backtest(program: "Program", wanted: Wanted) -> "BacktestReport":
    """Replay, measure, write the folder, and keep an MLflow run for each rule set.

    Raises:
        UsageError: there are no records, or the labels cannot be read.
        ModelUnavailable: the registry did not take a run.
    """
    from redflags.adapters.backtest_files import read_labels
    from redflags.analysis.replay.backtest_verdict import BacktestReport, measured

    pseudonym = program.cached_pseudonym()
    labels = None if wanted.labels is None else read_labels(wanted.labels, pseudonym)
    runs = _replayed(program, wanted, labels)
    verdicts = [
        measured(name, run.ruleset, run.results, labels)
        for (name, _), run in zip(wanted.rulesets, runs, strict=True)
    ]
    report = BacktestReport(wanted.plan, verdicts, wanted.set_aside, labels is not None)
    _write(program, wanted, report)
    _note(program, report)
    return report


def _replayed(program: "Program", wanted: Wanted, labels: "Labels | None") -> "list[ReplayRun]":
    from redflags.adapters.backtest_files import FolderProgress
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.thresholds.backtest import replay

    with program.record_store() as records:
        totals = records.totals()
        if not any(totals.values()):
            raise UsageError("there are no records yet; run `redflags ingest` first")
        inputs = {
            "signals": program.signal_set.hash,
            "labels": wanted.labels_hash,
            "records": repr(sorted(totals.items())),
        }
        return replay(
            records,
            [ruleset for _, ruleset in wanted.rulesets],
            wanted.plan,
            CANARY_PATCH,
            program.cached_pseudonym(),
            labels,
            FolderProgress(wanted.output / ".replay", wanted.plan, inputs),
            keep=program.fact_folder.keep,
        )


def _note(program: "Program", report: "BacktestReport") -> None:
    """On record for rule sets that were proposed; see `redflags ruleset`."""
    from redflags.adapters.store.ruleset_register import note_backtest
    from redflags.bootstrap.clock import utc_now
    from redflags.services.thresholds.backtest_report import metrics

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
    from redflags.adapters import backtest_files
    from redflags.services.thresholds import backtest_report as told

    tables = {
        "nights": told.night_table(report),
        "alerts": told.alert_table(report),
        "rules": told.rule_table(report),
        "changes": told.change_table(report),
    }
    backtest_files.write_tables(wanted.output, tables)
    backtest_files.write_text(wanted.output, "backtest.html", backtest_files.backtest_page(report))
    # a run gets the pictures and not the page, which speaks of single households
    pictures = [
        backtest_files.write_text(wanted.output, "load.svg", backtest_files.load_chart(report)),
        backtest_files.write_text(
            wanted.output, "stability.svg", backtest_files.stability_chart(report)
        ),
    ]
    for verdict in report.verdicts:
        program.registry.record(_run_of(program, wanted, report, verdict, pictures))


def _run_of(
    program: "Program",
    wanted: Wanted,
    report: "BacktestReport",
    verdict: "Verdict",
    pictures: list[Path],
) -> "RunRecord":
    """The MLflow run of one rule set."""
    from redflags.adapters.models import RunRecord
    from redflags.services.thresholds.backtest_report import metrics

    return RunRecord(
        kind="backtest",
        params={
            "first": wanted.first.isoformat(),
            "last": wanted.last.isoformat(),
            "every_days": wanted.every.days,
            "capacity": report.plan.capacity,
            "households": verdict.households,
            "labelled": str(report.is_labelled),
        },
        metrics=metrics(verdict),
        tags={
            "ruleset": verdict.name,
            "ruleset_hash": verdict.ruleset.hash,
            "signals_hash": program.signal_set.hash,
        },
        files=pictures,
    )
