"""Where the header line of a delimited file is, and where its rows begin."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from redflags.adapters.sources.files.csv_split_by_hand import Dialect
from redflags.adapters.sources.files.header_row import Header
from redflags.errors import SourceRefused

LONGEST_HEADER_LINES = 50
COMMAS = Dialect()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the files of one mapping are written; `header` stands in for a missing header line.

    `skip_lines` counts as a spreadsheet does: a cell of several lines is one row, an empty line is
    one too. `required` are the columns no row can do without, and by which the header is known;
    None when every column is.
    """

    encoding: str = "utf-8"
    dialect: Dialect = COMMAS
    header: tuple[str, ...] = ()
    skip_lines: int = 0
    required: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """Column names, and the byte at which the first data row starts.

    It `is_elsewhere` when it does not stand right after `skip_lines`.
    """

    names: tuple[str, ...]
    rows_from: int
    is_elsewhere: bool = False


def read_header(data: bytes, layout: Layout) -> HeaderLine:
    """The header of a file that begins with `data`, whole lines of UTF-8.

    Where the line after `skip_lines` is none, the next one that names every required column is.
    Raises SourceRefused when the line cannot be split.
    """
    lines = data.split(b"\n", layout.skip_lines + LONGEST_HEADER_LINES)[:-1]
    if layout.header:
        return _given(lines, layout)
    starts = [*_starts_as_rows(lines, layout), *range(layout.skip_lines, len(lines))]
    if not starts:
        return HeaderLine((), len(data))
    expected = _header_at(lines, starts[0], layout.dialect)
    known = expected if _is_known(expected, layout) else _next_known(lines, starts, layout)
    if known or (expected and any(name.strip() for name in expected.names)):
        return known or expected or HeaderLine((), len(data))
    if expected is None:
        raise SourceRefused(
            "expected a header line; the first line cannot be split: "
            "its line ends may be carriage returns only, or it is not delimited text"
        )
    return _first_filled(lines, starts, layout) or HeaderLine((), len(data))


def _next_known(lines: Sequence[bytes], starts: Sequence[int], layout: Layout) -> HeaderLine | None:
    for start in dict.fromkeys(starts) if layout.required else ():
        header = _header_at(lines, start, layout.dialect)
        if header and _is_known(header, layout):
            return replace(header, is_elsewhere=True)
    return None


def _first_filled(
    lines: Sequence[bytes], starts: Sequence[int], layout: Layout
) -> HeaderLine | None:
    headers = (_header_at(lines, start, layout.dialect) for start in starts)
    return next((h for h in headers if h and any(name.strip() for name in h.names)), None)


def _given(lines: Sequence[bytes], layout: Layout) -> HeaderLine:
    """The names of the mapping; a line that repeats them is no row."""
    start = next(_starts_as_rows(lines, layout), len(lines))
    first = _header_at(lines, start, layout.dialect)
    if first and Header(first.names).folded_names == Header(layout.header).folded_names:
        return replace(first, names=layout.header)
    return HeaderLine(layout.header, _bytes_before(lines, start))


def _is_known(header: HeaderLine | None, layout: Layout) -> bool:
    if header is None or not layout.required:
        return False
    names = Header(header.names)
    return all(names.locate(name) is not None for name in layout.required)


def _starts_as_rows(lines: Sequence[bytes], layout: Layout) -> Iterator[int]:
    """The line at which each row begins that is not skipped, with cells of several lines."""
    reader = layout.dialect.reader((_text(line) for line in lines), strict=False)
    start = 0
    try:
        for row, _ in enumerate(reader):
            if row >= layout.skip_lines:
                yield start
            start = reader.line_num
    except csv.Error:
        return


def _header_at(lines: Sequence[bytes], start: int, dialect: Dialect) -> HeaderLine | None:
    """What the row at a line names; None when it cannot be split."""
    reader = dialect.reader((_text(line) for line in lines[start:]), strict=False)
    try:
        names = tuple(next(reader, ()))
    except csv.Error:
        return None
    return HeaderLine(names, _bytes_before(lines, start + reader.line_num))


def _bytes_before(lines: Sequence[bytes], end: int) -> int:
    return sum(len(line) + 1 for line in lines[:end])


def _text(line: bytes) -> str:
    return line.decode() + "\n"
