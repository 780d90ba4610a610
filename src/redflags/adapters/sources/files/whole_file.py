"""One file read to its end: it must not change meanwhile, and most of it must be readable."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.files.finished_files import state_of, still_written
from redflags.adapters.sources.raw_rows import ROW, Columns, RawBatch, RawRows
from redflags.adapters.sources.reading_report import ReadingReport, report_of
from redflags.analysis.extracts import RowFault
from redflags.domain.row_problem import ProblemCode
from redflags.errors import SourceRefused

MOST_UNSPLIT_SHARE = 0.05
"""More rows than this that cannot be split are a shortfall of the file, not of its rows."""
REFUSED_SHARE = 0.5
LINES = frozenset((".csv", ".txt", ".dat", ".tsv", ".psv", ".prn", ""))
"""Endings of files whose rows are lines."""
LOOKED_AT_BYTES = 1 << 16
"""More than this, and the rows that could be split were probably split wrongly."""


class WholeFile:
    """Rows of a file that must not be written to while it is read."""

    def __init__(
        self, path: Path, rows: RawRows, most_unsplit_share: float, may_end_open: bool | None = None
    ) -> None:
        self._path = path
        self._may_end_open = may_end_open
        self._rows = rows
        self._most_unsplit_share = most_unsplit_share
        self._before = state_of(path)
        self.report: ReadingReport = report_of(rows)

    @property
    def columns(self) -> Columns:
        return self._rows.columns

    def batches(self, places: Sequence[Any], faults: list[RowFault]) -> Iterator[RawBatch]:
        """Rows that are blank in all of `places` are no rows."""
        whole = blank = 0
        for batch in self._rows.batches(places, faults):
            filled = _filled_rows(batch)
            whole += filled.rows.num_rows
            blank += batch.rows.num_rows - filled.rows.num_rows
            yield filled
        if state_of(self._path) != self._before:
            raise still_written("it changed while it was read")
        if not (self._may_end_open or self.report.shortfalls) and _ends_open(self._path):
            is_told = self.report.note if self._may_end_open is None else self.report.miss
            is_told(
                "its last line has no end, so it may have been cut off and more rows be missing; "
                "say in the mapping whether this export ends its last line (last_line_open)"
            )
        if blank:
            self.report.note(f"{blank} rows are blank in every column that is used, and no rows")
        self._judge(whole, sum(fault.code is ProblemCode.MALFORMED_ROW for fault in faults))

    def _judge(self, whole: int, unsplit: int) -> None:
        total = whole + unsplit
        if not unsplit or unsplit <= total * self._most_unsplit_share:
            return
        words = (
            f"{unsplit} of {total} rows do not have the fields of the header: is the delimiter "
            "right, and are cells that hold it quoted?"
        )
        if unsplit > total * REFUSED_SHARE:
            raise SourceRefused(f"expected rows as the header has them; {words}")
        self.report.miss(words)


def _ends_open(path: Path) -> bool:
    """Whether a file of lines stops without a line end: nothing else tells a cut from an end."""
    if path.suffix.casefold() not in LINES or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(0)
        start = file.read(LOOKED_AT_BYTES)
    if last == b"\r":
        return b"\r\n" in start  # cut between the two halves of a line end
    return last not in (b"\n", b"\0", b"\x1a") and not start.startswith(b"PK")


def _filled_rows(batch: RawBatch) -> RawBatch:
    is_blank: pa.Array | None = None
    for name, column in zip(batch.rows.schema.names, batch.rows.columns, strict=True):
        if name == ROW:
            continue
        length = pc.fill_null(pc.binary_length(pc.utf8_trim_whitespace(column)), 0)
        is_empty = pc.equal(length, 0)
        is_blank = is_empty if is_blank is None else pc.and_(is_blank, is_empty)
        if not pc.any(is_blank).as_py():
            return batch
    if is_blank is None:
        return batch
    return replace(batch, rows=batch.rows.filter(pc.invert(is_blank)))
