"""Rows of one file with the rows of others looked up for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.mapping.mapping_language import Join, TableMapping
from redflags.adapters.sources.raw_rows import ROW, Columns, RawBatch, RawRows
from redflags.adapters.sources.reading_report import ReadingReport, report_of
from redflags.analysis.extracts import RowFault
from redflags.analysis.schemas import Table
from redflags.domain.row_problem import ProblemCode
from redflags.errors import SourceAbsent, SourceRefused


@dataclass(frozen=True, slots=True)
class JoinedRows:
    """`main` with the files of each join; the joined columns are held in memory.

    `needed` are the columns of each join that may not be absent from its files; `is_only_file` says
    that no other file of the table has rows for the same details.
    """

    main: RawRows
    joins: Mapping[str, tuple[Join, Sequence[RawRows]]]
    needed: Mapping[str, frozenset[str]]
    is_only_file: bool = False

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
        notes: list[str] = []
        for alias, (join, files) in self.joins.items():
            lost.clear()
            check_join(alias, join, files, self.needed[alias])
            notes += _absent(alias, join, files)
            details[alias] = _details(join, files, lost)
            malformed = sum(fault.code is ProblemCode.MALFORMED_ROW for fault in lost)
            counts |= {alias: malformed} if malformed else {}
            for rows in files:
                self.report.add(report_of(rows), alias)
        for batch in self.main.batches(places, faults):
            yield RawBatch(batch.rows, details, counts, self.is_only_file, tuple(notes))
            details, counts, notes = {}, {}, []


def needed_columns(mapping: TableMapping, table: Table) -> dict[str, frozenset[str]]:
    """Of each join: its keys, its factors, and what required columns and conditions rest on."""
    asked = {condition.column for condition in (*mapping.where, *mapping.drop_when)}
    asked |= {part for name in table.required_names for part in mapping.firm_parts(name)}
    return {
        alias: frozenset(
            {part.removeprefix(f"{alias}.") for part in asked if part.startswith(f"{alias}.")}
            & {*join.first, *join.texts}
            | {*join.on.values(), *(factor for factors in join.sum.values() for factor in factors)}
        )
        for alias, join in mapping.joins.items()
    }


def _absent(alias: str, join: Join, files: Sequence[RawRows]) -> list[str]:
    absent = sorted(
        {name for name in join.needs for rows in files if rows.columns.locate(name) is None}
    )
    listed = ", ".join(map(repr, absent))
    return [f"the files of the join {alias} have no {listed}: left blank"] if absent else []


def check_join(alias: str, join: Join, files: Sequence[RawRows], needed: frozenset[str]) -> None:
    """Raises SourceAbsent without files, SourceRefused when one lacks a column of `needed`."""
    if not files:
        raise SourceAbsent(f"expected files for the join {alias!r}; none came")
    for rows in files:
        missing = [
            name for name in join.needs if name in needed and rows.columns.locate(name) is None
        ]
        if missing:
            raise SourceRefused(
                f"expected the column(s) {', '.join(map(repr, missing))} in the files of the join "
                f"{alias!r}; they are not there"
            )


def _details(join: Join, files: Sequence[RawRows], faults: list[RowFault]) -> pa.Table:
    names = [*(f"d{number}" for number in range(len(join.needs))), ROW]
    schema = pa.schema([*((name, pa.string()) for name in names[:-1]), (ROW, pa.int64())])
    batches: list[pa.RecordBatch] = []
    rows_before = 0
    for rows in files:
        places = [rows.columns.locate(name) for name in join.needs]
        there = [place for place in places if place is not None]
        for batch in rows.batches(there, faults):
            batches.append(_renamed(batch.rows, places, rows_before, schema))
        rows_before += 1 << 40
    return pa.Table.from_batches(batches, schema=schema)


def _renamed(
    batch: pa.RecordBatch, places: Sequence[Any], rows_before: int, schema: pa.Schema
) -> pa.RecordBatch:
    """The batch under the names of details, absent columns blank; a later file's rows come last."""
    given = iter(batch.columns)
    blank = pa.nulls(batch.num_rows, pa.string())
    columns = [blank if place is None else next(given) for place in places]
    numbers = pc.add(batch.column(ROW), rows_before)
    return pa.RecordBatch.from_arrays([*columns, numbers], schema=schema)
