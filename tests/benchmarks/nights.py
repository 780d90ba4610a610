"""Seconds and memory of a first and an ordinary night, beside the baselines of the same run."""

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from benchmarks.baselines import analyst_script, floor
from benchmarks.landlords import FIRST_NIGHT, SECOND_NIGHT, two_nights
from benchmarks.measuring import Measured, measured

SIZES = (10_000, 100_000)


def run_floor(folder: str) -> None:
    floor(Path(folder))


def run_script(folder: str) -> None:
    analyst_script(Path(folder), SECOND_NIGHT.isoformat())


def run_stages(home: str, extracts: str, as_of: str) -> Mapping[str, float]:
    """Every stage of one night, without Prefect's server; the seconds of each."""
    from redflags.bootstrap import open_night
    from redflags.settings import Settings

    day = date.fromisoformat(as_of)
    settings = Settings(home=Path(home), extracts=Path(extracts))
    with open_night(settings) as night:
        run_id = night.begin(day)
        for name in night.source_names():
            night.take(run_id, day, name)
        night.store(run_id, day)
        night.score(run_id, day)
        night.queue(run_id, day)
        night.notify(run_id, day)
        return night.finish(run_id, day).stages


def _warm_baselines() -> None:
    import duckdb  # noqa: F401
    import pandas  # noqa: F401


def _warm_night() -> None:
    """What a process imports once, before it does anything."""
    import mlflow.sklearn  # noqa: F401
    import skops.io  # noqa: F401

    import redflags.adapters.models
    import redflags.adapters.notify
    import redflags.adapters.records
    import redflags.adapters.sources
    import redflags.adapters.store
    import redflags.bootstrap
    import redflags.services.night.night  # noqa: F401


run_floor.warm = _warm_baselines  # type: ignore[attr-defined]
run_script.warm = _warm_baselines  # type: ignore[attr-defined]
run_stages.warm = _warm_night  # type: ignore[attr-defined]


def bench_nights() -> None:
    """Print the table for every size, and how time grows from the smallest to the largest."""
    seconds = {}
    for homes in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            seconds[homes] = _bench_size(homes, Path(folder))
    small, large = SIZES
    for name in ("first night", "ordinary night"):
        growth = seconds[large][name] / seconds[small][name]
        print(f"{name}: {growth:.1f} times the seconds for {large / small:.0f} times the homes")


def _bench_size(homes: int, folder: Path) -> dict[str, float]:
    nights = two_nights(homes, seed=7, folder=folder)
    home = str(folder / "home")
    results = {"(a) DuckDB floor": _best_of_three(run_floor, str(nights.whole))}
    results["(b) pandas script"] = measured(run_script, str(nights.whole))
    extracts = str(nights.extracts)
    results["first night"] = measured(run_stages, home, extracts, FIRST_NIGHT.isoformat())
    nights.second_day_arrives()
    results["ordinary night"] = measured(run_stages, home, extracts, SECOND_NIGHT.isoformat())
    _print_table(homes, results)
    return {name: result.seconds for name, result in results.items()}


def _best_of_three(work: object, folder: str) -> Measured:
    tries = [measured(work, folder) for _ in range(3)]  # type: ignore[arg-type]
    return min(tries, key=lambda result: result.seconds)


def _print_table(homes: int, results: dict[str, Measured]) -> None:
    a, b = results["(a) DuckDB floor"].seconds, results["(b) pandas script"].seconds
    print(f"\n{homes:,} homes, three years")
    print(f"{'':<20}{'seconds':>9}{'÷ (a)':>8}{'÷ (b)':>8}{'peak MiB':>10}")
    for name, result in results.items():
        print(
            f"{name:<20}{result.seconds:>9.2f}{result.seconds / a:>8.1f}"
            f"{result.seconds / b:>8.2f}{result.peak_mib:>10,.0f}"
        )
        for stage, seconds in result.parts.items():
            print(f"  {stage:<18}{seconds:>9.2f}")
