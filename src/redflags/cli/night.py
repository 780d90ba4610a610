"""The night itself, whether it was there, and what has to happen each minute."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.date_arguments import LONDON, AsOf, night_day
from redflags.cli.exit_codes import FAILED, NO, PARTIAL
from redflags.cli.print_tables import print_notes, print_tables
from redflags.cli.program import read_program
from redflags.domain.kept_records import CollapseAccepted
from redflags.errors import UsageError
from redflags.settings import read_settings

if TYPE_CHECKING:
    from redflags.services.night.night_summary import NightSummary


def night(
    as_of: AsOf = None,
    summary_json: Annotated[
        Path | None, typer.Option(help="File for the summary of the night.")
    ] = None,
    accept_collapse: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Why the night rightly sees far less than the last."),
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so.")] = "operator",
) -> None:
    """Ingest every source, score, queue and notify. Running it twice is safe."""
    from flows.local import run_night

    from redflags.bootstrap import open_night

    accepted = None if accept_collapse is None else _accepted(by.strip(), accept_collapse.strip())
    opening = partial(open_night, accepted=accepted)
    summary = run_night(read_settings(), night_day(as_of), opening)
    if summary_json is not None:
        summary_json.parent.mkdir(parents=True, exist_ok=True)
        summary_json.write_text(json.dumps(summary.as_json(), indent=2) + "\n", encoding="utf-8")
    _print_night(summary)
    if summary.outcome == "partial":
        raise typer.Exit(PARTIAL)


def _accepted(by: str, reason: str) -> CollapseAccepted:
    if not (by and reason):
        raise UsageError("--accept-collapse and --by: expected a reason and a name, got a blank")
    return CollapseAccepted(by, reason)


def _print_night(summary: "NightSummary") -> None:
    print_tables(summary.tables)
    print_notes(summary.notes)
    alerts = summary.alerts
    typer.echo(
        f"night of {summary.as_of}: {summary.outcome}; {summary.households:,} households "
        f"({summary.insufficient_history:,} with too little history); alerts: {alerts.raised} "
        f"raised, {alerts.updated} updated, {alerts.open} open, {alerts.waiting} beyond capacity"
    )


def status() -> None:
    """Show the last night, its counts and what is overdue; exits with 1 when a night is missing."""
    from redflags.casework.reading.queue_standing import queue_standing
    from redflags.services.night.night_status import read_status

    program = read_program()
    now = datetime.now(LONDON)
    with program.queue_store() as queue:
        answer = read_status(queue, queue_standing(queue, now), now)
    for line in answer.lines:
        typer.echo(line)
    if answer.is_missing:
        raise typer.Exit(NO)


def deliver() -> None:
    """Tidy the queue, write due reminders, send waiting messages; exits with 1 if any remain."""
    from redflags.bootstrap import utc_now

    program = read_program()
    with program.queue_store() as queue:
        tidied = program.tidy(queue, utc_now())
        waiting = queue.count_waiting_messages()
    typer.echo(", ".join(f"{count} {what}" for what, count in tidied.done.items()))
    typer.echo(f"{waiting} messages waiting")
    for what, why in tidied.failed.items():
        typer.echo(f"redflags: not done ({what}): {why}", err=True)
    if tidied.failed:
        raise typer.Exit(FAILED)
    if waiting:
        raise typer.Exit(NO)
