"""What more than one command prints."""

from collections.abc import Sequence

import typer

from redflags.domain.night import NightTable


def print_tables(tables: Sequence[NightTable]) -> None:
    """What became of the rows of each table."""
    typer.echo(f"{'table':<14}{'read':>10}{'accepted':>10}{'quarantined':>13}{'replaced':>10}")
    for t in tables:
        typer.echo(
            f"{t.table:<14}{t.read:>10,}{t.accepted:>10,}{t.quarantined:>13,}{t.replaced:>10,}"
        )


def print_notes(notes: Sequence[str]) -> None:
    """What the operator should know, beside the output and not in it."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)
