"""Facts of nights on disk, under ``whatif/<shape>/<day>.parquet``; households are pseudonyms.

What a file holds for (rule set, floors, number of households) stands in its own metadata. Files are
moved into place whole and are for their owner's eyes only.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from redflags.analysis.replay.night_facts import KeptNights, NightFacts

_KEY = b"redflags"
KEPT_NIGHTS = 400
"""A year of nights and a little: older ones say nothing of today's thresholds."""


class FactFolder:
    """The nights kept under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, night: NightFacts) -> Path:
        """Write a night, in place of what was kept of it before; forget the oldest."""
        told = {
            "ruleset_hash": night.ruleset_hash,
            "households": night.households,
            "floors": night.floors,
        }
        table = pa.Table.from_pandas(night.table, preserve_index=False)
        table = table.replace_schema_metadata({_KEY: json.dumps(told).encode()})
        path = self._path(night.shape, night.as_of)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        unfinished.touch(mode=0o600)
        pq.write_table(table, unfinished, compression="zstd")
        unfinished.replace(path)
        for old in sorted(path.parent.glob("*.parquet"))[:-KEPT_NIGHTS]:
            old.unlink(missing_ok=True)
        return path

    def days(self, shape: str) -> list[date]:
        """The nights kept of one shape, oldest first."""
        return [date.fromisoformat(path.stem) for path in self._paths(shape)]

    def read(self, shape: str, days: Sequence[date]) -> KeptNights | None:
        """Those of `days` that are kept; None when none is. A torn file is left out.

        Nights kept under other floors answer only where all of them do: the highest floors count.
        """
        facts: dict[date, pd.DataFrame] = {}
        floors: dict[str, dict[str, float]] = {}
        households = 0
        for day in sorted(days):
            path = self._path(shape, day)
            with suppress(OSError, ValueError, KeyError, pa.ArrowException):
                table = pq.read_table(path)
                told = json.loads((table.schema.metadata or {})[_KEY])
                facts[day] = table.to_pandas()
                floors = _higher(floors, told["floors"])
                households = int(told["households"])
        return KeptNights(facts, floors, households) if facts else None

    def _path(self, shape: str, day: date) -> Path:
        return self._folder / shape / f"{day.isoformat()}.parquet"

    def _paths(self, shape: str) -> list[Path]:
        return sorted((self._folder / shape).glob("[0-9]*.parquet"))


def _higher(
    one: dict[str, dict[str, float]], other: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    return {
        rule_id: {name: max(value, known.get(name, 0)) for name, value in own.items()}
        for rule_id, own in other.items()
        for known in (one.get(rule_id, {}),)
    }
