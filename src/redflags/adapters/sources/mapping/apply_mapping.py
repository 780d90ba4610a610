"""Raw batches to canonical batches: a plan's expressions run by DuckDB, the rest passed through."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from redflags.adapters.sources.mapping import mapping_sql
from redflags.adapters.sources.mapping.column_plan import Plan
from redflags.adapters.sources.mapping.detail_aggregation import aggregated
from redflags.adapters.sources.mapping.take_out_errors import without_errors
from redflags.adapters.sources.mapping.watch_dates import DateWatch
from redflags.adapters.sources.raw_rows import ROW, RawBatch, one_chunk
from redflags.analysis.extracts import RowFault
from redflags.domain.property_reference import plain_ref

_LEFT_OUT = "_left_out"
_UNMAPPED = "_unmapped_"
_MISFIT = "_misfit_"
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
    misfits: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reasons: pa.Array) -> None:
        for reason, rows in _counted(reasons):
            self.left_out[reason] = self.left_out.get(reason, 0) + rows

    def misfit(self, key_and_column: str, misfits: pa.Array) -> None:
        rows = len(misfits) - misfits.null_count
        if rows:
            self.misfits[key_and_column] = self.misfits.get(key_and_column, 0) + rows

    def miss_codes(self, column: str, codes: pa.Array) -> None:
        """Count codes that the mapping does not list; the rarest give way beyond a hundred."""
        known = Counter(self.unmapped.get(column, {}))
        known.update({code[:LONGEST_CODE]: rows for code, rows in _counted(codes)})
        if known:
            ranked = sorted(known.items(), key=lambda item: (-item[1], item[0]))
            self.unmapped[column] = dict(ranked[:MOST_CODES])


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
        for batch in batches:
            tally.lost_in_joins.update(batch.lost)
            for number, (alias, join) in enumerate(plan.mapping.joins.items()):
                if alias in batch.details:
                    detail = _cleaned_detail(batch.details[alias])
                    connection.register("detail", detail)
                    connection.execute(aggregated(join, f"j{number}"))
                    connection.unregister("detail")
            raw = _cleaned(batch.rows, plan.key_columns)
            rows, raw = _mapped_batch(plan, raw, connection, tally)
            yield dates.read(without_errors(rows, faults), raw, connection)
    tally.notes += [*dates.notes(), *_misfits(plan, tally)]
    tally.doubts += dates.doubts()


def _misfits(plan: Plan, tally: Tally) -> Iterator[str]:
    for key_and_column, rows in tally.misfits.items():
        key, column = key_and_column.split(" ")
        yield f"{rows} values of {plan.table.name}.{column} do not fit {key} and stay as they came"


def _mapped_batch(
    plan: Plan, raw: pa.RecordBatch, connection: duckdb.DuckDBPyConnection, tally: Tally
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The canonical rows that come in, and the same rows as they came."""
    computed = _computed(plan, raw, connection)
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
        elif name.startswith(_MISFIT):
            tally.misfit(name.removeprefix(_MISFIT), told)
    return (rows, raw) if is_kept is None else (rows.filter(is_kept), raw.filter(is_kept))


def _coded_columns(plan: Plan) -> list[str]:
    return [name for name in plan.mapping.codes if name in plan.canonical]


def _computed(
    plan: Plan, raw: pa.RecordBatch, connection: duckdb.DuckDBPyConnection
) -> dict[str, pa.Array]:
    """The columns that need computing, row for row as in `raw`."""
    expressions = _expressions(plan)
    if not expressions or not raw.num_rows:
        return {name: pa.array([], pa.string()) for name in expressions}
    selected = ", ".join(f'CAST({sql} AS VARCHAR) AS "{n}"' for n, sql in expressions.items())
    joins = " ".join(_join(plan, number) for number in range(len(plan.mapping.joins)))
    connection.register("raw", raw)
    query = f"SELECT {selected} FROM raw {joins} ORDER BY raw.{ROW}"
    table = connection.sql(query).to_arrow_table()
    connection.unregister("raw")
    return {name: one_chunk(table.column(name)) for name in expressions}


def _expressions(plan: Plan) -> dict[str, str]:
    expressions = {name: plan.sql(name) for name in plan.canonical if not plan.plain(name)}
    for name in _coded_columns(plan):
        sql = mapping_sql.unmapped_code(plan.raw_sql(name), name, plan.mapping)
        expressions[_UNMAPPED + name] = sql
    for name in plan.canonical:
        steps = mapping_sql.misfitting(name, plan.mapping, plan.place)
        expressions |= {f"{_MISFIT}{key} {name}": sql for key, sql in steps.items()}
    reason = mapping_sql.left_out(plan.mapping, plan.place)
    return expressions if reason is None else {**expressions, _LEFT_OUT: reason}


def _join(plan: Plan, number: int) -> str:
    join = list(plan.mapping.joins.values())[number]
    keys = [f"raw.{plan.place(ours)}" for ours in join.on] or [f"raw.{ROW}"]
    same = " AND ".join(f"j{number}.k{i} = {key}" for i, key in enumerate(keys))
    return f"LEFT JOIN j{number} ON {same}"


def _cleaned(batch: pa.RecordBatch, keys: frozenset[str]) -> pa.RecordBatch:
    names = batch.schema.names
    columns = [
        column if name == ROW else _as_key(_trimmed(column)) if name in keys else _trimmed(column)
        for name, column in zip(names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=names)


def _cleaned_detail(details: pa.Table) -> pa.Table:
    columns = [
        _as_key(_trimmed(one_chunk(column))) if name.startswith("d") else column
        for name, column in zip(details.column_names, details.columns, strict=True)
    ]
    return pa.table(columns, names=details.column_names)


def _trimmed(texts: pa.Array) -> pa.Array:
    """Without outer blanks; nothing left is null."""
    trimmed = pc.utf8_trim_whitespace(texts)
    is_blank = pc.equal(pc.binary_length(trimmed), 0)
    return pc.if_else(is_blank, None, trimmed) if pc.any(is_blank).as_py() else trimmed


def _as_key(texts: pa.Array) -> pa.Array:
    """Refs and codes as they are compared: `plain_ref` of each, quick where all is ASCII.

    Arrow's own NFKC takes letters and accents apart and does not join them again.
    """
    if pc.all(pc.string_is_ascii(texts)).as_py() is False:
        plain = [None if text is None else plain_ref(text) or None for text in texts.to_pylist()]
        return pa.array(plain, pa.string())
    if pc.any(pc.match_substring(texts, "  ")).as_py():
        return pc.replace_substring_regex(texts, r"\s+", " ")
    return texts
