"""Backtests on disk: labels, what a replay has done, and what it says in the end."""

from redflags.adapters.backtest_files.backtest_page import backtest_page
from redflags.adapters.backtest_files.charts import load_chart, stability_chart
from redflags.adapters.backtest_files.label_file import read_labels
from redflags.adapters.backtest_files.replay_progress import FolderProgress
from redflags.adapters.backtest_files.tradeoff_chart import tradeoff_chart
from redflags.adapters.backtest_files.write_tables import write_tables, write_text

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
