"""What a night says of itself when it is over: counts and seconds, no data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from redflags.domain.night import NightOutcome, NightTable


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """How the queue changed: raised and grown tonight, open in all, and waiting for capacity."""

    raised: int = 0
    updated: int = 0
    open: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class NightSummary:
    """The end of one night; `notes` are sentences for the operator.

    `sources` are rows per table of each source, `standing` what the night rests on: what is kept,
    which tables came, and what collapsed.
    """

    as_of: date
    outcome: NightOutcome
    tables: tuple[NightTable, ...] = ()
    alerts: AlertCounts = AlertCounts()
    stages: dict[str, float] = field(default_factory=dict)
    model_version: str = ""
    ruleset_hash: str = ""
    signals_hash: str = ""
    households: int = 0
    insufficient_history: int = 0
    notes: tuple[str, ...] = ()
    sources: Mapping[str, tuple[NightTable, ...]] = field(default_factory=dict)
    standing: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The shape the contract promises for ``--summary-json``, and a little more."""
        return {
            "as_of": self.as_of.isoformat(),
            "outcome": str(self.outcome),
            "tables": _rows_as_json(self.tables),
            "sources": {name: _rows_as_json(rows) for name, rows in self.sources.items()},
            **self.standing,
            "alerts": {
                "raised": self.alerts.raised,
                "updated": self.alerts.updated,
                "open": self.alerts.open,
                "waiting": self.alerts.waiting,
            },
            "stages": {name: round(seconds, 3) for name, seconds in self.stages.items()},
            "households": self.households,
            "insufficient_history": self.insufficient_history,
            "model_version": self.model_version,
            "ruleset_hash": self.ruleset_hash,
            "signals_hash": self.signals_hash,
            "notes": list(self.notes),
        }


def _rows_as_json(tables: Iterable[NightTable]) -> dict[str, dict[str, int]]:
    return {
        table.table: {
            "read": table.read,
            "accepted": table.accepted,
            "quarantined": table.quarantined,
            "replaced": table.replaced,
        }
        for table in tables
    }


def added_up(parts: Iterable[NightTable]) -> tuple[NightTable, ...]:
    """One entry a table, in order of name."""
    totals: dict[str, list[int]] = {}
    for part in parts:
        row = totals.setdefault(part.table, [0, 0, 0, 0])
        for position, value in enumerate(
            (part.read, part.accepted, part.quarantined, part.replaced)
        ):
            row[position] += value
    return tuple(NightTable(name, *totals[name]) for name in sorted(totals))
