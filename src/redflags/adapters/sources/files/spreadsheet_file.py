"""Workbooks to batches of text columns, row by row, sheet by sheet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.files.header_row import Header
from redflags.adapters.sources.files.unpacking_limits import refuse_huge_workbook
from redflags.adapters.sources.files.workbook_cells import cell_rows, date_system
from redflags.adapters.sources.files.workbook_sheets import Sheet, chosen_sheets
from redflags.adapters.sources.raw_rows import RawBatch, text_batch
from redflags.adapters.sources.reading_report import ReadingReport
from redflags.analysis.extracts import RowFault
from redflags.errors import SourceError, SourceRefused

BATCH_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of one workbook that are read; rows without a single value are no rows."""

    path: Path
    sheets: tuple[Sheet, ...]
    report: ReadingReport = field(default_factory=ReadingReport)

    @property
    def columns(self) -> Header:
        return self.sheets[0].header

    def batches(self, places: Sequence[int], faults: list[RowFault]) -> Iterator[RawBatch]:
        """A workbook has no malformed rows: `faults` stays as it is."""
        rows = self._rows(places)
        while batch := list(islice(rows, BATCH_ROWS)):
            numbers, texts = zip(*batch, strict=True)
            yield RawBatch(text_batch(texts, numbers))

    def _rows(self, places: Sequence[int]) -> Iterator[tuple[int, list[str | None]]]:
        """Rows with their numbers, which go on from one sheet to the next."""
        number = 0
        wanted = [self.columns.names[place] for place in places]
        with opened(self.path) as book:
            for sheet in self.sheets:
                own = places if sheet is self.sheets[0] else [*map(sheet.header.locate, wanted)]
                for row in islice(sheet_rows(book[sheet.title]), sheet.row, None):
                    number += 1
                    if any(value not in (None, "") for value in row):
                        yield number, [_text(row, place) for place in own]


def open_workbook(
    path: Path, sheet: str, skip_lines: int, required: Sequence[str] = ()
) -> Workbook:
    """Find the sheets with the `required` columns and their headers.

    Raises SourceRefused when it is no workbook or has no such sheet.
    """
    with opened(path) as book:
        pages = [(page.title, page.sheet_state, _first_rows(page, skip_lines)) for page in book]
        counted_from = date_system(path)
    report = ReadingReport()
    found = chosen_sheets(pages, sheet, skip_lines, required, report)
    sheets = tuple(
        replace(one, header=replace(one.header, date_system=counted_from)) for one in found
    )
    if not any(name.strip() for name in sheets[0].header.names):
        raise SourceRefused("expected a header row; the sheet is empty: have it sent again")
    return Workbook(path, sheets, report)


LOOKED_AT_ROWS = 30


def _first_rows(page: Any, skip_lines: int) -> list[tuple[str, ...]]:
    rows = islice(sheet_rows(page), skip_lines + LOOKED_AT_ROWS)
    return [tuple(as_text(value) or "" for value in row) for row in rows]


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The workbook, read as a stream; what it cannot be read for is told by its kind."""
    with path.open("rb") as stream:
        try:
            refuse_huge_workbook(path)
            reader = _Reader(stream, read_only=True, data_only=True, keep_links=False)
            reader.read()
        except SourceError:
            raise
        except Exception as error:
            raise SourceRefused(
                f"expected an .xlsx workbook; {type(error).__name__} came: "
                "save it as .xlsx again, or as .csv"
            ) from None
        try:
            yield _Pages(reader.wb)
        finally:
            reader.wb.close()


class _Reader(ExcelReader):  # type: ignore[misc]
    """What rows need, and no more: charts, authors, themes and names may be damaged."""

    def read(self) -> None:
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.read_worksheets()

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """openpyxl fails on one that it reads as a stream; there is no row in it."""


class _Pages:
    """The worksheets of a book by title; a sheet of charts is none."""

    def __init__(self, book: Any) -> None:
        self._pages = {page.title: page for page in book.worksheets}

    def __iter__(self) -> Iterator[Any]:
        return iter(self._pages.values())

    def __getitem__(self, title: str) -> Any:
        return self._pages[title]


def sheet_rows(page: Any) -> Iterator[tuple[Any, ...]]:
    """The values of each row from row 1 on, as people count them; a row without cells is one."""
    yield from cell_rows(page)


def _text(row: Sequence[Any], place: int | None) -> str | None:
    return as_text(row[place]) if place is not None and place < len(row) else None
