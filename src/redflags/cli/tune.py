"""`redflags tune`: thresholds that fill a capacity, as a file for somebody to approve."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.date_arguments import First, Last, days_of, today
from redflags.cli.program import read_program, some_totals
from redflags.errors import UsageError

if TYPE_CHECKING:
    from redflags.bootstrap import Program
    from redflags.services.thresholds.tune_thresholds import TuningRequest, TuningResult


def tune(
    capacity: Annotated[int, typer.Option(min=1, help="New households per replayed night.")],
    first: First,
    last: Last,
    output: Annotated[Path, typer.Option(help="Folder for the proposal, table and picture.")],
    every: Annotated[str, typer.Option(help="Days between the replayed nights.")] = "7d",
    labels: Annotated[
        Path | None, typer.Option(help="CSV of known episodes: tenancy_ref, onset, end.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="Who proposes it; written in the file.")
    ] = "redflags tune",
    reason: Annotated[str, typer.Option(help="Why; written in the file.")] = "",
) -> None:
    """Propose thresholds that fill the capacity best, as a new file for somebody to approve."""
    from redflags.services.thresholds.tune_thresholds import TuningRequest, lines

    if last < first:
        raise UsageError(f"--to: expected a day from {first} on, got {last}")
    program = read_program()
    program.check_configuration()
    tuned = _tuned(program, TuningRequest(capacity, first, last, days_of("--every", every)), labels)
    path = _write(program, tuned, output, by, reason)
    for line in lines(tuned):
        typer.echo(line)
    typer.echo(f"wrote {path}; propose it with: redflags ruleset propose {path}")


def _tuned(program: "Program", request: "TuningRequest", labels: Path | None) -> "TuningResult":
    from redflags.adapters.backtest_files import read_labels
    from redflags.adapters.records import CANARY_PATCH
    from redflags.analysis.replay.night_facts import NightFacts
    from redflags.services.thresholds.threshold_facts import FactCounter
    from redflags.services.thresholds.tune_thresholds import tune as run

    pseudonym = program.cached_pseudonym()
    known = None if labels is None else read_labels(labels, pseudonym)
    with program.record_store() as records:
        some_totals(records)
        counter = FactCounter(records, program.ruleset, CANARY_PATCH, pseudonym)

        def counted(days: Sequence[date]) -> Iterator[NightFacts]:
            for facts in counter.on(days):
                program.fact_folder.keep(facts)
                yield facts

        return run(program.ruleset, request, counted, known)


def _write(program: "Program", tuned: "TuningResult", output: Path, by: str, reason: str) -> Path:
    """The folder with proposal, table and picture, and the MLflow run; the path of the proposal."""
    from redflags.adapters import backtest_files
    from redflags.adapters.models import RunRecord
    from redflags.services.thresholds import tune_thresholds

    text = program.ruleset_path.read_text(encoding="utf-8")
    proposed = tune_thresholds.proposed_text(text, tuned, program.ruleset, by, reason, today())
    table = tune_thresholds.curve_table(tuned.proposal)
    output.mkdir(parents=True, exist_ok=True)
    files = [
        backtest_files.write_text(output, "tradeoff.csv", table.to_csv(index=False)),
        backtest_files.write_text(
            output, "tradeoff.svg", backtest_files.tradeoff_chart(tuned.proposal, tuned.is_labelled)
        ),
        backtest_files.write_text(output, "ruleset.proposed.toml", proposed),
    ]
    request = tuned.request
    program.registry.record(
        RunRecord(
            kind="tuning",
            params={
                "first": request.first.isoformat(),
                "last": request.last.isoformat(),
                "every_days": request.every.days,
                "capacity": request.capacity,
                "households": tuned.households,
                "labelled": str(tuned.is_labelled),
            },
            metrics=tune_thresholds.metrics(tuned),
            tags={"ruleset_hash": program.ruleset.hash, "signals_hash": program.signal_set.hash},
            files=files[:2],
        )
    )
    return files[-1]
