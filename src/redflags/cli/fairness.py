"""`redflags fairness` and `redflags baseline`: what an analyst asks of the nights."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.program import read_program
from redflags.cli.report import WHO, wanted_quarter, write_files
from redflags.errors import UsageError

if TYPE_CHECKING:
    from redflags.bootstrap import Program
    from redflags.services.reports.fairness_report import FairnessReport


def fairness(
    output: Annotated[
        Path, typer.Option(help="Folder for the page, its numbers and how to read them.")
    ],
    quarter: Annotated[
        str,
        typer.Option(
            metavar="QUARTER", help="Last quarter of the year; if blank, the last one that is over."
        ),
    ] = "",
) -> None:
    """Compare alerts and checks between kinds of home; small numbers are suppressed."""
    from redflags.bootstrap import utc_now

    made = write_fairness(read_program(), quarter, output, utc_now())
    for warning in made.warnings:
        typer.echo(f"warning: {warning}")
    typer.echo(f"wrote the year to {made.quarter} to {output / 'fairness.html'}")


def write_fairness(
    program: "Program", quarter: str, output: Path, now: datetime
) -> "FairnessReport":
    """Count, hold back, write the files; that it was made is written down.

    Raises UsageError for what is no quarter, or one that is not over.
    """
    from redflags.adapters.store import Act
    from redflags.domain.quarter import last_over
    from redflags.services.reports.fairness_files import files_of

    wanted = wanted_quarter(quarter, now) if quarter else last_over(now)
    if not wanted.is_over(now):
        raise UsageError(f"--quarter: expected one that is over, got {wanted}")
    with program.queue_store() as store:
        with store.reading() as connection:
            report = program.make_fairness_report(connection, wanted, now)
        details = {"quarter": str(wanted), "about": "fairness"}
        store.append_audit(Act(WHO, "report_made", now, details=details))
    write_files(output, dict(files_of(report)))
    return report


def baseline(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DATE")],
    by: Annotated[str, typer.Option(help="Who decides this.")],
    reason: Annotated[str, typer.Option(help="Why what was usual has changed.")],
) -> None:
    """Start a new baseline of what is usual, from the night of a given day."""
    from redflags.bootstrap import utc_now

    _set_baseline(read_program(), first.date(), by.strip(), reason.strip(), utc_now())
    typer.echo(f"what is usual is learned from {first.date()} onwards")


def _set_baseline(program: "Program", first: date, by: str, reason: str, now: datetime) -> None:
    from redflags.adapters.store.monitoring_store import set_baseline

    if not (by and reason):
        raise UsageError("--by and --reason: expected a name and a reason, got a blank")
    with program.queue_store() as store, store.writing() as connection:
        set_baseline(connection, by, first, reason, now)
