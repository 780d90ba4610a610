"""Splitting a block of a delimited file with Arrow, and knowing when not to trust the result.

Arrow accepts a quote that is never closed and glues the lines together. A sentinel row after the
block shows whether the last quote was closed; a malformed row of several lines, or a cell of
several lines that does not stand in the block just as it would be quoted, shows a stray quote
further up. Such a block is split by hand.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from csv import Error as CsvError
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from redflags.adapters.sources.files.csv_split_by_hand import Dialect, split_alone
from redflags.adapters.sources.files.row_shape import RowShape
from redflags.adapters.sources.files.text_encoding import TextBlock
from redflags.adapters.sources.raw_rows import one_chunk

_SENTINEL = "\x1eend of block\x1e"


@dataclass(frozen=True, slots=True)
class SplitBlock:
    """Rows of one block as text columns, and which of its rows (1 = first) had a fault.

    `row_numbers` are those of the rows in `table`; malformed rows have numbers and no place there.
    `shapes` counts the rows that were short or long and made to fit.
    """

    table: pa.Table
    row_numbers: pa.Array
    malformed: tuple[int, ...] = ()
    repaired: tuple[int, ...] = ()
    shapes: Counter[str] = field(default_factory=Counter)

    @property
    def row_count(self) -> int:
        return int(self.table.num_rows) + len(self.malformed)


@dataclass(slots=True)
class _Rejected:
    """Collects the rows with the wrong number of fields."""

    rows: list[tuple[int, str]] = field(default_factory=list)
    spans_lines: bool = False

    def __call__(self, row: csv.InvalidRow) -> str:
        self.rows.append((row.number, row.text))
        self.spans_lines = self.spans_lines or "\n" in row.text
        return "skip"


def split_quickly(
    block: TextBlock, shape: RowShape, positions: Sequence[int], dialect: Dialect
) -> SplitBlock | None:
    """The block's rows of `shape.width` fields, at `positions` only; None: go the slow way."""
    if not _looks_plain(block.data):
        return None
    width = shape.width
    has_quotes = bool(dialect.quote) and dialect.quote.encode() in block.data
    rejected = _Rejected()
    table = _parsed(block.data, width, positions, dialect, rejected)
    if table is None or rejected.spans_lines:
        return None
    is_line_per_row = table.num_rows + len(rejected.rows) == block.line_count
    if not is_line_per_row and (
        block.repaired or not has_quotes or not _cells_are_trusted(block.data, width, dialect)
    ):
        return None
    return _numbered(table, rejected.rows, block, shape, positions, dialect)


def _looks_plain(data: bytes) -> bool:
    """No empty line and no carriage return without its line feed."""
    if data.startswith((b"\n", b"\r\n")) or b"\n\n" in data:
        return False
    return b"\r" not in data or (data.count(b"\r") == data.count(b"\r\n") and b"\n\r\n" not in data)


def _parsed(
    data: bytes, width: int, positions: Sequence[int], dialect: Dialect, rejected: _Rejected
) -> pa.Table | None:
    names = [str(position) for position in range(width)]
    sentinel = dialect.delimiter.join([_SENTINEL] + [""] * (width - 1)) + "\n"
    try:
        table = csv.read_csv(
            pa.BufferReader(data + sentinel.encode()),
            read_options=csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(data) + len(sentinel) + 1
            ),
            parse_options=csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=True,
                invalid_row_handler=rejected,
            ),
            convert_options=csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                include_columns=[str(p) for p in sorted({0, *positions})],
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    last = table.num_rows - 1
    if last < 0 or table.column("0")[last].as_py() != _SENTINEL:
        return None
    return table.slice(0, last).select([str(position) for position in positions])


