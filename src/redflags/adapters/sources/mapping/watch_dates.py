"""Watches the dates of one extract: reads what is hard to read, and notices what cannot be right.

Day and month exchanged read well for twelve days of each month: a column that never has a later
day although its dates are many and spread is told, and so is one whose dates another format reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.mapping.column_plan import Plan
from redflags.adapters.sources.mapping.date_formats import ISO, has_numeric_months
from redflags.adapters.sources.mapping.no_dates import without_no_dates
from redflags.adapters.sources.mapping.read_dates import DateReader, is_iso
from redflags.analysis.schemas import END_COLUMNS, Kind

MANY_DATES = 20
"""Twenty dates chance to have days up to 12 only once in a hundred million times."""
SPREAD_MONTHS = SPREAD_DAYS = 4
"""Exchanged dates lie in many months on many days; those of one week or of each first do not."""
LOST_SHARE = 0.01
"""From this share of a column on, dates that another format reads make the night a partial one."""
_LAST_MONTH = "12"


@dataclass(slots=True)
class _Days:
    """Which days of the month a column had, until a late one settles it."""

    rows: int = 0
    has_early: bool = False
    has_late: bool = False
    dates: set[str] = field(default_factory=set)

    def see(self, values: pa.Array) -> None:
        """`values` start as dates of ISO 8601."""
        if not len(values) or self.are_settled:
            return
        self.rows += len(values)
        days = pc.min_max(pc.utf8_slice_codeunits(values, 8, 10)).as_py()
        self.has_early = self.has_early or days["min"] <= _LAST_MONTH
        self.has_late = self.has_late or days["max"] > _LAST_MONTH
        if not self.has_late:
            self.dates.update(pc.unique(pc.utf8_slice_codeunits(values, 0, 10)).to_pylist())

    @property
    def are_settled(self) -> bool:
        """Whether days before and after the 12th came, so that nothing is left to be doubted."""
        return self.has_early and self.has_late

    @property
    def are_doubtful(self) -> bool:
        months, days = {date[5:7] for date in self.dates}, {date[8:10] for date in self.dates}
        is_spread = len(months) >= SPREAD_MONTHS and len(days) >= SPREAD_DAYS
        return not self.has_late and len(self.dates) >= MANY_DATES and is_spread


@dataclass(slots=True)
class _Column:
    name: str
    reader: DateReader
    rows: int = 0
    no_dates: int = 0
    typed: _Days = field(default_factory=_Days)
    written: _Days = field(default_factory=_Days)


class DateWatch:
    """The date columns of one extract under one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._columns = [
            _Column(name, _reader(plan, name))
            for name in plan.canonical
            if plan.table.column(name).kind in (Kind.DATE, Kind.TIMESTAMP)
        ]

    def read(
        self, rows: pa.RecordBatch, raw: pa.RecordBatch, connection: duckdb.DuckDBPyConnection
    ) -> pa.RecordBatch:
        """The batch with its dates read and stand-ins for none left out; `raw` as it came."""
        for column in self._columns:
            place = rows.schema.get_field_index(column.name)
            values = rows.column(place)
            column.rows += len(values) - values.null_count
            if column.name in END_COLUMNS:
                values, first = without_no_dates(values, self._plan.mapping.no_date)
                column.no_dates += first
            values = column.reader.read(values, connection)
            if column.name in END_COLUMNS:
                values, second = without_no_dates(values, self._plan.mapping.no_date)
                column.no_dates += second
            self._see(column, values, raw)
            rows = rows.set_column(place, rows.schema.field(place), values)
        return rows

    def _see(self, column: _Column, values: pa.Array, raw: pa.RecordBatch) -> None:
        formats = column.reader.formats
        place = self._plan.own_place(column.name)
        if not has_numeric_months(formats) or place is None or column.written.are_settled:
            return
        is_read = pc.fill_null(is_iso(values), False)
        is_typed = pc.fill_null(is_iso(raw.column(place)), False)
        column.typed.see(values.filter(pc.and_(is_read, is_typed)))
        column.written.see(values.filter(pc.and_not(is_read, is_typed)))

    def notes(self) -> Iterator[str]:
        for column in self._columns:
            if column.no_dates:
                yield (
                    f"{column.no_dates} of {column.rows} dates of {self._label(column)} stand for "
                    "none, as 9999 and 1900 do, and were left blank"
                )
            if column.reader.unread and not _is_much(column):
                yield self._lost(column)

    def doubts(self) -> Iterator[str]:
        for column in self._columns:
            if _is_much(column):
                yield self._lost(column)
            if column.written.are_doubtful:
                yield (
                    f"all {column.written.rows} dates of {self._label(column)} have a day from 1 "
                    "to 12, though they are many: day and month may be exchanged; "
                    "look at date_format"
                )
            if _were_exchanged(column):
                yield (
                    f"{column.typed.rows} dates of {self._label(column)} came as dates and never "
                    "have a day after the 12th, the others as text and always do: a spreadsheet "
                    "exchanged day and month; have the file exported again as text"
                )

    def _lost(self, column: _Column) -> str:
        best, rows = max(column.reader.lost.items(), key=lambda item: item[1])
        share = column.reader.unread / column.rows
        return (
            f"{column.reader.unread} of {column.rows} dates of {self._label(column)} "
            f'({share:.1%}) cannot be read as they are declared; "{best}" reads {rows} of them: '
            "add it to date_format, or correct it"
        )

    def _label(self, column: _Column) -> str:
        return f"{self._plan.table.name}.{column.name}"


def _reader(plan: Plan, name: str) -> DateReader:
    formats, zone = plan.mapping.formats(name), plan.mapping.zone_of(name)
    return DateReader(
        kind=plan.table.column(name).kind,
        formats=formats or ((ISO,) if zone else ()),
        zone=zone,
        first_year=plan.mapping.excel_dates or plan.date_system,
        is_end=name in END_COLUMNS,
    )


def _is_much(column: _Column) -> bool:
    return column.reader.unread > 0 and column.reader.unread >= LOST_SHARE * column.rows


def _were_exchanged(column: _Column) -> bool:
    typed, written = column.typed, column.written
    is_telling = len(typed.dates) >= MANY_DATES // 2 and written.has_late
    return is_telling and not typed.has_late and not written.has_early
