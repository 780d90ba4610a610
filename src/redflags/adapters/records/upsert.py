"""Writes what is staged: a later row of a source replaces its earlier one with the same key.

What other sources say under the same key is theirs and stays.

Only rows whose content changed are written, so a full snapshot sent again each night costs its
reading. New event rows get their signal here, once, and their text is masked and sealed.
"""

from datetime import date
from functools import partial

import duckdb
import pandas as pd
import pyarrow as pa

from redflags.adapters.records.combine_repeated import combine_repeated
from redflags.adapters.records.connection import count_rows, first_row, quoted
from redflags.adapters.records.record_tables import (
    CLASS_COLUMNS,
    DIMENSIONS,
    EVENTS,
    PUT_TOGETHER,
    RECORD_COLUMNS,
    stored_table,
)
from redflags.adapters.records.source_precedence import put_together
from redflags.analysis.extracts import Merged, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.analysis.reading.personal_data_masking import mask_all

ROWS_AT_ONCE = 200_000


def merge(connection: duckdb.DuckDBPyConnection, staged: Staged, policy: IngestPolicy) -> Merged:
    """Write the changed rows of `staged`; to be called inside a transaction."""
    latest, repeated = combine_repeated(
        connection, staged, _latest_rows(connection, staged), partial(_classes, policy=policy)
    )
    fresh = _unknown_keys(connection, staged, latest)
    changed = _changed_rows(connection, staged, latest, policy.records_since)
    if changed:
        _delete_replaced(connection, staged)
        if staged.table.name in DIMENSIONS:
            _insert_dimension(connection, staged)
        else:
            _insert_records(connection, staged, policy)
        if staged.table.name in PUT_TOGETHER:
            put_together(connection, staged.table.name, "changed")
    return Merged(
        table=staged.table.name,
        read=staged.read,
        accepted=fresh,
        quarantined=staged.quarantined,
        replaced=staged.usable - fresh,
        written=changed,
        too_old=_count_too_old(connection, staged, latest, policy.records_since),
        repeated=repeated,
    )


def _latest_rows(connection: duckdb.DuckDBPyConnection, staged: Staged) -> str:
    """A relation with one usable row a key: the last one in the file."""
    key = ", ".join(staged.table.key)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE latest_key AS
            SELECT {key}, max(_row) AS _row FROM {staged.relation}
            WHERE NOT _quarantined GROUP BY {key}"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW latest AS
            SELECT s.* FROM {staged.relation} s JOIN latest_key k ON s._row = k._row
            WHERE NOT s._quarantined"""
    )
    return "latest"


def _stored(staged: Staged) -> tuple[str, str]:
    """Relation of what is stored, and the condition that joins it to the latest rows."""
    theirs = f"source = {quoted(staged.source)}"
    if staged.table.name in DIMENSIONS:
        same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM l.{name}" for name in staged.table.key)
        columns = ", ".join(staged.table.key)
        given = stored_table(staged.table.name)
        return f"(SELECT {columns}, row_hash FROM {given} WHERE {theirs})", same
    stored = f"""(SELECT ref, row_hash FROM records
                  WHERE table_name = '{staged.table.name}' AND {theirs})"""
    return stored, f"t.ref = l.{staged.table.key[0]}"


def _unknown_keys(connection: duckdb.DuckDBPyConnection, staged: Staged, latest: str) -> int:
    stored, same = _stored(staged)
    (fresh,) = first_row(
        connection,
        f"""SELECT count(*) FILTER (t.row_hash IS NULL)
            FROM {latest} l LEFT JOIN {stored} t ON {same}""",
    )
    return int(fresh)


def _changed_rows(
    connection: duckdb.DuckDBPyConnection, staged: Staged, latest: str, since: date
) -> int:
    """Rows to be written: changed, and not older than is kept (a snapshot tells for ever)."""
    stored, same = _stored(staged)
    event = EVENTS.get(staged.table.name)
    young = f"l.{event.occurred_at} >= DATE '{since}'" if event else "true"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE changed AS
            SELECT l.* FROM {latest} l
            ANTI JOIN {stored} t ON {same} AND t.row_hash = l._hash
            WHERE {young}"""
    )
    return count_rows(connection, "changed")


def _count_too_old(
    connection: duckdb.DuckDBPyConnection, staged: Staged, latest: str, since: date
) -> int:
    event = EVENTS.get(staged.table.name)
    if event is None:
        return 0
    return count_rows(connection, f"{latest} WHERE {event.occurred_at} < DATE '{since}'")


