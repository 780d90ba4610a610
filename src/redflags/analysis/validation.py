"""Splits rows in two with one SQL statement per table: usable, or a problem. No row is lost.

The statement is built here from `schemas` and run by the record store, because at a million rows
DuckDB was measured half as slow again to beat as pandera and told unreadable values from missing
ones (docs/adr/0002-duckdb.md). Nothing here touches data.

A row is *quarantined* when something required is missing or a date or number cannot be read. Lesser
faults are *notes*: the row is kept and the one value is dropped, because losing the repair would be
worse than losing the colour of the door.
"""

from collections.abc import Collection
from dataclasses import dataclass

from redflags.analysis.number_text import number_text
from redflags.analysis.schemas import Column, Kind, Table
from redflags.domain.property_reference import HYPHENS, INVISIBLE
from redflags.domain.row_problem import ProblemCode

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
LONGEST_TEXT = 4000
LONGEST_SHAPE = 20
BETWEEN_SHAPES = "chr(31)"
"""SQL of what stands between the shapes of one row: no shape holds it."""

_ODD_BLANKS = "\u00a0\u2007\u202f"
_TOTALS = "0*((grand|sub|overall|report|page)[ -]*)?totals?([ :=(].*)?"
_ZONE = " *([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2}){0,2})$"


@dataclass(frozen=True, slots=True)
class _Check:
    """One fault a column can have: SQL that is true for it, and its code."""

    column: str
    code: ProblemCode
    condition: str

    @property
    def label(self) -> str:
        return f"{self.column}:{self.code}"


def validation_sql(table: Table, present: Collection[str], relation: str) -> str:
    """SELECT that types and checks every row of `relation`.

    Args:
        table: schema of the rows.
        present: canonical columns the relation has; the others become NULL.
        relation: name of a relation of VARCHAR columns and a BIGINT ``_row``.

    Returns:
        SQL giving ``_row``, each column of the schema typed, ``_quarantined`` BOOLEAN, ``_faults``
        VARCHAR (``column:code`` joined by ``;``, empty when there are none), ``_shapes`` VARCHAR
        (what the value of each fault looks like, in the same order, joined by `BETWEEN_SHAPES`) and
        ``_hash`` UBIGINT of the typed content. Of a column of money also ``_signed_<column>``
        DOUBLE, which keeps the sign of a credit.
    """
    clean = ",\n  ".join(_cleaned(column, column.name in present) for column in table.columns)
    money = [column.name for column in table.columns if column.kind is Kind.MONEY]
    signed = "".join(f", {_pounds(name)} AS _signed_{name}" for name in money)
    typed = ",\n  ".join(f"{_typed(column)} AS {column.name}" for column in table.columns)
    checks = [check for column in table.columns for check in _checks(column)] + _row_checks(table)
    content = ", ".join(table.column_names)
    kept = "".join(f", _signed_{name}" for name in money)
    return f"""
WITH arrived AS (SELECT _row,\n  {clean}\n FROM {relation}),
cleaned AS (SELECT *{signed} FROM arrived),
typed AS (SELECT _row,\n  {typed},\n  {_raw(table)}{kept}\n FROM cleaned)
SELECT _row, {content}{kept},
  {_any([check for check in checks if not check.code.is_note])} AS _quarantined,
  {_listed(checks)} AS _faults,
  {_shapes(table, checks)} AS _shapes,
  hash({content}) AS _hash
FROM typed"""


def _raw(table: Table) -> str:
    return ", ".join(f"{name} AS _raw_{name}" for name in table.column_names)


def _cleaned(column: Column, present: bool) -> str:
    if not present:
        return f"NULL::VARCHAR AS {column.name}"
    if column.kind is Kind.TEXT:
        return f"nullif(trim({column.name}), '') AS {column.name}"
    # what has no counterpart in the second list is taken out
    odd, even = _ODD_BLANKS + HYPHENS + INVISIBLE, " " * len(_ODD_BLANKS) + "-" * len(HYPHENS)
    plain = f"translate({column.name}, '{odd}', '{even}')"
    # translate is slow and nearly every value is ASCII: as many bytes as characters
    is_ascii = f"strlen({column.name}) = length({column.name})"
    ascii_first = f"CASE WHEN {is_ascii} THEN {column.name} ELSE {plain} END"
    return f"nullif(trim({ascii_first}), '') AS {column.name}"


def _typed(column: Column) -> str:
    name = column.name
    match column.kind:
        case Kind.DATE if column.lenient:
            day = f"try_cast({_zoned(name)} AS DATE)"
            in_range = f"year({day}) BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}"
            return f"CASE WHEN {in_range} THEN {day} END"
        case Kind.DATE:
            return f"try_cast({_zoned(name)} AS DATE)"
        case Kind.TIMESTAMP:
            return _zoned(name)
        case Kind.MONEY:
            return f"CASE WHEN _signed_{name} >= 0 THEN _signed_{name} END"
        case Kind.COUNT:
            number = _pounds(name)
            is_whole = f"{number} >= 0 AND {number} = floor({number})"
            return f"CASE WHEN {is_whole} THEN try_cast({number} AS INTEGER) END"
        case Kind.CATEGORY if column.choices:
            kept = (
                f"CASE WHEN lower({name}) IN ({_literals(column.choices)}) THEN lower({name}) END"
            )
            return (
                f"coalesce(lower({name}), {_literal(column.when_blank)})"
                if column.required
                else kept
            )
        case Kind.TEXT:
            return f"left({name}, {LONGEST_TEXT})"
        case _:
            return name


