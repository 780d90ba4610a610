"""Lines cut at fixed places to batches of text columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.files.header_row import Header
from redflags.adapters.sources.files.text_encoding import TextBlock, text_blocks
from redflags.adapters.sources.raw_rows import RawBatch, column_names
from redflags.analysis.extracts import RowFault
from redflags.domain.row_problem import ProblemCode


@dataclass(frozen=True, slots=True)
class FixedWidthFile:
    """One file without header; `fields` = name → (first character from 1, length)."""

    open_bytes: Callable[[], BinaryIO]
    encoding: str
    fields: Mapping[str, tuple[int, int]]
    skip_lines: int = 0
    are_blanks_trimmed: bool = False

    @property
    def columns(self) -> Header:
        return Header(tuple(self.fields))

    @property
    def width(self) -> int:
        """Characters that a whole line has at least."""
        return max(start + length - 1 for start, length in self.fields.values())

    def batches(self, places: Sequence[int], faults: list[RowFault]) -> Iterator[RawBatch]:
        """A line shorter than `width` is malformed, unless its blanks may have been trimmed."""
        rows_before, skip = 0, self.skip_lines
        for block in self._blocks():
            lines = _lines(block).slice(skip)
            repaired = [line - skip + 1 for line in sorted(block.repaired) if line >= skip]
            skip = max(0, skip - block.line_count)
            is_short = self._is_short(lines)
            faults.extend(_faults(is_short, repaired, rows_before))
            yield RawBatch(self._cut(lines, is_short, places, rows_before))
            rows_before += len(lines)

    def _blocks(self) -> Iterator[TextBlock]:
        with self.open_bytes() as stream:
            yield from text_blocks(stream, self.encoding)

    def _is_short(self, lines: pa.Array) -> pa.Array:
        shortest = 1 if self.are_blanks_trimmed else self.width
        return pc.less(pc.utf8_length(lines), shortest)

    def _cut(
        self, lines: pa.Array, is_short: pa.Array, places: Sequence[int], rows_before: int
    ) -> pa.RecordBatch:
        is_whole = pc.invert(is_short)
        whole = lines.filter(is_whole)
        spans = list(self.fields.values())
        columns = [
            pc.utf8_slice_codeunits(whole, start - 1, start - 1 + length)
            for start, length in (spans[place] for place in places)
        ]
        numbers = pa.array(range(rows_before + 1, rows_before + len(lines) + 1), pa.int64())
        return pa.RecordBatch.from_arrays(
            [*columns, numbers.filter(is_whole)], names=column_names(len(columns))
        )


def _lines(block: TextBlock) -> pa.Array:
    lines = block.data.decode().split("\n")[:-1]
    return pa.array([line.removesuffix("\r") for line in lines], pa.string())


def _faults(is_short: pa.Array, repaired: Sequence[int], rows_before: int) -> list[RowFault]:
    short = {i for i, is_so in enumerate(is_short.to_pylist(), start=1) if is_so}
    faults = [RowFault(rows_before + row, ProblemCode.MALFORMED_ROW) for row in short]
    faults += [
        RowFault(rows_before + row, ProblemCode.ENCODING_REPAIRED)
        for row in repaired
        if row not in short
    ]
    return sorted(faults)
