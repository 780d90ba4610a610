"""When the signals change, what is stored is classified again, from its codes and sealed text.

A record whose text is no longer kept keeps what that text was found to say: its codes alone would
unsay a tell that nobody can read again.
"""

import duckdb
import pyarrow as pa

from redflags.adapters.records.connection import count_rows, read_fact, write_fact
from redflags.adapters.records.record_tables import CLASS_COLUMNS
from redflags.adapters.records.upsert import (
    ROWS_AT_ONCE,
    classification_frame,
    numbered_batch,
    record_keys,
)
from redflags.analysis.ingest_policy import IngestPolicy

FACT = "signals_hash"


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Have every record classified again at the next opportunity."""
    write_fact(connection, FACT, "")


def reclassify(
    connection: duckdb.DuckDBPyConnection, policy: IngestPolicy, signals_hash: str
) -> int:
    """Bring every record up to `signals_hash`; the number of records looked at."""
    if read_fact(connection, FACT) == signals_hash:
        return 0
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE known AS
           SELECT row_number() OVER (ORDER BY table_name, ref, source) - 1 AS nth,
                  table_name, ref, source, work_type, status, priority_code, trade_code, code,
                  text_sealed
           FROM records"""
    )
    total = count_rows(connection, "known")
    for first in range(0, total, ROWS_AT_ONCE):
        _reclassify_batch(connection, policy, first)
    write_fact(connection, FACT, signals_hash)
    return total


def _reclassify_batch(
    connection: duckdb.DuckDBPyConnection, policy: IngestPolicy, first: int
) -> None:
    batch = numbered_batch(connection, "known", first)
    sealed = batch.column("text_sealed").to_pylist()
    texts = [
        None if blob is None else policy.sealer.open(blob, key)
        for blob, key in zip(sealed, record_keys(batch), strict=True)
    ]
    classes = policy.classify(classification_frame(batch, texts))
    known = pa.table(
        {
            "table_name": batch.column("table_name"),
            "ref": batch.column("ref"),
            "source": batch.column("source"),
            "has_text": pa.array([text is not None for text in texts]),
            **{name: pa.array(classes[name].to_numpy(), pa.string()) for name in CLASS_COLUMNS},
        }
    )
    connection.register("reclassified", known)
    changes = ", ".join(f"{name} = c.{name}" for name in CLASS_COLUMNS)
    connection.execute(
        f"""UPDATE records SET {changes} FROM reclassified c
            WHERE records.table_name = c.table_name AND records.ref = c.ref
              AND records.source = c.source
              AND (c.has_text OR records.entry NOT LIKE 'phrase:%')"""
    )
    connection.unregister("reclassified")
