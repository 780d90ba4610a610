"""What the store remembers of its own doings: files taken, problems noticed, what was purged."""

from collections.abc import Callable
from datetime import date

import duckdb
import pandas as pd
import pyarrow as pa

from redflags.adapters.records.connection import first_row
from redflags.adapters.records.pull_journal import remember_pull
from redflags.analysis.extracts import Merged, Staged


def is_taken(connection: duckdb.DuckDBPyConnection, fingerprint: str, source: str | None) -> bool:
    """Whether a file's content is what was taken last under its name, by `source` if one is given.

    A file that was changed and then put back as it was is read again: its rows were replaced.
    """
    (times,) = first_row(
        connection,
        """SELECT count(*) FROM files_taken taken
           WHERE fingerprint = ? AND source = coalesce(?, source) AND NOT EXISTS (
             SELECT 1 FROM files_taken later
             WHERE later.source = taken.source AND later.table_name = taken.table_name
               AND later.name = taken.name AND later.taken_no > taken.taken_no)""",
        [fingerprint, source],
    )
    return bool(fingerprint) and times > 0


def remember(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    merged: Merged,
    pseudonym: Callable[[str], str],
    as_of: date,
) -> None:
    """Write that an extract was taken, and its problems, in the transaction that wrote its rows."""
    if staged.fingerprint:
        connection.execute(
            """INSERT INTO files_taken
               SELECT coalesce(max(taken_no), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM files_taken""",
            [
                staged.fingerprint,
                staged.source,
                merged.table,
                staged.name,
                as_of,
                merged.read,
                merged.accepted,
                merged.quarantined,
                merged.replaced,
            ],
        )
    remember_pull(connection, staged)
    _remember_problems(connection, staged, pseudonym, as_of)


def _remember_problems(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    pseudonym: Callable[[str], str],
    as_of: date,
) -> None:
    key = staged.table.key[0]
    faulty = connection.execute(
        f"SELECT _row, {key}, _faults FROM {staged.relation} WHERE _faults <> '' ORDER BY _row"
    ).fetchall()
    rows = [
        (row, pseudonym(ref) if ref else "", *label.split(":"))
        for row, ref, labels in faulty
        for label in labels.split(";")
    ]
    rows += [(row, "", column, str(code)) for row, column, code in staged.faults]
    if not rows:
        return
    numbers, refs, columns, codes = (list(part) for part in zip(*rows, strict=True))
    noticed = pa.table(
        {"row_number": numbers, "ref_pseudonym": refs, "column_name": columns, "code": codes}
    )
    connection.register("noticed", noticed)
    connection.execute(
        """INSERT INTO problems
           SELECT ?, * FROM (
             SELECT ?, ?, ?, row_number, ref_pseudonym, column_name, code FROM noticed
             EXCEPT SELECT * EXCLUDE (noticed_on) FROM problems)""",
        [as_of, staged.source, staged.name, staged.table.name],
    )
    connection.unregister("noticed")


def problems(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.execute(
        """SELECT * FROM problems
           ORDER BY noticed_on DESC, source, name, table_name, row_number, column_name, code"""
    ).df()


def purge(
    connection: duckdb.DuckDBPyConnection, text_before: date, records_before: date
) -> dict[str, int]:
    return {
        "texts": _affected(
            connection,
            """UPDATE records SET text_sealed = NULL
               WHERE occurred_at < ? AND text_sealed IS NOT NULL""",
            text_before,
        ),
        "records": _affected(
            connection, "DELETE FROM records WHERE occurred_at < ?", records_before
        ),
        "tenancies": _purge_tenancies(connection, records_before),
        "problems": _affected(
            connection, "DELETE FROM problems WHERE noticed_on < ?", records_before
        ),
    }


def _purge_tenancies(connection: duckdb.DuckDBPyConnection, before: date) -> int:
    """Every source's version of a tenancy that has long ended goes with it."""
    connection.execute(
        """DELETE FROM tenancies_given WHERE tenancy_ref IN (
             SELECT tenancy_ref FROM tenancies WHERE end_date < ?)""",
        [before],
    )
    return _affected(connection, "DELETE FROM tenancies WHERE end_date < ?", before)


def _affected(connection: duckdb.DuckDBPyConnection, statement: str, before: date) -> int:
    return int(first_row(connection, statement, [before])[0])
