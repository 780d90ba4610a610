"""What is in the record store on one night: households and rows of each table, in numbers alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class KeptTable:
    """Rows of one table of the landlord's.

    `newest` is the last day up to the night, None where rows have none; `in_its_year` counts the
    rows of the 365 days that end with it.
    """

    rows: int
    newest: date | None = None
    in_its_year: int = 0


@dataclass(frozen=True, slots=True)
class KeptRecords:
    """Current households of one night, without the canary, and every table of the store."""

    households: int
    tables: Mapping[str, KeptTable] = field(default_factory=dict)

    def rows(self, table: str) -> int:
        return self.tables[table].rows if table in self.tables else 0

    def as_json(self) -> dict[str, object]:
        return {
            "households": self.households,
            "tables": {
                name: {
                    "rows": table.rows,
                    "newest_on": table.newest.isoformat() if table.newest else None,
                    "in_its_year": table.in_its_year,
                }
                for name, table in self.tables.items()
            },
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """What `as_json` wrote."""
        return cls(
            told["households"],
            {
                name: KeptTable(table["rows"], _day(table["newest_on"]), table["in_its_year"])
                for name, table in told["tables"].items()
            },
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class GoodNight:
    """What a night that ended well had: records, tables that came, and whether a person accepted
    that it saw less than the one before. `kept` is None where an earlier version ran it."""

    as_of: date
    kept: KeptRecords | None = None
    came: frozenset[str] = frozenset()
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class CollapseAccepted:
    """Somebody says that a collapse is real, and why."""

    by: str
    reason: str


def accepted_as_json(accepted: CollapseAccepted, collapsed: Sequence[str]) -> dict[str, object]:
    """How the run log keeps it: who, why, and what they were told."""
    return {"by": accepted.by, "reason": accepted.reason, "collapsed": list(collapsed)}
