"""Inserts that may meet a row that is already there: the natural keys decide, on both engines."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert unless one of the table's unique keys is taken; True when it was inserted."""
    statement = _insert(connection, table).values(**values).on_conflict_do_nothing()
    # drivers disagree on the row count of an insert; what comes back does not lie
    return connection.execute(statement.returning(*table.primary_key)).one_or_none() is not None


def put(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert, or overwrite the row with the same primary key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = _insert(connection, table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def _insert(connection: Connection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
