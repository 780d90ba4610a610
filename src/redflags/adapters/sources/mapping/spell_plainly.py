"""Texts without what systems put around them, and keys as they are compared."""

import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.raw_rows import ROW, one_chunk
from redflags.domain.property_reference import plain_ref


def cleaned(batch: pa.RecordBatch, keys: frozenset[str]) -> pa.RecordBatch:
    """Rows of a table without outer blanks; the columns `keys` as refs and codes are compared."""
    names = batch.schema.names
    columns = [
        column if name == ROW else _as_key(_trimmed(column)) if name in keys else _trimmed(column)
        for name, column in zip(names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=names)


def cleaned_detail(details: pa.Table) -> pa.Table:
    """Rows of a join, all their columns as refs and codes are compared."""
    columns = [
        _as_key(_trimmed(one_chunk(column))) if name.startswith("d") else column
        for name, column in zip(details.column_names, details.columns, strict=True)
    ]
    return pa.table(columns, names=details.column_names)


def _trimmed(texts: pa.Array) -> pa.Array:
    """Without outer blanks; nothing left is null."""
    trimmed = pc.utf8_trim_whitespace(texts)
    is_blank = pc.equal(pc.binary_length(trimmed), 0)
    return pc.if_else(is_blank, None, trimmed) if pc.any(is_blank).as_py() else trimmed


def _as_key(texts: pa.Array) -> pa.Array:
    """Refs and codes as they are compared: `plain_ref` of each, quick where all is ASCII.

    Arrow's own NFKC takes letters and accents apart and does not join them again.
    """
    if pc.all(pc.string_is_ascii(texts)).as_py() is False:
        plain = [None if text is None else plain_ref(text) or None for text in texts.to_pylist()]
        return pa.array(plain, pa.string())
    if pc.any(pc.match_substring(texts, "  ")).as_py():
        return pc.replace_substring_regex(texts, r"\s+", " ")
    return texts
