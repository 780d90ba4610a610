"""What a night in the run log told of its sources and of what is kept, in words for the operator.

Nights of earlier versions told less; nothing is said of what they left out.
"""

from collections.abc import Mapping
from typing import Any

from redflags.domain.kept_records import KeptRecords
from redflags.domain.night import Night, NightOutcome


def kept_of(night: Night) -> KeptRecords | None:
    told = _part(night, "kept")
    return KeptRecords.from_json(told) if told else None


def saw_nobody(night: Night) -> bool:
    """No household was there to be looked at, and nobody said that this is right."""
    kept = kept_of(night)
    return kept is not None and not kept.households and "collapse_accepted" not in night.counts


def has_collapsed(night: Night) -> bool:
    """It failed because it saw far less than the last good one."""
    return night.outcome is NightOutcome.FAILED and bool(night.counts.get("collapsed"))


def kept_words(night: Night, table: str) -> str:
    """How many rows of a table are kept, and of which day the newest is."""
    kept = kept_of(night)
    if kept is None or table not in kept.tables:
        return ""
    found = kept.tables[table]
    newest = f", the newest of {found.newest}" if found.newest else ""
    return f"; {found.rows:,} kept{newest}"


def rows_of_source(night: Night, source: str) -> list[str]:
    """One line for each table of which the source gave rows."""
    return [
        f"{table}: {', '.join(f'{n:,} {fate}' for fate, n in rows.items())}"
        for table, rows in _part(night, "sources").get(source, {}).items()
    ]


def _part(night: Night, name: str) -> Mapping[str, Any]:
    told = night.counts.get(name)
    return told if isinstance(told, dict) else {}
