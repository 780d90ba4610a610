"""Takes cells that hold an error instead of a value out of a batch, and tells where they were."""

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.raw_rows import ROW
from redflags.analysis.cell_errors import error_code
from redflags.analysis.extracts import RowFault


def without_errors(rows: pa.RecordBatch, faults: list[RowFault]) -> pa.RecordBatch:
    """The batch with `#N/A` and its like blank; each adds a fault with its column."""
    names = rows.schema.names
    columns = [
        column if name == ROW else _without(column, name, rows.column(ROW), faults)
        for name, column in zip(names, rows.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=rows.schema)


def _without(column: pa.Array, name: str, numbers: pa.Array, faults: list[RowFault]) -> pa.Array:
    """Nearly every column passes as it is: the first character tells."""
    starts = pc.starts_with(column, "#")
    if not pc.any(starts).as_py():
        return column
    codes = [error_code(text) if text else None for text in column.to_pylist()]
    found = pa.array([code is not None for code in codes])
    faults.extend(
        RowFault(row, code, name)
        for row, code in zip(numbers.to_pylist(), codes, strict=True)
        if code is not None
    )
    return pc.if_else(found, pa.scalar(None, pa.string()), column)
