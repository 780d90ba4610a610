"""From when on to ask a database or server again: its last good pull, table by table.

It is written in the transaction that writes the rows, so a pull that failed moves nothing.
"""

from collections.abc import Collection
from datetime import UTC, datetime

import duckdb

from redflags.analysis.extracts import LastPull, Staged


def remember_pull(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Write that all that was asked for came in."""
    pull = staged.pull
    if pull is None:
        return
    place = [staged.source, staged.table.name]
    known = connection.execute(
        "SELECT full_at FROM pulls WHERE source = ? AND table_name = ?", place
    ).fetchall()
    full_at = known[0][0] if known and pull.since is not None else _stored(pull.began_at)
    connection.execute("DELETE FROM pulls WHERE source = ? AND table_name = ?", place)
    connection.execute(
        "INSERT INTO pulls VALUES (?, ?, ?, ?, ?)",
        [*place, pull.asked, _stored(pull.began_at), full_at],
    )


def last_pulls(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], LastPull]:
    """By source and table."""
    rows = connection.execute(
        "SELECT source, table_name, began_at, full_at, asked FROM pulls"
    ).fetchall()
    return {
        (source, table): LastPull(_aware(began_at), _aware(full_at), asked)
        for source, table, began_at, full_at, asked in rows
    }


def forget_others(connection: duckdb.DuckDBPyConnection, sources: Collection[str]) -> None:
    """A source that was taken away and comes back is read as if for the first time."""
    connection.execute("DELETE FROM pulls WHERE NOT list_contains(?, source)", [list(sources)])


def _stored(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
