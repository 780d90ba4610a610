"""The fairness report as files: a page to print, its numbers, and how to read them."""

import csv
import io
from collections.abc import Mapping
from html import escape

from redflags.domain.clock import spoken
from redflags.services.reports.fairness_report import FairnessReport, Line, Table
from redflags.services.reports.report_files import FORMULA_SIGNS
from redflags.services.reports.svg_charts import Range, ranges

HEADS = ("Group", "Homes", "Homes alerted", "Alerted, of all", "Checks", "A need was found")
COLUMNS = ("quarter", "grouping", "group", "homes", "alerted", "alert_rate", "checks", "need_found")


def files_of(report: FairnessReport) -> Mapping[str, str]:
    """What is written where, by file name."""
    return {
        "fairness.html": page_of(report),
        "fairness.csv": numbers_of(report),
        "README.txt": "\n\n".join((report.title, *report.warnings, *report.notes)) + "\n",
    }


def chart_of(table: Table) -> str:
    """How often checks found a need, by group; blank where none may be told."""
    told = [line for line in table.lines if line.found is not None]
    title = f"{table.title}: checks that found a need"
    return ranges(f"chart-{table.code}", title, [_range(line) for line in told]) if told else ""


def cells_of(line: Line) -> tuple[str, ...]:
    """In the order of HEADS."""
    return (
        line.name,
        line.homes,
        line.alerted,
        line.alert_words,
        line.checks,
        line.found_words,
    )


def numbers_of(report: FairnessReport) -> str:
    """One row a group, as it may be read."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for table in report.tables:
        for line in table.lines:
            cells = (str(report.quarter), table.code, *cells_of(line))
            writer.writerow([_plain(cell) for cell in cells])
    return file.getvalue()


def page_of(report: FairnessReport) -> str:
    """The whole report on a page that prints well; it fetches nothing."""
    warnings = "".join(f'<p class="warning">{escape(words)}</p>' for words in report.warnings)
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    tables = "".join(_section(table) for table in report.tables)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(report.title)}</h1><p>Made on {escape(spoken(report.made_at_utc))}.</p>"
        f"{warnings}<ul>{notes}</ul>{tables}{_handed_in(report)}</main></body></html>\n"
    )


def _section(table: Table) -> str:
    rows = "".join(_row(cells_of(line)) for line in table.lines)
    return (
        f"<section><h2>{escape(table.title)}</h2>{chart_of(table)}{_table(HEADS, rows)}</section>"
    )


def _handed_in(report: FairnessReport) -> str:
    if not report.handed_in:
        return ""
    heads = ("Group", "Areas known", "Alerted where more", "Alerted where fewer")
    lines = ((one.group, str(one.areas), one.more, one.less) for one in report.handed_in)
    rows = "".join(_row(cells) for cells in lines)
    return f"<section><h2>Areas and groups of people</h2>{_table(heads, rows)}</section>"


def _table(heads: tuple[str, ...], rows: str) -> str:
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"


def _row(cells: tuple[str, ...]) -> str:
    rest = "".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{escape(cells[0])}</th>{rest}</tr>'


def _range(line: Line) -> Range:
    if line.found is None:
        return Range(line.name, line.found_words)
    low, high = line.found.interval
    said = f"{100 * (line.found.value or 0):.0f}%"
    return Range(line.name, said, line.found.value, low, high)


def _plain(text: str) -> str:
    """Groups have the landlord's names; no spreadsheet is to work any of them out."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


_STYLE = (
    "body{font-family:Helvetica Neue,Arial,sans-serif;line-height:1.4;margin:2rem auto;"
    "max-width:56rem;padding:0 1rem;color:#0b0c0c}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;border-bottom:1px solid #b1b4b6;padding:.35rem;vertical-align:top}"
    "tbody th{font-weight:normal}.warning{border-left:6px solid #d4351c;padding-left:1rem}"
    "svg{max-width:100%;height:auto}section{break-inside:avoid}"
)
