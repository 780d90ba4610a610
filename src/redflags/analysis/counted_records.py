"""What the record store counts for one day: households, what each of them had, and from when on."""

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there was to go on: first day of each table, and which tables are there at all."""

    first_day: dict[str, date]
    has_tenancies: bool
    has_properties: bool
    unlinked: dict[str, int]
    unplaced: dict[str, int]
    unmatched_protections: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What detection needs of the records: households and their cells, and what they rest on.

    ``households`` is ordered by ``household_ref``; ``cells`` and ``marks`` refer to it by position.
    ``marks`` are there when the rule set asks for episodes.
    """

    households: pd.DataFrame
    cells: pd.DataFrame
    coverage: Coverage
    marks: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Recent:
    """Records of some days. `codes` has ``table, code, trade_code, n``, ordered."""

    codes: pd.DataFrame
    texts: int
    with_tell: int
