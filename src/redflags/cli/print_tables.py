"""Tables and lists that commands print."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from redflags.domain.configured_source import Contradiction
from redflags.domain.night import NightTable

if TYPE_CHECKING:
    import pandas as pd


def print_tables(tables: Sequence[NightTable]) -> None:
    """What happened to the rows of each table."""
    typer.echo(f"{'table':<14}{'read':>10}{'accepted':>10}{'quarantined':>13}{'replaced':>10}")
    for t in tables:
        typer.echo(
            f"{t.table:<14}{t.read:>10,}{t.accepted:>10,}{t.quarantined:>13,}{t.replaced:>10,}"
        )


def print_notes(notes: Sequence[str]) -> None:
    """What the operator should know, beside the output and not in it."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def print_contradictions(found: Sequence[Contradiction], order: Sequence[str]) -> None:
    """Where sources know different values of one home or tenancy, and whose are believed."""
    for item in found:
        typer.echo(f"{item.rows:>8,}  {item.table}.{item.column}: sources differ")
    if found:
        typer.echo(f"where sources differ, they are believed in the order {', '.join(order)}")


def print_problems(problems: "pd.DataFrame", limit: int) -> None:
    """Counts by place and code, then the newest rows: where and why, never what."""
    place = problems["table_name"] + "." + problems["column_name"].replace("", "(row)")
    counts = (place + ": " + problems["code"]).value_counts().sort_index()
    lines = [f"{rows:>8,}  {what}" for what, rows in counts.items()]
    shown = problems.head(limit)
    lines += [_problem_line(row) for row in shown.to_dict("records")]
    left_out = len(problems) - len(shown)
    more = f"; {left_out:,} are not shown, --limit {len(problems)} lists all" if left_out else ""
    for line in [*lines, f"{len(shown):,} of {len(problems):,} problems{more}"]:
        typer.echo(line)


def _problem_line(row: Mapping[Hashable, object]) -> str:
    return (
        f"{str(row['noticed_on'])[:10]}  {row['source']}/{row['name']} row {row['row_number']}  "
        f"{row['ref_pseudonym'] or '(no reference)'}  "
        f"{row['column_name'] or '(row)'}: {row['code']}"
    )
