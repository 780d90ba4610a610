"""The sheets of a workbook as samples."""

import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.files.workbook_cells import cell_rows
from redflags.analysis.profiling.header_guesses import guess_header
from redflags.analysis.profiling.samples import Layout, Sample
from redflags.errors import SourceRefused

MOST_ROWS, LAST_ROWS = 20_000, 5


def samples_of_workbook(file: Path, folder: str) -> list[Sample]:
    """One sample a sheet that has a table. Raises SourceRefused when it is no workbook."""
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise SourceRefused(f"expected an .xlsx workbook; {type(error).__name__} came") from None
    try:
        sheets = [page for page in book.worksheets if isinstance(page, ReadOnlyWorksheet)]
        found = [_sample(file.name, page, folder, len(sheets) > 1) for page in sheets]
    finally:
        book.close()
    return [sample for sample in found if sample is not None]


def _sample(name: str, page: ReadOnlyWorksheet, folder: str, is_one_of_many: bool) -> Sample | None:
    rows = list(islice(_texts(page), MOST_ROWS))
    width = _usual_width(rows)
    start = next((n for n, row in enumerate(rows) if _filled(row) > width / 2), None)
    if width < 2 or start is None:
        return None
    columns = max(n for n, cell in enumerate(rows[start], start=1) if cell)
    table = [_cut(row, columns) for row in rows[start:] if _filled(row)]
    header = guess_header(table)
    remarks = () if header.is_there else ("no row has names: write them above the table",)
    return Sample(
        files=(name,),
        layout=Layout("spreadsheet", folder, skip_lines=start),
        names=header.names,
        rows=header.rows,
        has_header=header.is_there,
        last_rows=tuple(table[-LAST_ROWS:]),
        sheet=page.title if is_one_of_many else "",
        remarks=remarks,
    )


def _texts(page: ReadOnlyWorksheet) -> Iterator[tuple[str, ...]]:
    for row in cell_rows(page):
        yield tuple((as_text(value) or "").strip() for value in row)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Filled cells of the middle row, counted from the fullest: titles do not count."""
    widths = sorted(_filled(row) for row in rows if _filled(row))
    return widths[len(widths) // 2] if widths else 0


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell) for cell in row)


def _cut(row: tuple[str, ...], columns: int) -> tuple[str, ...]:
    return (*row[:columns], *([""] * (columns - len(row))))
