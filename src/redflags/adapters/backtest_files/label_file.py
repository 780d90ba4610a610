"""Labels of a backtest: episodes from a file, in the layout of the simulation's ``truth.csv``."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

from redflags.analysis.replay.backtest_measures import Episode, Labels
from redflags.errors import UsageError

COLUMNS = ("tenancy_ref", "onset", "end")


def read_labels(path: Path, pseudonym: Callable[[str], str]) -> Labels:
    """Episodes of a CSV file: ``tenancy_ref, onset, end``; a blank onset is no episode.

    Raises:
        UsageError: no such file, a column is missing, or a date cannot be read; names the row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    f"{path.name}: expected columns {', '.join(COLUMNS)}; "
                    f"missing: {', '.join(missing)}"
                )
            rows = list(enumerate(reader, 1))
    except FileNotFoundError:
        raise UsageError(f"{path}: expected a file of labels, found none") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path.name}: expected UTF-8, got another encoding") from None
    return Labels([_episode(row, no, path, pseudonym) for no, row in rows if row["onset"].strip()])


def _episode(
    row: dict[str, str], number: int, path: Path, pseudonym: Callable[[str], str]
) -> Episode:
    try:
        onset = date.fromisoformat(row["onset"].strip()[:10])
        end = date.fromisoformat(text[:10]) if (text := row["end"].strip()) else None
    except ValueError:
        raise UsageError(f"{path.name}: row {number}: expected dates as YYYY-MM-DD") from None
    return Episode(pseudonym(row["tenancy_ref"].strip()), onset, end)
