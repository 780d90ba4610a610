"""A report as files to hand out: a page to print, its numbers, and a line on how they were made.

They hold no reference, no name and no alert; the page fetches nothing.
"""

import csv
import io
from collections.abc import Mapping
from html import escape

from redflags.domain.clock import spoken
from redflags.services.reports.quarterly_report import Line, Measure, Report, Table
from redflags.services.reports.svg_charts import Bar, bars

COLUMNS = (
    "quarter",
    "status",
    "table",
    "item",
    "label",
    "unit",
    "value",
    "range_low",
    "range_high",
    "shown",
)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for something to work out."""


def files_of(report: Report) -> Mapping[str, str]:
    """What is written where, by file name."""
    return {
        "report.html": page_of(report),
        "figures.csv": figures_csv(report),
        "README.txt": readme_of(report),
    }


def figures_csv(report: Report) -> str:
    """One row for each number; `value` is blank where it may not be told exactly."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    common = {"quarter": str(report.quarter), "status": "over" if report.is_over else "so far"}
    for table in report.tables:
        for line in table.lines:
            writer.writerow(common | _csv_line(table, line))
    for measure in report.measures:
        writer.writerow(common | _csv_measure(measure))
    return file.getvalue()


def readme_of(report: Report) -> str:
    return "\n\n".join((report.title, *report.notes)) + "\n"


def page_of(report: Report) -> str:
    """The whole report on a page that prints well on A4."""
    marked = "" if report.is_over else " (so far)"
    measures = "".join(_measure_row(measure) for measure in report.measures)
    parts = (
        f"<h1>{escape(report.title)}{marked}</h1>",
        f"<p>Made on {escape(spoken(report.made_at_utc))}.</p>",
        _listed(report.notes),
        "<h2>At a glance</h2>",
        "<table><caption>Shares and times</caption><thead><tr>"
        '<th scope="col">What</th><th scope="col">How much</th></tr></thead>'
        f"<tbody>{measures}</tbody></table>",
        *(_section(table) for table in report.tables),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(report.title)}{marked}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def chart_of(table: Table) -> str:
    """The bars of a table's parts; blank where it has a single number."""
    parts = [line for line in table.lines if line.level] or list(table.lines)
    if len(parts) < 2:
        return ""
    rows = [Bar(line.label, line.shown, line.value) for line in parts]
    return bars(f"chart-{table.code}", table.title, rows)


def _section(table: Table) -> str:
    lines = "".join(_line_row(line) for line in table.lines)
    return (
        f"<section><h2>{escape(table.title)}</h2>{chart_of(table)}"
        f"<table><caption>{escape(table.title)}</caption><thead><tr>"
        '<th scope="col">What</th><th scope="col" class="number">Number</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></section>"
    )


def _line_row(line: Line) -> str:
    return (
        f'<tr><th scope="row" class="level-{line.level}">{escape(line.label)}</th>'
        f'<td class="number">{escape(line.shown)}</td></tr>'
    )


def _measure_row(measure: Measure) -> str:
    return f'<tr><th scope="row">{escape(measure.label)}</th><td>{escape(measure.shown)}</td></tr>'


def _listed(notes: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in notes)}</ul>"


def _csv_line(table: Table, line: Line) -> dict[str, object]:
    return {
        "table": table.code,
        "item": _plain(line.code),
        "label": _plain(line.label),
        "unit": "count",
        "value": "" if line.value is None else line.value,
        "shown": line.shown,
    }


def _csv_measure(measure: Measure) -> dict[str, object]:
    numbers = (measure.value, measure.low, measure.high)
    value, low, high = ("" if number is None else number for number in numbers)
    return {
        "table": "measures",
        "item": measure.code,
        "label": measure.label,
        "unit": measure.unit,
        "value": value,
        "range_low": low,
        "range_high": high,
        "shown": measure.shown,
    }


def _plain(text: str) -> str:
    """Areas have the landlord's names; no spreadsheet is to work any of them out."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


_STYLE = (
    "body{font-family:Helvetica Neue,Arial,sans-serif;line-height:1.4;margin:2rem auto;"
    "max-width:44rem;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2rem}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{text-align:left;font-weight:normal;border-bottom:1px solid #b1b4b6;padding:.35rem}"
    "thead th{font-weight:bold}.number{text-align:right}"
    ".level-0{font-weight:bold}.level-2{padding-left:1.5rem}.level-3{padding-left:3rem}"
    "svg{max-width:100%;height:auto}section{break-inside:avoid}"
    "@media print{body{margin:0;max-width:none}@page{size:A4;margin:18mm}}"
)
