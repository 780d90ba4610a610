"""What configuration does not say any more is undone: sources that are gone, tables mapped anew.

A source that is absent or refused tonight is still configured, and nothing of it is touched.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from redflags.adapters.records.connection import count_rows, quoted
from redflags.adapters.records.record_tables import DIMENSIONS, EVENTS, PUT_TOGETHER, stored_table
from redflags.adapters.records.same_jobs import find_doubles, remember_same_jobs
from redflags.adapters.records.source_precedence import put_together
from redflags.analysis.extracts import Staged
from redflags.analysis.schemas import TABLES
from redflags.domain.configured_source import OUR_OWN, Change, ConfiguredSource, SourceChange

COVERED = 0.9
"""A reading with so large a share of what was there before is the whole, and what is not in it is
called otherwise now. A smaller one may be a window of days, and the rest is history."""


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    """One table of one source."""

    source: str
    table: str

    @property
    def rows(self) -> str:
        """The relation and the condition of its rows."""
        named = "" if self.table in DIMENSIONS else f" AND table_name = {quoted(self.table)}"
        return f"{stored_table(self.table)} stored WHERE source = {quoted(self.source)}{named}"


@dataclass(frozen=True, slots=True)
class Remapped:
    """A table that was mapped anew and read tonight, and how many rows there were before."""

    pair: _Pair
    rows_before: int


def find_remapped(
    connection: duckdb.DuckDBPyConnection,
    configured: Iterable[ConfiguredSource],
    staged: Iterable[Staged],
) -> list[Remapped]:
    """Tables that come tonight under another mapping than before; to be asked before the merge."""
    known = _known_mappings(connection)
    came = _read_tonight(staged)
    return [
        Remapped(pair, count_rows(connection, pair.rows))
        for pair, mapping in sorted(_mappings(configured).items())
        if pair in came and known.get(pair, mapping) != mapping
    ]


def follow(
    connection: duckdb.DuckDBPyConnection,
    configured: Sequence[ConfiguredSource],
    remapped: Iterable[Remapped],
    staged: Sequence[Staged],
    as_of: date,
) -> None:
    """Undo after the merge what is not configured any more, and write down what that was."""
    found = [_undo_former_mapping(connection, table, staged) for table in remapped]
    stored = _stored_pairs(connection)
    for pair in sorted(stored - _mappings(configured).keys()):
        if pair.source not in OUR_OWN:
            waits = _has_successor_to_come(pair, configured, stored)
            found.append(_undo_removed(connection, pair, waits, configured, as_of))
    _remember_mappings(connection, configured, staged)
    remember_same_jobs(connection, configured)
    _write_down(connection, [*found, *find_doubles(connection, _shared_tables(stored))], as_of)


def _write_down(
    connection: duckdb.DuckDBPyConnection, found: Iterable[SourceChange], as_of: date
) -> None:
    """What was done adds up over the runs of a night; how things stand is said once."""
    standing = (Change.PROTECTS_STILL, Change.WAITS_FOR_OTHERS, Change.PERHAPS_TWICE)
    connection.execute(
        "DELETE FROM source_changes WHERE noticed_on = ? AND change IN (?, ?, ?)",
        [as_of, *standing],
    )
    for change in found:
        if change.rows:
            connection.execute(
                "INSERT INTO source_changes VALUES (?, ?, ?, ?, ?)",
                [as_of, change.source, change.table, change.change, change.rows],
            )


def changes(connection: duckdb.DuckDBPyConnection, as_of: date) -> tuple[SourceChange, ...]:
    """What was undone, kept or left on one night, in order."""
    rows = connection.execute(
        """SELECT source, table_name, change, sum(n)::BIGINT FROM source_changes
           WHERE noticed_on = ? GROUP BY ALL ORDER BY ALL""",
        [as_of],
    ).fetchall()
    return tuple(
        SourceChange(source, table, Change(change), n) for source, table, change, n in rows
    )


def _mappings(configured: Iterable[ConfiguredSource]) -> dict[_Pair, str]:
    return {
        _Pair(source.name, table): mapping
        for source in configured
        for table, mapping in source.tables.items()
    }


def _known_mappings(connection: duckdb.DuckDBPyConnection) -> dict[_Pair, str]:
    rows = connection.execute("SELECT source, table_name, mapping FROM source_tables").fetchall()
    return {_Pair(source, table): mapping for source, table, mapping in rows}


def _read_tonight(staged: Iterable[Staged]) -> set[_Pair]:
    return {_Pair(part.source, part.table.name) for part in staged if part.usable}


def _remember_mappings(
    connection: duckdb.DuckDBPyConnection,
    configured: Iterable[ConfiguredSource],
    staged: Iterable[Staged],
) -> None:
    """A mapping counts from the night on in which something was read with it."""
    known, came = _known_mappings(connection), _read_tonight(staged)
    now = {
        pair: mapping if pair in came else known.get(pair, mapping)
        for pair, mapping in _mappings(configured).items()
    }
    if now == known:
        return
    connection.execute("DELETE FROM source_tables")
    connection.executemany(
        "INSERT INTO source_tables VALUES (?, ?, ?)",
        [(pair.source, pair.table, mapping) for pair, mapping in sorted(now.items())],
    )


def _stored_pairs(connection: duckdb.DuckDBPyConnection) -> set[_Pair]:
    """Every table of every source of which something is stored or was read."""
    given = "".join(
        f" UNION SELECT DISTINCT source, '{name}' FROM {stored_table(name)}" for name in DIMENSIONS
    )
    rows = connection.execute(
        f"""SELECT DISTINCT source, table_name FROM records {given}
            UNION SELECT DISTINCT source, table_name FROM files_taken"""
    ).fetchall()
    return {_Pair(source, table) for source, table in rows}


def _shared_tables(stored: Iterable[_Pair]) -> list[str]:
    """Tables of events that several of the landlord's sources gave."""
    given = Counter(pair.table for pair in stored if pair.source not in OUR_OWN)
    return sorted(table for table, times in given.items() if times > 1 and table in EVENTS)


