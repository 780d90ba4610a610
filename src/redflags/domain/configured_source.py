"""The sources that configuration names, and what becomes of rows when it names others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

OUR_OWN = frozenset({"canary", "housing-queue"})
"""Sources that are not the landlord's: no mapping file names them, and their rows are not counted
among the rest."""


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """One source and the tables it gives.

    `tables`: canonical table → hash of what its mapping says about which rows there are and what
    they are called; blank where nothing is mapped.
    `same_jobs`: table of events → the source whose references it uses: one job that both hold.
    """

    name: str
    tables: Mapping[str, str]
    same_jobs: Mapping[str, str] = field(default_factory=dict)


class Change(StrEnum):
    """What became of rows that configuration does not account for, or how they stand."""

    DROPPED = "dropped"
    PROTECTS_STILL = "protects_still"
    WAITS_FOR_OTHERS = "waits_for_others"
    REPLACED_BY_NEW_MAPPING = "replaced_by_new_mapping"
    LEFT_BY_NEW_MAPPING = "left_by_new_mapping"
    PERHAPS_TWICE = "perhaps_twice"


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What became of so many rows of one table of one source."""

    source: str
    table: str
    change: Change
    rows: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """In how many rows of a table sources give different values for one column; never which."""

    table: str
    column: str
    rows: int
