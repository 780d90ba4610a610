"""Raw batches to canonical batches: a plan's expressions run by DuckDB, the rest passed through."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.mapping import mapping_sql
from redflags.adapters.sources.mapping.column_plan import Plan
from redflags.adapters.sources.mapping.spell_plainly import cleaned
from redflags.adapters.sources.mapping.take_out_errors import without_errors
from redflags.adapters.sources.mapping.watch_dates import DateWatch
from redflags.adapters.sources.mapping.watch_joins import JoinWatch, joined_sql
from redflags.adapters.sources.raw_rows import ROW, RawBatch, one_chunk
from redflags.analysis.extracts import RARER_CODES, RowFault

_LEFT_OUT = "_left_out"
_UNMAPPED = "_unmapped_"
_BLANK_PART = "_blank_part_"
_ORPHAN = "_orphan_"
LONGEST_CODE = 40
MOST_CODES = 100


@dataclass(slots=True)
class Tally:
    """What did not come in, counted while reading."""

    left_out: dict[str, int]
    unmapped: dict[str, dict[str, int]]
    lost_in_joins: dict[str, int]
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    blank_parts: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reasons: pa.Array) -> None:
        for reason, rows in _counted(reasons):
            self.left_out[reason] = self.left_out.get(reason, 0) + rows

    def blank_part(self, columns: pa.Array) -> None:
        for column, rows in _counted(columns):
            self.blank_parts[column] = self.blank_parts.get(column, 0) + rows

    def miss_codes(self, column: str, codes: pa.Array) -> None:
        """Count codes that the mapping does not list; beyond a hundred, the rarest are added up."""
        known = Counter(self.unmapped.get(column, {}))
        for code, rows in _counted(codes):
            known[code[:LONGEST_CODE]] += rows
        rarer = known.pop(RARER_CODES, 0)
        ranked = sorted(known.items(), key=lambda item: (-item[1], item[0]))
        rarer += sum(rows for _, rows in ranked[MOST_CODES:])
        if known:
            more = {RARER_CODES: rarer} if rarer else {}
            self.unmapped[column] = dict(ranked[:MOST_CODES]) | more


def _counted(values: pa.Array) -> Iterator[tuple[str, int]]:
    for entry in pc.value_counts(pc.drop_null(values)).to_pylist():
        yield entry["values"], entry["counts"]


def schema_of(plan: Plan) -> pa.Schema:
    """Text columns in the order of the contract, then `_row`."""
    return pa.schema([*((name, pa.string()) for name in plan.canonical), (ROW, pa.int64())])


def mapped(
    plan: Plan, batches: Iterator[RawBatch], tally: Tally, faults: list[RowFault]
) -> Iterator[pa.RecordBatch]:
    """Canonical batches, in the order of the rows; cells that hold an error are blank."""
    dates = DateWatch(plan)
    with duckdb.connect(config={"enable_external_access": False}) as connection:
        joins = JoinWatch(plan, connection)
        for batch in batches:
            tally.lost_in_joins.update(batch.lost)
            tally.notes += batch.notes
            joins.prepare(batch.details)
            raw = cleaned(batch.rows, plan.key_columns)
            if batch.are_details_whole:
                joins.remember_keys(raw)
            rows, raw = _mapped_batch(plan, raw, connection, tally, joins)
            yield dates.read(without_errors(rows, faults), raw, connection)
        tally.notes += [*joins.notes(), *_blank_parts(plan, tally)]
        tally.doubts += joins.doubts()
    tally.notes += dates.notes()
    tally.doubts += dates.doubts()


def _blank_parts(plan: Plan, tally: Tally) -> Iterator[str]:
    for column, rows in tally.blank_parts.items():
        yield (
            f"{rows} rows give no {plan.table.name}.{column}, because a part of its template is "
            "blank: write ? behind a part that may be, as in {Flat?}"
        )


def _mapped_batch(
    plan: Plan,
    raw: pa.RecordBatch,
    connection: duckdb.DuckDBPyConnection,
    tally: Tally,
    joins: JoinWatch,
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The canonical rows that come in, and the same rows as they came."""
    orphans = {_ORPHAN + alias: sql for alias, sql in joins.expressions().items()}
    computed = _computed(plan, raw, connection, _expressions(plan) | orphans)
    columns = [
        raw.column(plan.plain(name)) if plan.plain(name) else computed[name]
        for name in plan.canonical
    ]
    rows = pa.RecordBatch.from_arrays([*columns, raw.column(ROW)], schema=schema_of(plan))
    is_kept = None
    if _LEFT_OUT in computed:
        tally.leave_out(computed[_LEFT_OUT])
        is_kept = pc.is_null(computed[_LEFT_OUT])
    for name, values in computed.items():
        told = values if is_kept is None else values.filter(is_kept)
        if name.startswith(_UNMAPPED):
            tally.miss_codes(name.removeprefix(_UNMAPPED), told)
        elif name.startswith(_BLANK_PART):
            tally.blank_part(told)
        elif name.startswith(_ORPHAN):
            joins.see(name.removeprefix(_ORPHAN), values)
    return (rows, raw) if is_kept is None else (rows.filter(is_kept), raw.filter(is_kept))


def _computed(
    plan: Plan,
    raw: pa.RecordBatch,
    connection: duckdb.DuckDBPyConnection,
    expressions: dict[str, str],
) -> dict[str, pa.Array]:
    """The columns that need computing, row for row as in `raw`."""
    if not expressions or not raw.num_rows:
        return {name: pa.array([], pa.string()) for name in expressions}
    selected = ", ".join(f'CAST({sql} AS VARCHAR) AS "{n}"' for n, sql in expressions.items())
    connection.register("raw", raw)
    query = f"SELECT {selected} FROM raw {joined_sql(plan)} ORDER BY raw.{ROW}"
    table = connection.sql(query).to_arrow_table()
    connection.unregister("raw")
    return {name: one_chunk(table.column(name)) for name in expressions}


def _expressions(plan: Plan) -> dict[str, str]:
    expressions = {name: plan.sql(name) for name in plan.canonical if not plan.plain(name)}
    for name in plan.coded_columns:
        sql = mapping_sql.unmapped_code(plan.raw_sql(name), name, plan.mapping)
        expressions[_UNMAPPED + name] = sql
    for name in plan.canonical:
        blank = mapping_sql.blank_part(plan.table.column(name), plan.mapping, plan.place)
        expressions |= {_BLANK_PART + name: blank} if blank else {}
    reason = mapping_sql.left_out(plan.mapping, plan.place, plan.has_match)
    return expressions if reason is None else {**expressions, _LEFT_OUT: reason}
