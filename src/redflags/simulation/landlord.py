"""A synthetic landlord: the tables a real one would hand over, and the truth beside them."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from redflags.errors import UsageError
from redflags.simulation.characters import CITY, Character
from redflags.simulation.history import History, draw_history
from redflags.simulation.job_tables import lock_change_table, repair_table
from redflags.simulation.jobs import jobs_of
from redflags.simulation.registers import (
    episode_table,
    property_table,
    protected_table,
    tenancy_table,
    truth_table,
)
from redflags.simulation.report_tables import asb_table, concern_table, homelessness_table

MOST_HOMES = 1_000_000
LEAST_YEARS, MOST_YEARS = 0.01, 20.0
FIRST_YEAR, LAST_YEAR = 1950, 2100
MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Landlord:
    """One frame per input table of the contract: its columns in its order, values as text as they
    stand in the CSV file, missing where the file is blank.

    `truth` has one row per tenancy (tenancy_ref, onset, end): first and last day of its latest
    episode, blank when it had none in the simulated years; the last day may be still to come.
    `episodes` has every episode (tenancy_ref, onset, end, kind), for households that had several.
    """

    properties: pd.DataFrame
    tenancies: pd.DataFrame
    repairs: pd.DataFrame
    lock_changes: pd.DataFrame
    asb: pd.DataFrame
    homelessness: pd.DataFrame
    concerns: pd.DataFrame
    protected: pd.DataFrame
    truth: pd.DataFrame
    episodes: pd.DataFrame


def simulate(
    homes: int, years: float, seed: int, until: date, character: Character = CITY
) -> Landlord:
    """The records of a landlord with so many `homes`, for the `years` that end with the day
    `until`. Equal arguments give equal landlords, byte by byte.

    Raises UsageError when a number, or the year of `until`, is out of range.
    """
    return records_of(simulated_history(homes, years, seed, until, character))


def simulated_history(
    homes: int, years: float, seed: int, until: date, character: Character = CITY
) -> History:
    """What really happened at the landlord that `simulate` gives for the same arguments."""
    _check_range("homes", homes, 1, MOST_HOMES)
    _check_range("years", years, LEAST_YEARS, MOST_YEARS)
    _check_range("the year of the last day", until.year, FIRST_YEAR, LAST_YEAR)
    _check_range("seed", seed, 0, MOST_SEED)
    return draw_history(homes, years, seed, until, character)


def _check_range(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise UsageError(
            f"expected {name} from {least} to {most}, got {value}: choose a number there"
        )


def records_of(history: History) -> Landlord:
    """What of a history was written down."""
    jobs = jobs_of(history)
    return Landlord(
        properties=property_table(history),
        tenancies=tenancy_table(history),
        repairs=repair_table(history, jobs),
        lock_changes=lock_change_table(history, jobs),
        asb=asb_table(history),
        homelessness=homelessness_table(history),
        concerns=concern_table(history),
        protected=protected_table(history),
        truth=truth_table(history),
        episodes=episode_table(history),
    )
