"""Seconds of a backtest of a year of weekly nights, beside one ordinary night of the same run.

The ratio is what can be compared between machines: nights that are replayed share their start-up,
take no source and write no queue, so each should cost well below an ordinary one.
"""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.landlords import FIRST_NIGHT, SECOND_NIGHT, two_nights
from benchmarks.measuring import Measured, measured
from benchmarks.nights import run_stages

HOMES = 30_000
YEAR = timedelta(weeks=52)
WEEK = timedelta(days=7)
GOAL_SECONDS = 60
A_YEAR = "a year of nights"


def run_year(home: str, extracts: str, output: str, first: str, last: str) -> None:
    """Everything `redflags backtest` does, for the live rule set."""
    from redflags.bootstrap import Program
    from redflags.bootstrap.backtest import Wanted, run_backtest
    from redflags.settings import Settings

    program = Program(Settings(home=Path(home), extracts=Path(extracts)))
    rulesets, _ = program.rulesets([])
    days = date.fromisoformat(first), date.fromisoformat(last)
    run_backtest(program, Wanted(*days, Path(output), rulesets, every=WEEK))


def _warm() -> None:
    """What a process imports once, before it does anything."""
    import matplotlib.figure  # noqa: F401
    import mlflow.sklearn  # noqa: F401
    import pyod.models.iforest  # noqa: F401

    import redflags.adapters.backtest_files
    import redflags.adapters.models
    import redflags.adapters.records
    import redflags.bootstrap.backtest
    import redflags.services.thresholds.backtest
    import redflags.services.thresholds.backtest_report  # noqa: F401


run_year.warm = _warm  # type: ignore[attr-defined]


def bench_backtest(homes: int = HOMES) -> None:
    """Print an ordinary night, one replayed night and a year of them, for `homes` homes."""
    with tempfile.TemporaryDirectory() as folder:
        results = _measured(homes, Path(folder))
    _print_table(homes, YEAR // WEEK + 1, results)
    if homes == HOMES:
        is_met = results[A_YEAR].seconds < GOAL_SECONDS
        print(f"a year in under {GOAL_SECONDS} seconds: {'met' if is_met else 'missed'}")


def _measured(homes: int, folder: Path) -> dict[str, Measured]:
    nights = two_nights(homes, seed=7, folder=folder)
    at = str(folder / "home"), str(nights.extracts)
    measured(run_stages, *at, FIRST_NIGHT.isoformat())
    nights.second_day_arrives()
    last = SECOND_NIGHT.isoformat()
    year_ago = (SECOND_NIGHT - YEAR).isoformat()
    return {
        "one ordinary night": measured(run_stages, *at, last),
        "one replayed night": measured(run_year, *at, str(folder / "one"), last, last),
        A_YEAR: measured(run_year, *at, str(folder / "year"), year_ago, last),
    }


def _print_table(homes: int, nights: int, results: dict[str, Measured]) -> None:
    one = results["one ordinary night"].seconds
    print(f"\nbacktest, {homes:,} homes, three years, {nights} weekly nights")
    print(f"{'':<20}{'seconds':>9}{'÷ one night':>13}{'a night':>9}{'peak MiB':>10}")
    for name, result in results.items():
        each = result.seconds / (nights if name == A_YEAR else 1)
        print(
            f"{name:<20}{result.seconds:>9.2f}{result.seconds / one:>13.1f}{each:>9.2f}"
            f"{result.peak_mib:>10,.0f}"
        )