def _cells_are_trusted(data: bytes, width: int, dialect: Dialect) -> bool:
    """Whether each cell of several lines, wanted or not, stands in the block just as quoted."""
    table = _parsed(data, width, range(width), dialect, _Rejected())
    if table is None:
        return False
    quote, after = dialect.quote.encode(), (dialect.delimiter.encode(), b"\r", b"\n")
    position = 0
    for cell in _cells_of_several_lines(table):
        quoted = quote + cell.encode().replace(quote, quote * 2) + quote
        position = data.find(quoted, position)
        while position >= 0 and not _stands_alone(data, position, len(quoted), after):
            position = data.find(quoted, position + 1)
        if position < 0:
            return False
        position += len(quoted)
    return True


def _stands_alone(data: bytes, start: int, length: int, after: tuple[bytes, ...]) -> bool:
    end = start + length
    return data[start - 1 : start] in (b"", *after) and data[end : end + 1] in after


def _cells_of_several_lines(table: pa.Table) -> list[str]:
    """In the order in which they stand in the file."""
    found: list[tuple[int, int, str]] = []
    for number, column in enumerate(map(one_chunk, table.columns)):  # without a chunk Arrow dies
        has_line_feed = pc.fill_null(pc.match_substring(column, "\n"), False)
        rows = pc.indices_nonzero(has_line_feed).to_pylist()
        cells = column.filter(has_line_feed).to_pylist()
        found += [(row, number, cell) for row, cell in zip(rows, cells, strict=True)]
    return [cell for _, _, cell in sorted(found)]


def _numbered(
    table: pa.Table,
    rejected: Sequence[tuple[int, str]],
    block: TextBlock,
    shape: RowShape,
    positions: Sequence[int],
    dialect: Dialect,
) -> SplitBlock:
    """The rows in their order, with those that could be made to fit among them."""
    total = table.num_rows + len(rejected)
    fitted, shapes = _fitted(rejected, shape, dialect, total if block.is_cut else 0)
    malformed = tuple(number for number, _ in rejected if number not in fitted)
    numbers = np.arange(1, total + 1)
    if rejected:
        odd = np.array([number for number, _ in rejected])
        numbers = np.setdiff1d(numbers, odd, assume_unique=True)
    if fitted:
        table = pa.concat_tables([table, table_of(fitted.values(), positions)])
        numbers = np.concatenate([numbers, list(fitted)])
        order = np.argsort(numbers, kind="stable")
        table, numbers = table.take(order), numbers[order]
    lost = set(malformed)
    repaired = tuple(sorted(n + 1 for n in block.repaired if n + 1 not in lost))
    return SplitBlock(table, pa.array(numbers, pa.int64()), malformed, repaired, shapes)


def _fitted(
    rejected: Sequence[tuple[int, str]], shape: RowShape, dialect: Dialect, cut_row: int
) -> tuple[dict[int, list[str]], Counter[str]]:
    """Fields of the rows that can be made to fit, and how many were short or long."""
    fitted: dict[int, list[str]] = {}
    shapes: Counter[str] = Counter()
    for (number, _), fields in zip(rejected, _fields_of(rejected, dialect), strict=True):
        fitting = shape.fitted(fields) if fields and number != cut_row else None
        if fields and fitting:
            fitted[number] = fitting
            shapes[shape.kind(len(fields))] += 1
    return fitted, shapes


def _fields_of(rejected: Sequence[tuple[int, str]], dialect: Dialect) -> Sequence[list[str] | None]:
    """Fields of each row by itself; all at once unless a quote joins one to the next."""
    lines = [text + "\n" for _, text in rejected]
    try:
        together: list[list[str] | None] = list(dialect.reader(iter(lines), strict=False))
    except CsvError:
        together = []
    if len(together) == len(lines):
        return together
    return [split_alone(line, dialect) for line in lines]


def table_of(rows: Collection[list[str]], positions: Sequence[int]) -> pa.Table:
    columns = [pa.array([row[p] or None for row in rows], pa.string()) for p in positions]
    return pa.table(columns, names=[str(position) for position in positions])
