"""Workbooks to batches of text columns, row by row."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.files.header_row import Header
from redflags.adapters.sources.files.workbook_cells import cell_rows, date_system
from redflags.adapters.sources.raw_rows import RawBatch, text_batch
from redflags.analysis.extracts import RowFault
from redflags.errors import SourceRefused

BATCH_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Workbook:
    """One sheet of one workbook; rows without a single value are no rows."""

    path: Path
    sheet: str
    skip_lines: int
    columns: Header

    def batches(self, places: Sequence[int], faults: list[RowFault]) -> Iterator[RawBatch]:
        """A workbook has no malformed rows: `faults` stays as it is."""
        rows = _numbered(_rows(self.path, self.sheet, self.skip_lines + 1), places)
        while batch := list(islice(rows, BATCH_ROWS)):
            numbers, texts = zip(*batch, strict=True)
            yield RawBatch(text_batch(texts, numbers))


def open_workbook(path: Path, sheet: str, skip_lines: int) -> Workbook:
    """Read the header. Raises SourceRefused when it is no workbook or has no such sheet."""
    first = next(_rows(path, sheet, skip_lines), ())
    names = tuple(as_text(value) or "" for value in first)
    if not any(name.strip() for name in names):
        raise SourceRefused("expected a header row; the sheet is empty: have it sent again")
    return Workbook(path, sheet, skip_lines, Header(names, date_system(path)))


def _rows(path: Path, sheet: str, skip: int) -> Iterator[tuple[Any, ...]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise SourceRefused(
            f"expected an .xlsx workbook; {type(error).__name__} came: "
            "save it as .xlsx again, or as .csv"
        ) from None
    try:
        if sheet and sheet not in book.sheetnames:
            raise SourceRefused(
                f"expected the sheet {sheet!r}; the workbook has {len(book.sheetnames)} other(s)"
            )
        page = book[sheet] if sheet else book[book.sheetnames[0]]
        yield from islice(cell_rows(page), skip, None)
    finally:
        book.close()


def _numbered(
    rows: Iterator[tuple[Any, ...]], places: Sequence[int]
) -> Iterator[tuple[int, list[str | None]]]:
    for number, row in enumerate(rows, start=1):
        if any(value not in (None, "") for value in row):
            texts = [as_text(row[place]) if place < len(row) else None for place in places]
            yield number, texts
