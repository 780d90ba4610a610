"""What becomes of references that came more than once in one extract, with different rows.

A job, its credit note and the lines of its invoice share a number. Kept row by row, the last one
would wipe the signal of the others; so they can be put together: codes and home of the row that
says most, all texts, the sum of the costs.
"""

from collections.abc import Callable

import duckdb
import pandas as pd
import pyarrow as pa

from redflags.adapters.records.connection import count_rows, first_row
from redflags.adapters.records.record_tables import EVENTS
from redflags.analysis.extracts import Staged
from redflags.analysis.schemas import SIGNALS, Column, Kind
from redflags.analysis.validation import LONGEST_TEXT
from redflags.domain.repeated_rows import Repeated, Repetition

ROWS_AT_ONCE = 200_000
Classes = Callable[[pa.Table], pd.DataFrame]
"""Signal, tell and innocent reason of rows in the shape of `records`."""


def combine_repeated(
    connection: duckdb.DuckDBPyConnection, staged: Staged, latest: str, classes: Classes
) -> tuple[str, Repeated | None]:
    """The relation of one row a reference, and what there is to tell; `latest` has the last rows.

    Rows that differ in nothing count once and are not told.
    """
    references = _find(connection, staged)
    if not references:
        return latest, None
    homes = _count_homes(connection, staged)
    told = Repeated(staged.repeated, references, count_rows(connection, "repeated"), homes)
    if staged.repeated is not Repetition.COMBINE or staged.table.name not in EVENTS:
        return latest, told
    _rank(connection, staged, classes)
    _put_together(connection, staged, latest)
    connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW latest_combined AS
            SELECT * FROM {latest} WHERE _row NOT IN (SELECT _row FROM combined)
            UNION ALL BY NAME SELECT * FROM combined"""
    )
    return "latest_combined", told


def _find(connection: duckdb.DuckDBPyConnection, staged: Staged) -> int:
    """Make `repeated`, the rows of these references; how many references they are."""
    key = ", ".join(staged.table.key)
    same = " AND ".join(f"s.{name} IS NOT DISTINCT FROM k.{name}" for name in staged.table.key)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated_key AS
            SELECT {key} FROM {staged.relation} WHERE NOT _quarantined
            GROUP BY {key} HAVING min(_hash) <> max(_hash)"""
    )
    found = count_rows(connection, "repeated_key")
    if found:
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE repeated AS
                SELECT s.* FROM {staged.relation} s JOIN repeated_key k ON {same}
                WHERE NOT s._quarantined"""
        )
    return found


def _count_homes(connection: duckdb.DuckDBPyConnection, staged: Staged) -> int:
    """How many of the references name more than one home."""
    event = EVENTS.get(staged.table.name)
    home = event and (event.property_ref if event.property_ref != "NULL" else event.tenancy_ref)
    if not home:
        return 0
    key = staged.table.key[0]
    (homes,) = first_row(
        connection,
        f"""SELECT count(*) FROM (SELECT {key} FROM repeated GROUP BY {key}
                                  HAVING count(DISTINCT {home}) > 1)""",
    )
    return int(homes)


def _rank(connection: duckdb.DuckDBPyConnection, staged: Staged, classes: Classes) -> None:
    """Make `ranked`: the rows with `_place`, 1 for the one of a reference that says most."""
    projection = EVENTS[staged.table.name].select_list(staged.table.name)
    strengths = []
    for first in range(0, count_rows(connection, "repeated"), ROWS_AT_ONCE):
        batch = connection.sql(
            f"""SELECT _row, {projection} FROM repeated ORDER BY _row
                LIMIT {ROWS_AT_ONCE} OFFSET {first}"""
        ).to_arrow_table()
        strength = _strength(classes(batch.drop_columns(["_row"])))
        strengths.append(
            pa.table({"_row": batch.column("_row"), "strength": pa.array(strength, pa.int64())})
        )
    connection.register("strengths", pa.concat_tables(strengths))
    key = staged.table.key[0]
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE ranked AS
            SELECT r.*, row_number() OVER (PARTITION BY {key} ORDER BY strength, _row) AS _place
            FROM repeated r JOIN strengths USING (_row)"""
    )
    connection.unregister("strengths")


def _strength(classes: pd.DataFrame) -> list[int]:
    """Lower is stronger: a tell first, then a signal without an innocent reason, then any."""
    order = {signal: number for number, signal in enumerate(SIGNALS)}
    return [
        (0 if tell else 1000) + (0 if signal and not innocent else 100) + order.get(signal, 50)
        for signal, tell, innocent in zip(
            classes["signal"], classes["tell"], classes["innocent_reason"], strict=True
        )
    ]


def _put_together(connection: duckdb.DuckDBPyConnection, staged: Staged, latest: str) -> None:
    """Make `combined`: one row a reference, under the number of its last row."""
    key, columns = staged.table.key[0], staged.table.columns
    texts = [column.name for column in columns if column.kind is Kind.TEXT]
    # the same line in a later state is one line; a credit differs from another by its sum
    lines = [
        f"_signed_{column.name}" if column.kind is Kind.MONEY else column.name
        for column in columns
        if column.name not in ("status", "completed_at")
    ]
    once = ", ".join(
        f"row_number() OVER (PARTITION BY {key}, {name} ORDER BY _place) = 1 AS _new_{name}"
        for name in texts
    )
    values = ", ".join(f"{_value(column)} AS {column.name}" for column in columns)
    replaced = ", ".join(f"t.{name} AS {name}" for name in staged.table.column_names)
    content = ", ".join(f"t.{name}" for name in staged.table.column_names)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE combined AS
            WITH lines AS (
              SELECT *, row_number() OVER (PARTITION BY {", ".join(lines)} ORDER BY _row) = 1
                        AS _is_line, {once or "true AS _new"}
              FROM ranked),
            together AS (SELECT max(_row) AS _row, {values} FROM lines GROUP BY {key})
            SELECT l.* REPLACE ({replaced}, hash({content}) AS _hash)
            FROM {latest} l JOIN together t USING (_row)"""
    )


def _value(column: Column) -> str:
    """One value of the rows of a reference: `lines` has `_place`, `_is_line` and `_new_<text>`."""
    name = column.name
    match column.kind:
        case Kind.TEXT:
            new = f"CASE WHEN _new_{name} THEN {name} END"
            return f"left(string_agg({new}, ' / ' ORDER BY _place), {LONGEST_TEXT})"
        case Kind.MONEY:
            total = f"round(sum(_signed_{name}) FILTER (_is_line), 2)"
            is_unread = f"bool_or(contains(_faults, '{name}:bad_number'))"
            return f"CASE WHEN NOT {is_unread} AND {total} >= 0 THEN {total} END"
        case Kind.DATE | Kind.TIMESTAMP:
            return f"min({name})" if column.required else f"max({name})"
    if name == "status":
        return f"last({name} ORDER BY _row) FILTER ({name} IS NOT NULL)"
    return f"first({name} ORDER BY _place) FILTER ({name} IS NOT NULL)"
