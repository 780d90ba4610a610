"""The backtest as a Prefect flow: what the live rule set and those that may follow it would do."""

import os
from datetime import date, timedelta

from prefect import flow

from flows.open_nights import spoken_neutrally
from redflags.domain.clock import london
from redflags.settings import read_settings

YEAR = timedelta(weeks=52)


@flow(name="backtest", persist_result=False, log_prints=True)
def backtest(
    first: str | None = None, last: str | None = None, rulesets: list[str] | None = None
) -> None:
    """Replay weekly nights from `first` to `last` (ISO dates; the year up to yesterday in London).

    `rulesets` are hashes or versions on record that stand beside the live one; when none is given
    those that are proposed, approved or in the shadow. What it prints are counts, which may stand
    in Prefect's log.
    """
    from redflags.bootstrap import Program, utc_now
    from redflags.bootstrap.weekly_backtest import run_usual_backtest

    os.umask(0o077)  # pages and tables are for their owner's eyes only
    with spoken_neutrally("backtest"):
        yesterday = london(utc_now()).date() - timedelta(days=1)
        until = date.fromisoformat(last) if last else yesterday
        since = date.fromisoformat(first) if first else until - YEAR
        told = run_usual_backtest(Program(read_settings()), since, until, rulesets or [])
        print(*told, sep="\n")  # noqa: T201 - into the log
