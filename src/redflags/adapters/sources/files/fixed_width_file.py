"""Lines cut at fixed places to batches of text columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.files.header_row import Header
from redflags.adapters.sources.files.text_encoding import TextBlock, text_blocks
from redflags.adapters.sources.raw_rows import RawBatch, column_names
from redflags.adapters.sources.reading_report import ReadingReport
from redflags.analysis.extracts import RowFault
from redflags.domain.row_problem import ProblemCode


@dataclass(frozen=True, slots=True)
class FixedWidthFile:
    """One file without header; `fields` = name → (first place from 1, length).

    Places are bytes or characters as `widths_in` says; None: as the first lines tell.
    """

    open_bytes: Callable[[], BinaryIO]
    encoding: str
    fields: Mapping[str, tuple[int, int]]
    skip_lines: int = 0
    are_blanks_trimmed: bool = False
    widths_in: Literal["bytes", "characters"] | None = None
    report: ReadingReport = field(default_factory=ReadingReport)

    @property
    def columns(self) -> Header:
        return Header(tuple(self.fields))

    @property
    def width(self) -> int:
        """Bytes or characters that a whole line has at least."""
        return max(start + length - 1 for start, length in self.fields.values())

    def batches(self, places: Sequence[int], faults: list[RowFault]) -> Iterator[RawBatch]:
        """A line shorter than `width` is malformed, unless its blanks may have been trimmed."""
        rows_before, skip = 0, self.skip_lines
        are_bytes: bool | None = None
        for block in self._blocks():
            lines = _lines(block).slice(skip)
            if are_bytes is None:
                are_bytes = self._are_bytes(lines)
            repaired = [line - skip + 1 for line in sorted(block.repaired) if line >= skip]
            skip = max(0, skip - block.line_count)
            is_short = self._is_short(lines, are_bytes)
            faults.extend(_faults(is_short, repaired, rows_before))
            yield RawBatch(self._cut(lines, is_short, places, rows_before, are_bytes))
            rows_before += len(lines)

    def _are_bytes(self, lines: pa.Array) -> bool:
        if self.widths_in or pc.all(pc.string_is_ascii(lines)).as_py() is not False:
            return self.widths_in == "bytes"
        bytes_each = pc.count_distinct(pc.binary_length(lines)).as_py()
        characters_each = pc.count_distinct(pc.utf8_length(lines)).as_py()
        if bytes_each > 1 and characters_each > 1:
            self.report.note(
                "it cannot be told whether places are counted in bytes or in characters, and "
                'characters were taken: set widths_in = "bytes" or "characters" in the mapping'
            )
        return bool(bytes_each == 1 < characters_each)

    def _blocks(self) -> Iterator[TextBlock]:
        with self.open_bytes() as stream:
            for block in text_blocks(stream, self.encoding):
                if block.read_as:
                    self.report.note(
                        f"its bytes are {block.read_as}, not {self.encoding}, and were read as "
                        f'that: set encoding = "{block.read_as}" in the mapping'
                    )
                yield block

    def _is_short(self, lines: pa.Array, are_bytes: bool) -> pa.Array:
        shortest = 1 if self.are_blanks_trimmed else self.width
        lengths = pc.binary_length(lines) if are_bytes else pc.utf8_length(lines)
        return pc.less(lengths, shortest)

    def _cut(
        self,
        lines: pa.Array,
        is_short: pa.Array,
        places: Sequence[int],
        rows_before: int,
        are_bytes: bool,
    ) -> pa.RecordBatch:
        is_whole = pc.invert(is_short)
        whole = lines.filter(is_whole)
        cut = _bytes_of if are_bytes else pc.utf8_slice_codeunits
        spans = list(self.fields.values())
        columns = [
            cut(whole, start - 1, start - 1 + length)
            for start, length in (spans[place] for place in places)
        ]
        numbers = pa.array(range(rows_before + 1, rows_before + len(lines) + 1), pa.int64())
        return pa.RecordBatch.from_arrays(
            [*columns, numbers.filter(is_whole)], names=column_names(len(columns))
        )


def _bytes_of(lines: pa.Array, start: int, end: int) -> pa.Array:
    """The text in some bytes of each line; a character that is cut in two is left out."""
    cells = pc.binary_slice(lines.cast(pa.binary()), start, end)
    try:
        return cells.cast(pa.string())
    except pa.ArrowInvalid:
        texts = [cell.decode(errors="ignore") for cell in cells.to_pylist()]
        return pa.array(texts, pa.string())


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
