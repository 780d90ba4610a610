"""The joins of one extract: made ready for lookup, and watched for rows without a partner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from redflags.adapters.sources.mapping.column_plan import Plan
from redflags.adapters.sources.mapping.detail_aggregation import aggregated
from redflags.adapters.sources.mapping.spell_plainly import cleaned_detail
from redflags.adapters.sources.raw_rows import ROW

ENOUGH_ROWS = 10
"""From so many rows on, a join in which none has a partner is no chance."""


@dataclass(slots=True)
class _Join:
    """Counts of one join: rows of the table, those without a partner, and details so far."""

    alias: str
    table: str
    keys: tuple[str, ...]
    rows: int = 0
    orphans: int = 0
    is_whole: bool = False


def joined_sql(plan: Plan) -> str:
    """The LEFT JOINs of the plan's joins to `raw`."""
    return " ".join(
        f"LEFT JOIN {join.table} ON "
        + " AND ".join(f"{join.table}.k{i} = {key}" for i, key in enumerate(join.keys))
        for join in _joins(plan)
    )


def _joins(plan: Plan) -> list[_Join]:
    return [
        _Join(
            alias=alias,
            table=f"j{number}",
            keys=tuple(f"raw.{plan.place(ours)}" for ours in join.on) or (f"raw.{ROW}",),
        )
        for number, (alias, join) in enumerate(plan.mapping.joins.items())
    ]


class JoinWatch:
    """Counts orphans on both sides; what is left of a join's details tells what nobody asked for.

    Details that come batch by batch (lists inside records) belong to their record; only those of
    files that hold for the whole table can be without one.
    """

    def __init__(self, plan: Plan, connection: duckdb.DuckDBPyConnection) -> None:
        self._plan = plan
        self._connection = connection
        self._joins = _joins(plan)

    def prepare(self, details: Mapping[str, pa.Table]) -> None:
        """Bring new details to one row per key."""
        for join in self._joins:
            if join.alias in details:
                self._connection.register("detail", cleaned_detail(details[join.alias]))
                mapping = self._plan.mapping.joins[join.alias]
                self._connection.execute(aggregated(mapping, join.table))
                self._connection.unregister("detail")

    def expressions(self) -> dict[str, str]:
        """Name of a join to the SQL that gives a text where a row has no partner in it."""
        return {
            join.alias: f"CASE WHEN {join.table}.n IS NULL THEN '-' END" for join in self._joins
        }

    def see(self, alias: str, orphans: pa.Array) -> None:
        """Count the rows of a batch that have no partner: what the expression gave."""
        join = next(join for join in self._joins if join.alias == alias)
        join.rows += len(orphans)
        join.orphans += len(orphans) - orphans.null_count

    def remember_keys(self, raw: pa.RecordBatch) -> None:
        """Keep the keys that a batch of the only file of the table asked for."""
        if not self._joins:
            return
        self._connection.register("raw", raw)
        for join in self._joins:
            join.is_whole = True
            self._remember_keys(join)
        self._connection.unregister("raw")

    def _remember_keys(self, join: _Join) -> None:
        keys = ", ".join(f"{key} AS k{number}" for number, key in enumerate(join.keys))
        asked = f"SELECT DISTINCT {keys} FROM raw"
        self._connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS asked_{join.table} AS {asked} LIMIT 0"
        )
        self._connection.execute(f"INSERT INTO asked_{join.table} {asked}")

    def notes(self) -> Iterator[str]:
        table = self._plan.table.name
        for join in self._joins:
            if join.orphans and not _has_no_match(join):
                yield (
                    f"{join.orphans} of {join.rows} rows of {table} have no row in the join "
                    f"{join.alias}"
                )
            if unasked := self._unasked(join):
                yield f"{unasked} rows of the join {join.alias} belong to no row of {table}"

    def doubts(self) -> Iterator[str]:
        for join in self._joins:
            if _has_no_match(join):
                yield (
                    f"none of the {join.rows} rows of {self._plan.table.name} has a row in the "
                    f"join {join.alias}: look at its path or keys in the mapping, and whether both "
                    "sides write the keys alike"
                )

    def _unasked(self, join: _Join) -> int:
        if not join.is_whole:
            return 0
        keys = range(len(join.keys))
        same = " AND ".join(f"a.k{number} = j.k{number}" for number in keys)
        ((unasked,),) = self._connection.execute(
            f"SELECT coalesce(sum(j.n), 0) FROM {join.table} j ANTI JOIN asked_{join.table} a "
            f"ON {same}"
        ).fetchall()
        return int(unasked)


def _has_no_match(join: _Join) -> bool:
    return join.orphans == join.rows >= ENOUGH_ROWS
