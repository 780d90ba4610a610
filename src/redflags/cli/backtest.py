"""`redflags backtest`: replay history night by night, for one or several rule sets."""

from pathlib import Path
from typing import Annotated

import typer

from redflags.cli.date_arguments import First, Last, days_of
from redflags.cli.program import read_program


def backtest(
    first: First,
    last: Last,
    output: Annotated[Path, typer.Option(help="Folder for tables, page and charts.")],
    every: Annotated[str, typer.Option(help="Days between replayed nights.")] = "7d",
    capacity: Annotated[
        int | None,
        typer.Option(help="Alerts per replayed night; the rule set's capacity if not given."),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="CSV of known episodes: tenancy_ref, onset, end.")
    ] = None,
    ruleset: Annotated[
        list[Path] | None, typer.Option(help="Rule set to replay; several are compared.")
    ] = None,
    review_after: Annotated[
        str, typer.Option(help="How long an alert is assumed to take people.")
    ] = "7d",
) -> None:
    """Replay history night by night: how much work there would have been, and what was found."""
    from redflags.bootstrap.backtest import Wanted, run_backtest
    from redflags.services.thresholds.backtest_report import lines

    program = read_program()
    named, set_aside = program.rulesets(ruleset or [])
    wanted = Wanted(
        first=first,
        last=last,
        output=output,
        rulesets=named,
        set_aside=set_aside,
        every=days_of("--every", every),
        review_after=days_of("--review-after", review_after),
        capacity=capacity,
        labels=labels,
    )
    for line in lines(run_backtest(program, wanted)):
        typer.echo(line)
    typer.echo(f"wrote {output / 'backtest.html'}")