def _zoned(name: str) -> str:
    """A timestamp as the clock on a London wall showed it, whatever zone it was written in."""
    has_zone = f"regexp_matches({name}, '[T ][0-9:.]+{_ZONE}')"
    # DuckDB reads "+0100" only when no blank stands before it
    close_by = f"regexp_replace({name}, ' +([+-])', '\\1')"
    in_london = f"timezone('Europe/London', try_cast({close_by} AS TIMESTAMPTZ))"
    # DuckDB also reads the words "epoch" and "infinity" as dates
    is_number = f"{name} BETWEEN '0' AND '9~'"
    return (
        f"CASE WHEN {has_zone} THEN {in_london} "
        f"WHEN {is_number} THEN try_cast({name} AS TIMESTAMP) END"
    )


def _pounds(name: str) -> str:
    """A sum as people write it, with its sign; null when it can be read in two ways or not."""
    return _finite(f"try_cast({number_text(name)} AS DOUBLE)")


def _finite(number: str) -> str:
    return f"(CASE WHEN isfinite({number}) THEN {number} END)"


def _checks(column: Column) -> list[_Check]:
    name, raw = column.name, f"_raw_{column.name}"
    checks = []
    if column.required:
        missing = ProblemCode.UNUSABLE_VALUE if column.when_blank else ProblemCode.MISSING_VALUE
        checks.append(_Check(name, missing, f"{raw} IS NULL"))
    match column.kind:
        case Kind.DATE | Kind.TIMESTAMP:
            # "infinity" is a date to DuckDB and has no year
            usable = f"coalesce(year({name}) BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}, false)"
            unread = f"({raw} IS NOT NULL AND NOT {usable})"
            code = ProblemCode.UNUSABLE_VALUE if column.lenient else ProblemCode.BAD_DATE
            checks.append(_Check(name, code, unread))
        case Kind.MONEY:
            unread = f"({raw} IS NOT NULL AND _signed_{name} IS NULL)"
            checks.append(_Check(name, ProblemCode.BAD_NUMBER, unread))
            negative = f"(_signed_{name} < 0)"
            checks.append(_Check(name, ProblemCode.NEGATIVE_NUMBER, negative))
        case Kind.COUNT:
            unread = f"({raw} IS NOT NULL AND {name} IS NULL)"
            checks.append(_Check(name, ProblemCode.UNUSABLE_VALUE, unread))
        case Kind.CATEGORY if column.choices:
            unknown = f"({raw} IS NOT NULL AND lower({raw}) NOT IN ({_literals(column.choices)}))"
            checks.append(_Check(name, ProblemCode.UNKNOWN_CATEGORY, unknown))
        case Kind.TEXT:
            checks.append(_Check(name, ProblemCode.TOO_LONG, f"length({raw}) > {LONGEST_TEXT}"))
    return checks


def _row_checks(table: Table) -> list[_Check]:
    checks = [_Check(table.key[0], ProblemCode.TOTALS_ROW, _is_totals_row(table))]
    if {"start_date", "end_date"} <= set(table.column_names):
        checks += [_Check("end_date", ProblemCode.ENDS_BEFORE_START, "end_date < start_date")]
    return checks


def _is_totals_row(table: Table) -> str:
    """A line of sums, which is no row: "Total" for a key, or sums alone and no reference."""
    key = f"lower(_raw_{table.key[0]})"
    says_so = f"(contains({key}, 'total') AND regexp_full_match({key}, '{_TOTALS}'))"
    sums = [c.name for c in table.columns if c.kind in (Kind.MONEY, Kind.COUNT)]
    tied_to_something = (Kind.REF, Kind.DATE, Kind.TIMESTAMP)
    ties = [c.name for c in table.columns if c.kind in tied_to_something]
    if not sums:
        return says_so
    has_sum = " OR ".join(f"_raw_{name} IS NOT NULL" for name in sums)
    is_loose = " AND ".join(f"_raw_{name} IS NULL" for name in ties)
    return f"({says_so} OR (({has_sum}) AND {is_loose}))"


def _any(checks: list[_Check]) -> str:
    return "coalesce(" + " OR ".join(check.condition for check in checks) + ", false)"


def _listed(checks: list[_Check]) -> str:
    cases = ", ".join(f"CASE WHEN {check.condition} THEN '{check.label}' END" for check in checks)
    return f"concat_ws(';', {cases})"


def _shapes(table: Table, checks: list[_Check]) -> str:
    shapes = (_shape(table.column(check.column)) for check in checks)
    cases = (
        f"CASE WHEN {check.condition} THEN coalesce({shape}, '') END"
        for check, shape in zip(checks, shapes, strict=True)
    )
    return f"concat_ws({BETWEEN_SHAPES}, {', '.join(cases)})"


def _shape(column: Column) -> str:
    """What a value looks like without being it: 14-Sept-2026 is 99-Aaaa-9999."""
    if column.kind in (Kind.REF, Kind.TEXT):
        return "''"
    shape = f"left(_raw_{column.name}, {LONGEST_SHAPE})"
    for found, told in _SHOWN_AS:
        shape = f"regexp_replace({shape}, '{found}', '{told}', 'g')"
    return shape


_SHOWN_AS = (
    (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}]", "a"),
    (r"\p{Lu}", "A"),
    (r"\p{N}", "9"),
    (r"[^ -~£€]", "?"),
)


def _literal(value: str) -> str:
    return f"'{value}'" if value else "NULL"


def _literals(values: Collection[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
