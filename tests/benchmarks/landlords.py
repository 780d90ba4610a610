"""Synthetic landlords for benchmarks: what was there up to one day, and what came the day after."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from redflags.simulation import CITY, Landlord, simulate, write_landlord

FIRST_NIGHT = date(2026, 10, 30)
SECOND_NIGHT = FIRST_NIGHT + timedelta(days=1)
YEARS = 3.0

WHEN = {
    "repairs": "raised_at",
    "lock_changes": "changed_at",
    "asb": "reported_at",
    "homelessness": "presented_at",
    "concerns": "observed_at",
}


@dataclass(frozen=True)
class TwoNights:
    """Folders of extracts: `whole` for the pandas script, `extracts` that grows on day two."""

    homes: int
    extracts: Path
    whole: Path
    arriving: Path

    def second_day_arrives(self) -> None:
        for path in sorted(self.arriving.glob("*.csv")):
            path.rename(self.extracts / path.name)


def two_nights(homes: int, seed: int, folder: Path) -> TwoNights:
    """Write a landlord as two nights find it: all rows so far, then one day's news."""
    landlord = simulate(homes, YEARS, seed, SECOND_NIGHT, CITY)
    nights = TwoNights(homes, folder / "extracts", folder / "whole", folder / "arriving")
    write_landlord(landlord, nights.whole)
    for part in (nights.extracts, nights.arriving):
        part.mkdir(parents=True, exist_ok=True)
    for name, frame in tables(landlord).items():
        known, news = _split(name, frame)
        known.to_csv(nights.extracts / f"{name}.csv", index=False)
        if not news.empty:
            news.to_csv(nights.arriving / f"{name}_{SECOND_NIGHT.isoformat()}.csv", index=False)
    return nights


def tables(landlord: Landlord) -> dict[str, pd.DataFrame]:
    names = ("properties", "tenancies", "protected", *WHEN)
    return {name: getattr(landlord, name) for name in names}


def _split(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    if name not in WHEN:
        return frame, frame.iloc[:0]
    second = SECOND_NIGHT.isoformat()
    raised = frame[WHEN[name]].astype(str).str[:10]
    known, news = frame[raised < second], raised == second
    if name == "repairs":
        closed = frame["completed_at"].astype(str).str[:10] == second
        known = known.copy()
        open_still = frame["completed_at"].astype(str).str[:10].loc[known.index] == second
        known.loc[open_still, ["completed_at", "cost_gbp"]] = None
        news = news | closed
    return known, frame[news]
