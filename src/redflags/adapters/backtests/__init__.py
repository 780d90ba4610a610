"""Backtests on disk: labels, what a replay has done, and what it says in the end."""

from redflags.adapters.backtests.charts import load_chart, stability_chart
from redflags.adapters.backtests.labels import read_labels
from redflags.adapters.backtests.page import backtest_page
from redflags.adapters.backtests.progress import FolderProgress
from redflags.adapters.backtests.tradeoff import tradeoff_chart
from redflags.adapters.backtests.writing import write_tables, write_text

__all__ = [
    "FolderProgress",
    "backtest_page",
    "load_chart",
    "read_labels",
    "stability_chart",
    "tradeoff_chart",
    "write_tables",
    "write_text",
]
