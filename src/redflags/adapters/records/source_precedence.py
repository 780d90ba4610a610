"""Homes and tenancies put together, field by field, from the version each source gave.

The first source in order that knows a value is believed; a blank says nothing. Versions stay as
they came, so a source that goes takes its own words with it and no others.
"""

from collections.abc import Iterable

import duckdb

from redflags.adapters.records.record_tables import PUT_TOGETHER, stored_table
from redflags.analysis.schemas import TABLES
from redflags.domain.configured_source import OUR_OWN, ConfiguredSource, Contradiction


def set_order(
    connection: duckdb.DuckDBPyConnection, configured: Iterable[ConfiguredSource]
) -> None:
    """Believe the sources in the order of `configured` from now on."""
    names = tuple(source.name for source in configured if source.name not in OUR_OWN)
    if order(connection) == names:
        return
    connection.execute("DELETE FROM sources")
    for place, name in enumerate(names):
        connection.execute("INSERT INTO sources VALUES (?, ?)", [name, place])
    for name in PUT_TOGETHER:
        put_together(connection, name)


def order(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The landlord's sources as configuration last named them, the most believed first."""
    rows = connection.execute("SELECT source FROM sources ORDER BY place").fetchall()
    return tuple(source for (source,) in rows)


def put_together(
    connection: duckdb.DuckDBPyConnection, name: str, changed: str | None = None
) -> None:
    """Bring what is read of a table up to the versions; `changed` is a relation with the keys of
    the rows that changed, all of them when not given."""
    key = TABLES[name].key[0]
    if changed is None:
        connection.execute(f"DELETE FROM {name}")
    else:
        connection.execute(
            f"DELETE FROM {name} USING {changed} c WHERE {name}.{key} IS NOT DISTINCT FROM c.{key}"
        )
    columns = ", ".join(TABLES[name].column_names)
    fields = ", ".join(_field(column) for column in TABLES[name].column_names if column != key)
    connection.execute(
        f"""INSERT INTO {name} ({columns}, source)
            WITH {_in_order(name)},
            version AS (SELECT g.*, o.place {_BEGAN.get(name, "")}
                        FROM {stored_table(name)} g JOIN in_order o USING (source)
                        {f"SEMI JOIN {changed} c ON c.{key} = g.{key}" if changed else ""})
            SELECT {key}, {fields}, arg_min(source, place) FROM version GROUP BY {key}"""
    )


_BEGAN = {
    "tenancies": """, first_value(start_date)
                      OVER (PARTITION BY tenancy_ref ORDER BY place) AS began"""
}


def _in_order(name: str) -> str:
    """The sources of a table: those configuration names, then others by name."""
    return f"""in_order AS (
        SELECT source, row_number() OVER (ORDER BY place NULLS LAST, source) AS place
        FROM (SELECT DISTINCT source FROM {stored_table(name)}) LEFT JOIN sources USING (source))"""


def _field(column: str) -> str:
    """The first value that is known. An end before the beginning that is believed is none: a
    household must not vanish between two sources."""
    known = " FILTER (end_date >= began)" if column == "end_date" else ""
    return f"arg_min({column}, place){known}"


def count_contradictions(connection: duckdb.DuckDBPyConnection) -> None:
    """Count anew in how many rows sources know different values of the same field."""
    connection.execute("DELETE FROM contradictions")
    for name in PUT_TOGETHER:
        sources = connection.execute(
            f"SELECT DISTINCT source FROM {stored_table(name)} WHERE source <> 'canary'"
        ).fetchall()
        if len(sources) > 1:
            _count_contradictions(connection, name)


def _count_contradictions(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    key, *columns = TABLES[name].column_names
    values = ", ".join(f"count(DISTINCT {column}) AS {column}" for column in columns)
    counts = ", ".join(f"count(*) FILTER ({column} > 1) AS {column}" for column in columns)
    connection.execute(
        f"""INSERT INTO contradictions
            SELECT '{name}', column_name, n FROM (
              UNPIVOT (SELECT {counts} FROM (
                SELECT {values} FROM {stored_table(name)} WHERE source <> 'canary'
                GROUP BY {key} HAVING count(*) > 1))
              ON COLUMNS(*) INTO NAME column_name VALUE n)
            WHERE n > 0"""
    )


def contradictions(connection: duckdb.DuckDBPyConnection) -> tuple[Contradiction, ...]:
    rows = connection.execute("SELECT * FROM contradictions ORDER BY ALL").fetchall()
    return tuple(Contradiction(*row) for row in rows)
