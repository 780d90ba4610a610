"""The sheets of a workbook as samples."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.files.spreadsheet_file import opened, sheet_rows
from redflags.analysis.profiling.header_guesses import guess_header
from redflags.analysis.profiling.samples import Layout, Sample

MOST_ROWS, LAST_ROWS = 20_000, 5


def samples_of_workbook(file: Path, folder: str) -> list[Sample]:
    """One sample a sheet that has a table. Raises SourceRefused when it is no workbook."""
    with opened(file) as book:
        pages = [(page.title, list(islice(_texts(page), MOST_ROWS))) for page in book]
    filled = [(title, rows) for title, rows in pages if _usual_width(rows) > 1]
    found = [_sample(file.name, title, rows, folder, len(filled) > 1) for title, rows in filled]
    return [sample for sample in found if sample is not None]


def _sample(
    name: str,
    title: str,
    rows: Sequence[tuple[str, ...]],
    folder: str,
    is_one_of_many: bool,
) -> Sample | None:
    width = _usual_width(rows)
    start = next((n for n, row in enumerate(rows) if _filled(row) > width / 2), None)
    if start is None:
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
        sheet=title if is_one_of_many else "",
        remarks=remarks,
    )


def _texts(page: Any) -> Iterator[tuple[str, ...]]:
    for row in sheet_rows(page):
        yield tuple((as_text(value) or "").strip() for value in row)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Filled cells of the middle row, counted from the fullest: titles do not count."""
    widths = sorted(_filled(row) for row in rows if _filled(row))
    return widths[len(widths) // 2] if widths else 0


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell) for cell in row)


def _cut(row: tuple[str, ...], columns: int) -> tuple[str, ...]:
    return (*row[:columns], *([""] * (columns - len(row))))
