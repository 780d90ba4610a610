"""The newest date in the rows of an extract: how young the state is that it tells."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from redflags.analysis.extracts import Extract
from redflags.analysis.schemas import TABLES, Kind
from redflags.errors import SourceError

_BEGINNINGS = ("start_date", "from_date")
"""Days on which something began; ends may lie years ahead."""
_MOST_WRONG = 1000
"""One date in so many may be a slip of the pen, such as 2062."""


def newest_date(extract: Extract) -> date | None:
    """Reads the extract to its end; None when it has no dates or cannot be read."""
    wanted = [
        column.name
        for column in TABLES[extract.table].columns
        if column.kind is Kind.TIMESTAMP or column.name in _BEGINNINGS
    ]
    try:
        rows = extract.rows.read_all()
    except (SourceError, pa.ArrowException):
        return None
    days = [day for name in wanted if name in rows.column_names for day in _days(rows[name])]
    days.sort()
    return days[len(days) - 1 - len(days) // _MOST_WRONG] if days else None


def _days(column: pa.ChunkedArray) -> list[date]:
    is_iso = pc.fill_null(pc.match_substring_regex(column, r"^\d{4}-\d{2}-\d{2}"), False)
    counted = pc.value_counts(pc.utf8_slice_codeunits(column.filter(is_iso), 0, 10)).to_pylist()
    return [
        day for entry in counted if (day := _day(entry["values"])) for _ in range(entry["counts"])
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
