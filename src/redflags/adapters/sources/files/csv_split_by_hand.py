"""Splitting the few blocks of a delimited file that hold something odd.

A stray quote swallows lines until the next quote turns up. Readers then either lose those lines or
glue them together; here the line with the stray quote is one malformed row, and reading starts
afresh on the line after it.
"""

import csv
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from redflags.adapters.sources.files.row_shape import RowShape

LONGEST_RECORD_LINES = 2000


@dataclass(frozen=True, slots=True)
class Record:
    """One row and its lines [first, last); `fields` is None when it could not be split.

    `came` is how many fields there were before they were made to fit.
    """

    first: int
    last: int
    fields: list[str] | None
    came: int = 0


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written; no `quote` means that quotes are plain characters."""

    delimiter: str = ","
    quote: str = '"'

    def reader(self, lines: Iterator[str], strict: bool) -> Any:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=strict,
        )


def split_carefully(
    lines: list[str], shape: RowShape, dialect: Dialect, is_end: bool
) -> Iterator[Record]:
    """Rows of `shape.width` fields; empty lines are no rows.

    Unless `is_end`, an unfinished last row is not given: its lines belong to the next block.
    """
    at = 0
    while at < len(lines):
        at = yield from _while_all_is_well(lines, at, shape.width, dialect)
        if at < len(lines):
            odd = _odd_record(lines, at, shape, dialect, is_end)
            if odd is None:
                return
            yield odd
            at = odd.last


def _while_all_is_well(
    lines: list[str], start: int, width: int, dialect: Dialect
) -> Generator[Record, None, int]:
    done = start
    reader = dialect.reader(_from(lines, start), strict=True)
    try:
        for fields in reader:
            if fields and len(fields) != width:
                return done
            last = start + reader.line_num
            if fields:
                yield Record(done, last, fields, width)
            done = last
    except csv.Error:
        pass
    return done


def _odd_record(
    lines: list[str], at: int, shape: RowShape, dialect: Dialect, is_end: bool
) -> Record | None:
    alone = split_alone(lines[at], dialect)
    if alone is not None:
        return Record(at, at + 1, shape.fitted(alone), len(alone))
    reader = dialect.reader(_from(lines, at), strict=True)
    try:
        fields = next(reader)
    except csv.Error:
        is_unfinished = at + reader.line_num >= len(lines)
        if is_unfinished and not is_end and len(lines) - at <= LONGEST_RECORD_LINES:
            return None
        return Record(at, at + 1, None)
    last = at + reader.line_num
    if _any_row(lines[at + 1 : last], shape.width, dialect):
        return Record(at, at + 1, None)
    return Record(at, last, shape.fitted(fields), len(fields))


def _any_row(lines: list[str], width: int, dialect: Dialect) -> bool:
    """Whether a line by itself is a whole row, so that a stray quote must have swallowed it."""
    return any(
        line.count(dialect.quote) % 2 == 0 and len(split_alone(line, dialect) or ()) == width
        for line in lines
    )


def split_alone(line: str, dialect: Dialect) -> list[str] | None:
    """Fields of one line by itself, or None when a quote is still open at its end."""
    try:
        rows = list(dialect.reader(iter((line, "next\n")), strict=False))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 2 else None


def _from(lines: list[str], start: int) -> Iterator[str]:
    return (lines[index] for index in range(start, len(lines)))
