"""Rows of one file with the rows of others looked up for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.mapping.mapping_language import Join
from redflags.adapters.sources.raw_rows import ROW, Columns, RawBatch, RawRows
from redflags.adapters.sources.reading_report import ReadingReport, report_of
from redflags.analysis.extracts import RowFault
from redflags.domain.row_problem import ProblemCode
from redflags.errors import SourceAbsent, SourceRefused


@dataclass(frozen=True, slots=True)
class JoinedRows:
    """`main` with the files of each join; the joined columns are held in memory."""

    main: RawRows
    joins: Mapping[str, tuple[Join, Sequence[RawRows]]]

    @property
    def columns(self) -> Columns:
        return self.main.columns

    @property
    def report(self) -> ReadingReport:
        """What was noticed of the table's own file, to which the joined ones add theirs."""
        return report_of(self.main)

    def batches(self, places: Sequence[Any], faults: list[RowFault]) -> Iterator[RawBatch]:
        """The details come with the first batch and hold for all."""
        lost: list[RowFault] = []
        details: dict[str, pa.Table] = {}
        counts: dict[str, int] = {}
        for alias, (join, files) in self.joins.items():
            lost.clear()
            details[alias] = _details(alias, join, files, lost)
            malformed = sum(fault.code is ProblemCode.MALFORMED_ROW for fault in lost)
            counts |= {alias: malformed} if malformed else {}
            for rows in files:
                self.report.add(report_of(rows), alias)
        for batch in self.main.batches(places, faults):
            yield RawBatch(batch.rows, details, counts)
            details, counts = {}, {}


def check_join(alias: str, join: Join, files: Sequence[RawRows]) -> None:
    """Raises SourceAbsent without files, SourceRefused when one lacks a column of the join."""
    if not files:
        raise SourceAbsent(f"expected files for the join {alias!r}; none came")
    for rows in files:
        missing = [name for name in join.needs if rows.columns.locate(name) is None]
        if missing:
            raise SourceRefused(
                f"expected the column(s) {', '.join(map(repr, missing))} in the files of the join "
                f"{alias!r}; they are not there"
            )


def _details(alias: str, join: Join, files: Sequence[RawRows], faults: list[RowFault]) -> pa.Table:
    names = [*(f"d{number}" for number in range(len(join.needs))), ROW]
    schema = pa.schema([*((name, pa.string()) for name in names[:-1]), (ROW, pa.int64())])
    batches: list[pa.RecordBatch] = []
    rows_before = 0
    for rows in files:
        check_join(alias, join, [rows])
        places = [rows.columns.locate(name) for name in join.needs]
        for batch in rows.batches(places, faults):
            batches.append(_renamed(batch.rows, rows_before, schema))
        rows_before += 1 << 40
    return pa.Table.from_batches(batches, schema=schema)


def _renamed(batch: pa.RecordBatch, rows_before: int, schema: pa.Schema) -> pa.RecordBatch:
    """The batch under the names of details; rows of a later file come after all of an earlier."""
    numbers = pc.add(batch.column(ROW), rows_before)
    return pa.RecordBatch.from_arrays([*batch.columns[:-1], numbers], schema=schema)