def _delete_replaced(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    name, key = staged.table.name, staged.table.key
    if name in DIMENSIONS:
        given = stored_table(name)
        same = " AND ".join(
            f"{given}.{column} IS NOT DISTINCT FROM changed.{column}" for column in key
        )
        connection.execute(
            f"DELETE FROM {given} USING changed WHERE {same} AND {given}.source = ?",
            [staged.source],
        )
    else:
        connection.execute(
            f"""DELETE FROM records WHERE table_name = '{name}' AND source = ?
                AND ref IN (SELECT {key[0]} FROM changed)""",
            [staged.source],
        )


def _insert_dimension(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    columns = ", ".join(staged.table.column_names)
    connection.execute(
        f"""INSERT INTO {stored_table(staged.table.name)} ({columns}, row_hash, source)
            SELECT {columns}, _hash, ? FROM changed ORDER BY _row""",
        [staged.source],
    )


def _insert_records(
    connection: duckdb.DuckDBPyConnection, staged: Staged, policy: IngestPolicy
) -> None:
    projection = EVENTS[staged.table.name].select_list(staged.table.name)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE arriving AS
            SELECT row_number() OVER (ORDER BY _row) - 1 AS nth, {projection}, _hash AS row_hash
            FROM changed"""
    )
    for first in range(0, count_rows(connection, "arriving"), ROWS_AT_ONCE):
        batch = numbered_batch(connection, "arriving", first)
        insert_batch(connection, batch, staged.source, policy)


def numbered_batch(connection: duckdb.DuckDBPyConnection, relation: str, first: int) -> pa.Table:
    """At most ROWS_AT_ONCE rows of a relation numbered by ``nth``, from `first` on, in order."""
    last = first + ROWS_AT_ONCE
    return connection.sql(
        f"SELECT * FROM {relation} WHERE nth >= {first} AND nth < {last} ORDER BY nth"
    ).to_arrow_table()


def insert_batch(
    connection: duckdb.DuckDBPyConnection, batch: pa.Table, source: str, policy: IngestPolicy
) -> None:
    """Classify, seal and write one batch of event rows."""
    written = _classified_and_sealed(batch, policy)
    connection.register("written", written)
    columns = ", ".join((*RECORD_COLUMNS, *CLASS_COLUMNS, "text_sealed", "row_hash"))
    connection.execute(
        f"INSERT INTO records ({columns}, source) SELECT {columns}, ? FROM written", [source]
    )
    connection.unregister("written")


def _classified_and_sealed(batch: pa.Table, policy: IngestPolicy) -> pa.Table:
    batch = _with_masked_codes(batch)
    masked = mask_all(batch.column("text").to_pylist())
    classes = policy.classify(classification_frame(batch, masked))
    sealed = _sealed(batch, masked, policy)
    for name in CLASS_COLUMNS:
        batch = batch.append_column(name, pa.array(classes[name].to_numpy(), pa.string()))
    return batch.append_column("text_sealed", pa.array(sealed, pa.binary()))


def _classes(batch: pa.Table, policy: IngestPolicy) -> pd.DataFrame:
    """Signal, tell and innocent reason of rows, read as they are when they come in."""
    masked = mask_all(batch.column("text").to_pylist())
    return policy.classify(classification_frame(_with_masked_codes(batch), masked))


def _with_masked_codes(batch: pa.Table) -> pa.Table:
    """Codes are kept in clear; where a landlord's column holds sentences, numbers are masked."""
    codes = batch.column("code").combine_chunks().dictionary_encode()
    masked = pa.array(mask_all(codes.dictionary.to_pylist()), pa.string())
    place = batch.schema.get_field_index("code")
    return batch.set_column(place, "code", masked.take(codes.indices))


def _sealed(batch: pa.Table, texts: list[str | None], policy: IngestPolicy) -> list[bytes | None]:
    """Sealed text of each row; none where there is no text or it is older than is kept."""
    days = batch.column("occurred_at").to_pylist()
    keys = record_keys(batch)
    kept = [
        position
        for position, (text, day) in enumerate(zip(texts, days, strict=True))
        if text is not None and day.date() >= policy.text_since
    ]
    blobs = policy.sealer.seal_many(
        [texts[position] or "" for position in kept], [keys[position] for position in kept]
    )
    sealed: list[bytes | None] = [None] * len(texts)
    for position, blob in zip(kept, blobs, strict=True):
        sealed[position] = blob
    return sealed


def record_keys(batch: pa.Table) -> list[str]:
    """``table/ref`` of each row: what a sealed text is bound to."""
    tables, refs = batch.column("table_name").to_pylist(), batch.column("ref").to_pylist()
    return [f"{table}/{ref}" for table, ref in zip(tables, refs, strict=True)]


def classification_frame(batch: pa.Table, texts: list[str | None]) -> pd.DataFrame:
    """The columns a classifier reads, one row a record."""
    names = ("work_type", "status", "priority_code", "trade_code", "code")
    columns = {name: batch.column(name).to_pylist() for name in names}
    return pd.DataFrame(
        {"table": batch.column("table_name").to_pylist(), **columns, "text": texts}, dtype=object
    )
