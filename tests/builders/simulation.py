"""Small synthetic landlords for tests, and the figures that a landlord publishes about itself."""

from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd

from redflags.simulation import CITY, Character, History, Landlord, records_of, simulated_history

UNTIL = date(2026, 6, 30)
YEARS = 3
HOMES = 20_000


def a_history(
    homes: int = 400,
    years: float = YEARS,
    seed: int = 1,
    until: date = UNTIL,
    character: Character = CITY,
) -> History:
    return simulated_history(homes, years, seed, until, character)


def a_landlord(
    homes: int = 400,
    years: float = YEARS,
    seed: int = 1,
    until: date = UNTIL,
    character: Character = CITY,
) -> Landlord:
    return records_of(a_history(homes, years, seed, until, character))


@cache
def the_city() -> tuple[History, Landlord]:
    """A city large enough for its figures to be near their means; made once per test process."""
    history = a_history(homes=HOMES, seed=5)
    return history, records_of(history)


def with_strength(character: Character, strength: float) -> Character:
    return replace(character, process=replace(character.process, strength=strength))


def responsive(landlord: Landlord) -> pd.DataFrame:
    """Responsive repairs: those without a kind of work are taken for such, as everywhere."""
    repairs = landlord.repairs
    return repairs[repairs["work_type"].fillna("responsive") == "responsive"]


def in_last_year(repairs: pd.DataFrame) -> pd.DataFrame:
    return repairs[repairs["raised_at"] >= "2025-07-01"]


def per_thousand_home_years(count: float) -> float:
    return count / (HOMES * YEARS) * 1_000
