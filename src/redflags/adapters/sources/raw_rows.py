"""Rows as the landlord has them, all text: what every kind of source gives to the mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import pyarrow as pa

from redflags.analysis.extracts import RowFault
from redflags.analysis.reading.text_cleaning import clean_column, text_column

ROW = "_row"


class Columns(Protocol):
    """The columns of a file, query or list of records."""

    @property
    def date_system(self) -> int:
        """The year, 1900 or 1904, from which numbers of days count."""

    @property
    def names(self) -> tuple[str, ...]:
        """Their names as they came."""

    def locate(self, name: str) -> Any:
        """Where a column is, or None."""

    def occurrences(self, name: str) -> int:
        """How many columns have the name."""


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Their rows as text columns `c0`, `c1`, … and `_row`.

    `details` brings the rows of joins (columns `d0`, `d1`, …, `_row`, and `_parent` for lists
    inside records); they hold until other details of the same join come. `lost` counts the rows of
    joined files that could not be split, `are_details_whole` says that a row of the details without
    a row of the table is an orphan, and not one of another file; `notes` are for the operator.
    """

    rows: pa.RecordBatch
    details: Mapping[str, pa.Table] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    are_details_whole: bool = False
    notes: tuple[str, ...] = ()


class RawRows(Protocol):
    """One file, query or list of records, ready to be read."""

    @property
    def columns(self) -> Columns:
        """What can be asked for."""

    def batches(self, places: Sequence[Any], faults: list[RowFault]) -> Iterator[RawBatch]:
        """The columns at `places`, in that order; adds the rows' faults to `faults`."""


def text_batch(rows: Sequence[Sequence[str | None]], numbers: Sequence[int]) -> pa.RecordBatch:
    """Rows of texts, all equally long and at least one, as one batch with their row numbers."""
    columns = [text_column(column) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(
        [*columns, pa.array(numbers, pa.int64())], names=column_names(len(columns))
    )


def with_clean_cells(batches: Iterator[RawBatch]) -> Iterator[RawBatch]:
    """Every text cell cleaned, those of joins too: the one place that all sources pass."""
    for batch in batches:
        details = {alias: _clean_details(table) for alias, table in batch.details.items()}
        columns = [_clean(column) for column in batch.rows.columns]
        rows = pa.RecordBatch.from_arrays(columns, names=batch.rows.schema.names)
        yield replace(batch, rows=rows, details=details)


def _clean_details(details: pa.Table) -> pa.Table:
    columns = [_clean(one_chunk(column)) for column in details.columns]
    return pa.table(columns, names=details.column_names)


def _clean(column: pa.Array) -> pa.Array:
    return clean_column(column) if pa.types.is_string(column.type) else column


def column_names(width: int) -> list[str]:
    """The names of a raw batch of `width` columns."""
    return [*(f"c{number}" for number in range(width)), ROW]


def one_chunk(column: pa.ChunkedArray) -> pa.Array:
    """The column as one array of text."""
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
