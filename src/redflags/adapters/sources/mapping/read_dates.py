"""Reads the dates that the quick expressions of a batch left as they came.

Few rows come here, and each distinct value is read once, so that the care costs nothing where a
file keeps to its format.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.mapping import date_formats
from redflags.adapters.sources.mapping.date_text_sql import (
    date_parts,
    has_time,
    in_london,
    offset_of,
)
from redflags.analysis.schemas import Kind

DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%f"
_SHAPE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]|$)"
_FIRST_DAYS = {1900: "1899-12-30", 1904: "1904-01-01"}
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Day numbers of a spreadsheet that stand for dates from 1954 to 2119."""
_OTHERS = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d",
    "%Y-%d-%m",
    "%d %b %Y",
    "%b %d %Y",
    "%Y%m%d",
    "%d%m%Y",
)
"""Formats that are tried on dates nobody could read, only to tell of them."""


@dataclass(slots=True)
class DateReader:
    """One column of dates under the formats of its mapping.

    `unread` counts the rows that only another format reads, `lost` for each of those formats.

    Args:
        formats: of the mapping; without any, nothing is read and only `lost` is counted.
        zone: of stamps that name none; empty for the clock in London.
        first_year: 1900 or 1904, from which a spreadsheet counts its days.
        is_end: whether 31-DEC-99 stands for no end rather than for 1999.
    """

    kind: Kind
    formats: tuple[str, ...]
    zone: str = ""
    first_year: int = 1900
    is_end: bool = False
    unread: int = 0
    lost: dict[str, int] = field(default_factory=dict)

    def read(self, values: pa.Array, connection: duckdb.DuckDBPyConnection) -> pa.Array:
        """The column with every date in ISO 8601 that can be read; the others as they came."""
        unread = values.filter(pc.invert(is_iso(values)))
        unread = pc.drop_null(unread)
        if not len(unread):
            return values
        connection.register("unread", pa.table({"value": unread}))
        try:
            found = connection.sql(self._statement()).fetchall()
        finally:
            connection.unregister("unread")
        self._count(found)
        return _replaced(values, {value: iso for value, _, iso, *_ in found if iso})

    def _count(self, found: Sequence[tuple[Any, ...]]) -> None:
        """Of what nobody could read: how many rows another format reads, and which."""
        others = self._others()
        for _, rows, iso, *readable in found:
            if iso is None and any(readable):
                self.unread += rows
                for text, can_read in zip(others, readable, strict=True):
                    self.lost[text] = self.lost.get(text, 0) + rows * bool(can_read)

    def _others(self) -> tuple[str, ...]:
        declared = {date_formats.loosened(text) for text in self.formats}
        return tuple(text for text in _OTHERS if date_formats.loosened(text) not in declared)

    def _statement(self) -> str:
        long, short = date_formats.variants(self.formats)
        others = ", ".join(f"{_reads(text)} AS o{n}" for n, text in enumerate(self._others()))
        return f"""
            WITH arrived AS (SELECT value, count(*) AS n FROM unread GROUP BY value),
            parted AS (SELECT *, {date_parts("value")} AS parts, {offset_of("value")} AS zone
                       FROM arrived),
            parsed AS (SELECT *, {_parsed(long)} AS long, {_parsed(short)} AS short,
                              {self._serial()} AS serial FROM parted),
            naive AS (SELECT *, {_naive()} AS moment FROM parsed)
            SELECT value, n, {self._text()}, {others} FROM naive"""

    def _serial(self) -> str:
        """A number of days, unless a format has digits without a mark between them."""
        if not self.formats or any(map(date_formats.is_compact, self.formats)):
            return "NULL::TIMESTAMP"
        days = "try_cast(value AS DOUBLE)"
        return (
            f"CASE WHEN regexp_matches(value, '^[0-9]{{5}}([.][0-9]+)?$') "
            f"AND {days} BETWEEN {FIRST_SERIAL} AND {LAST_SERIAL} "
            f"THEN TIMESTAMP '{_FIRST_DAYS[self.first_year]}' "
            f"+ to_seconds(CAST(round({days} * 86400) AS BIGINT)) END"
        )

    def _text(self) -> str:
        shape = DAY if self.kind is Kind.DATE else MOMENT
        offset = "try_cast(strftime(moment, '%Y-%m-%d %H:%M:%S.%f') || zone AS TIMESTAMPTZ)"
        cases = f"WHEN zone <> '' THEN timezone('Europe/London', {offset}) "
        if self.zone:
            clock = in_london("moment", self.zone)
            cases += f"WHEN {has_time('moment', 'value')} THEN {clock} "
        text = f"strftime(CASE {cases} ELSE moment END, '{shape}')"
        text = f"regexp_replace({text}, '[.]0+$', '')"
        if not self.is_end:
            return text
        ends = "DATE '1999-12-31', DATE '2000-01-01', DATE '1953-01-01'"
        is_none = f"short IS NOT NULL AND CAST(moment AS DATE) IN ({ends})"
        return f"CASE WHEN {is_none} THEN '9999-12-31' ELSE {text} END"


def is_iso(values: pa.Array) -> pa.Array:
    """Whether each text starts as a date of ISO 8601; null where there is none."""
    return pc.match_substring_regex(values, _SHAPE)


def _parsed(formats: Sequence[str]) -> str:
    if not formats:
        return "NULL::TIMESTAMP"
    listed = ", ".join(f"'{text}'" for text in formats)
    return f"try_strptime(parts, [{listed}])"


def _reads(text: str) -> str:
    long, short = date_formats.variants((text,))
    return f"{_parsed([*short, *long])} >= TIMESTAMP '1900-01-01'"


def _naive() -> str:
    """Two digits stand for 1950 to 2049; a year before 1900 is one that was not meant."""
    near = "CASE WHEN year(short) >= 2050 THEN short - INTERVAL 100 YEAR ELSE short END"
    return f"coalesce({near}, CASE WHEN year(long) >= 1900 THEN long END, serial)"


def _replaced(values: pa.Array, read: dict[str, str]) -> pa.Array:
    if not read:
        return values
    known = pa.array(list(read), pa.string())
    places = pc.index_in(values, value_set=known)
    return pc.coalesce(pa.array(list(read.values()), pa.string()).take(places), values)
