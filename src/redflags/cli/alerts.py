"""How odd each household is, and which of them have an open alert."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.date_arguments import AsOf, parse_day, today
from redflags.cli.program import read_program, some_totals
from redflags.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


def score(
    output: Annotated[Path, typer.Option(help="File to write: .csv or .parquet.")],
    as_of: AsOf = None,
) -> None:
    """Score every current household from the records already ingested; higher is odder."""
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.night.score_households import score_table

    if output.suffix not in {".csv", ".parquet"}:
        raise UsageError(f"--output: expected a name ending in .csv or .parquet, got {output.name}")
    program = read_program()
    program.check_configuration()
    with program.record_store() as records, program.queue_store() as queue:
        some_totals(records)
        table = score_table(
            records, queue, program.ruleset, program.models(), as_of or today(), CANARY_PATCH
        )
    _write_whole(table, output)
    typer.echo(f"scored {len(table):,} households to {output}")


def _write_whole(table: "pd.DataFrame", output: Path) -> None:
    """Aside first: nobody reads half a table."""
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.unfinished")
    if output.suffix == ".csv":
        table.to_csv(unfinished, index=False)
    else:
        table.to_parquet(unfinished, index=False)
    unfinished.replace(output)


def alerts(
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of", parser=parse_day, metavar="DATE", help="Only those raised on this day."
        ),
    ] = None,
    output_format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List the open alerts, most urgent first."""
    from redflags.services.reports.alert_listing import alert_as_json, alert_as_text

    if output_format not in {"text", "json"}:
        raise UsageError(f"--format: expected text or json, got {output_format}")
    program = read_program()
    with program.queue_store() as queue:
        listed = queue.alerts(as_of)
    if output_format == "json":
        typer.echo(json.dumps([alert_as_json(alert) for alert in listed], indent=2))
        return
    for alert in listed:
        typer.echo(alert_as_text(alert))
    typer.echo(f"{len(listed)} alerts")
