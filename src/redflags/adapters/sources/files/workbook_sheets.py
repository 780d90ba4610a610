"""Which sheets of a workbook hold the rows of a table, and where their headers stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from redflags.adapters.sources.files.header_row import Header, folded
from redflags.adapters.sources.reading_report import ReadingReport
from redflags.errors import SourceRefused

VISIBLE = "visible"


class Page(NamedTuple):
    """A sheet as it came: its title, whether people see it, and its first rows as text."""

    title: str
    state: str
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is read: its header, and how many rows stand above the first data row."""

    title: str
    header: Header
    row: int


def chosen_sheets(
    pages: Sequence[tuple[str, str, Sequence[tuple[str, ...]]]],
    title: str,
    skip_lines: int,
    required: Sequence[str],
    report: ReadingReport,
) -> tuple[Sheet, ...]:
    """The sheet of that title, or every visible one with the required columns; else the first.

    What is not read is noted by its number: a title may be somebody's name. Raises SourceRefused
    when there is no such sheet.
    """
    if not pages:
        raise SourceRefused(
            "expected a sheet with rows; there is none that can be read: save it as an ordinary "
            "Excel workbook (.xlsx, not Strict Open XML), or as .csv"
        )
    filled = [page for page in map(Page._make, pages) if any(map(any, page.rows))]
    if title:
        asked = [page for page in filled if folded(page.title) == folded(title)]
    else:
        asked = [page for page in filled if page.state == VISIBLE] or filled
    if not asked:
        raise SourceRefused(_none_asked_for(title, len(pages)))
    found = [sheet for page in asked if (sheet := _with_columns(page, skip_lines, required))]
    if not found:
        return (_as_it_stands(asked[0], skip_lines),)
    read = {sheet.title for sheet in found}
    _note_unread([page for page in filled if page.title not in read], required, report)
    if any(sheet.row != skip_lines + 1 for sheet in found):
        report.note("its header stands further down than skip_lines of the mapping says")
    return tuple(found)


def _none_asked_for(title: str, sheets: int) -> str:
    if title:
        return f"expected the sheet {title!r}; the workbook has {sheets} other(s)"
    return "expected a header row; the sheet is empty: have it sent again"


def _with_columns(page: Page, skip_lines: int, required: Sequence[str]) -> Sheet | None:
    for number, names in enumerate(page.rows[skip_lines:], start=skip_lines + 1):
        header = Header(names)
        if required and all(header.locate(name) is not None for name in required):
            return Sheet(page.title, header, number)
    return None


def _as_it_stands(page: Page, skip_lines: int) -> Sheet:
    """The row after `skip_lines`, so that what is missing in it can be told."""
    rows = page.rows[skip_lines:]
    return Sheet(page.title, Header(rows[0] if rows else ()), skip_lines + 1)


def _note_unread(unread: Sequence[Page], required: Sequence[str], report: ReadingReport) -> None:
    same = [page for page in unread if _with_columns(page, 0, required)]
    if same:
        report.note(
            f"{len(same)} other sheet(s) have these columns too and are not read, as they are "
            "hidden or the mapping names another"
        )
    if len(unread) > len(same):
        report.note(
            f"{len(unread) - len(same)} other sheet(s) have other columns; nobody reads them"
        )
