"""`redflags report`: the figures of a quarter for boards and residents' panels."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli.program import read_program
from redflags.domain.quarter import Quarter
from redflags.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from redflags.bootstrap import Program
    from redflags.services.reports.quarterly_report import Report

WHO = "operator"


def report(
    quarter: Annotated[str, typer.Option(metavar="QUARTER", help="Such as 2026Q3.")],
    output: Annotated[
        Path, typer.Option(help="Folder for the page, its numbers and how to read them.")
    ],
) -> None:
    """Write the report for boards and residents' panels: totals only, small numbers suppressed."""
    from redflags.bootstrap import utc_now

    made = write_report(read_program(), quarter, output, utc_now())
    so_far = "" if made.is_over else " so far"
    typer.echo(f"wrote the report of {made.quarter}{so_far} to {output / 'report.html'}")


def write_report(program: "Program", quarter: str, output: Path, now: "datetime") -> "Report":
    """Count, hold back, write the files; that it was made is written down.

    Raises UsageError for what is no quarter, or one that has not begun.
    """
    from redflags.adapters.store import Act
    from redflags.casework.reading.quarter_figures import figures_of
    from redflags.services.reports.quarterly_report import make_report
    from redflags.services.reports.report_files import files_of

    wanted = wanted_quarter(quarter, now)
    with program.queue_store() as store:
        with store.reading() as connection:
            figures = figures_of(connection, wanted.span(now))
        report = make_report(figures, wanted, now, program.reviewset.quality)
        store.append_audit(Act(WHO, "report_made", now, details={"quarter": str(wanted)}))
    write_files(output, dict(files_of(report)))
    return report


def wanted_quarter(text: str, now: "datetime") -> Quarter:
    """Raises UsageError for what is no quarter, or one that has not begun."""
    try:
        quarter = Quarter.parse(text)
    except ValueError as error:
        raise UsageError(f"--quarter: {error}, got {text}") from None
    if not quarter.has_begun(now):
        raise UsageError(f"--quarter: expected one that has begun, got {quarter}")
    return quarter


def write_files(output: Path, files: dict[str, str]) -> None:
    """All of them aside first: a full disk leaves an earlier report whole."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"--output: expected a folder, got a file: {output.name}") from None
    aside = {name: output / f".{name}.unfinished" for name in files}
    try:
        for name, text in files.items():
            aside[name].write_text(text, encoding="utf-8")
        for name, path in aside.items():
            path.replace(output / name)
    finally:
        for path in aside.values():
            path.unlink(missing_ok=True)
