"""The folder a backtest leaves behind: Parquet tables and one page with charts."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write each table as ``<name>.parquet``, moved into place whole; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        unfinished = folder / f".{name}.unfinished"
        table.to_parquet(unfinished, index=False)
        unfinished.replace(path)
        written.append(path)
    return written


def write_text(folder: Path, name: str, content: str) -> Path:
    """Write a page or a chart, moved into place whole; its path."""
    path = folder / name
    unfinished = folder / f".{name}.unfinished"
    unfinished.write_text(content, encoding="utf-8")
    unfinished.replace(path)
    return path