def _has_successor_to_come(
    pair: _Pair, configured: Iterable[ConfiguredSource], stored: Iterable[_Pair]
) -> bool:
    """Whether a source that is to give this table has never been read: it may be the same system
    under another name, and nobody's records go before it has come."""
    came = {known.source for known in stored}
    return any(
        pair.table in source.tables and source.name not in came
        for source in configured
        if source.name not in OUR_OWN
    )


def _undo_removed(
    connection: duckdb.DuckDBPyConnection,
    pair: _Pair,
    waits: bool,
    configured: Iterable[ConfiguredSource],
    as_of: date,
) -> SourceChange:
    if waits:
        return _told(pair, Change.WAITS_FOR_OTHERS, count_rows(connection, pair.rows))
    connection.execute(
        "DELETE FROM files_taken WHERE source = ? AND table_name = ?", [pair.source, pair.table]
    )
    if pair.table == "protected":
        _hand_over_protections(connection, pair, configured)
        in_force = f"{pair.rows} AND coalesce(until_date, DATE '{as_of}') >= DATE '{as_of}'"
        if held := count_rows(connection, in_force):
            return _told(pair, Change.PROTECTS_STILL, held)
    rows = count_rows(connection, pair.rows)
    _delete(connection, pair)
    return _told(pair, Change.DROPPED, rows)


def _hand_over_protections(
    connection: duckdb.DuckDBPyConnection, pair: _Pair, configured: Iterable[ConfiguredSource]
) -> None:
    """A protection of which a configured source has a word of its own is that source's from now
    on; every other one holds."""
    names = ", ".join(quoted(source.name) for source in configured)
    connection.execute(
        f"""DELETE FROM protected AS stored
            WHERE source = {quoted(pair.source)} AND (tenancy_ref, reason_code) IN (
              SELECT (tenancy_ref, reason_code) FROM protected WHERE source IN ({names}))"""
    )


def _undo_former_mapping(
    connection: duckdb.DuckDBPyConnection, remapped: Remapped, staged: Iterable[Staged]
) -> SourceChange:
    """Drop rows that did not come again, when so many came that it was the whole table."""
    pair, key = remapped.pair, TABLES[remapped.pair.table].key
    readings = " UNION ALL ".join(
        f"SELECT {', '.join(key)} FROM {part.relation} WHERE NOT _quarantined"
        for part in staged
        if (part.source, part.table.name) == (pair.source, pair.table)
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sent AS SELECT DISTINCT * FROM ({readings})")
    stored_key = key if pair.table in DIMENSIONS else ("ref",)
    same = " AND ".join(
        f"stored.{ours} IS NOT DISTINCT FROM sent.{theirs}"
        for ours, theirs in zip(stored_key, key, strict=True)
    )
    stale = f"NOT EXISTS (SELECT 1 FROM sent WHERE {same})"
    if pair.table == "protected":  # whoever is protected stays so
        stale += " AND tenancy_ref NOT IN (SELECT tenancy_ref FROM tenancies)"
    rows = count_rows(connection, f"{pair.rows} AND {stale}")
    if count_rows(connection, "sent") < COVERED * remapped.rows_before:
        return _told(pair, Change.LEFT_BY_NEW_MAPPING, rows)
    if rows:
        _delete(connection, pair, stale)
    return _told(pair, Change.REPLACED_BY_NEW_MAPPING, rows)


def _delete(connection: duckdb.DuckDBPyConnection, pair: _Pair, condition: str = "true") -> None:
    relation, _, rest = pair.rows.partition(" stored WHERE ")
    connection.execute(f"DELETE FROM {relation} AS stored WHERE {rest} AND {condition}")
    if pair.table in PUT_TOGETHER:
        put_together(connection, pair.table)


def _told(pair: _Pair, change: Change, rows: int) -> SourceChange:
    return SourceChange(pair.source, pair.table, change, rows)
