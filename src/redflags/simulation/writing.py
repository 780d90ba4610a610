"""A landlord as a folder of CSV files: all of them, or none."""

from dataclasses import fields
from pathlib import Path

import pandas as pd

from redflags.errors import UsageError
from redflags.simulation.landlord import Landlord


def write_landlord(landlord: Landlord, folder: Path) -> None:
    """Write the canonical tables, `truth.csv` and `episodes.csv` into `folder`, made when missing.

    UTF-8, header, comma, ISO 8601, blank for missing. Files are written under other names first
    and renamed when all are complete. Raises UsageError when `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("expected a folder to write into, got a file: choose another --output")
    folder.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in fields(Landlord)]
    unfinished = {name: folder / f".{name}.csv.unfinished" for name in names}
    try:
        for name, path in unfinished.items():
            _write(getattr(landlord, name), path)
        for name, path in unfinished.items():
            path.replace(folder / f"{name}.csv")
    finally:
        for path in unfinished.values():
            path.unlink(missing_ok=True)


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
