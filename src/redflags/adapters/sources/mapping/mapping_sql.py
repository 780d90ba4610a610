"""The mapping language as DuckDB expressions over text; names are ours, values are quoted."""

import re
from collections.abc import Callable, Iterable, Mapping

from redflags.adapters.sources.mapping.date_formats import ISO, is_plain
from redflags.adapters.sources.mapping.date_text_sql import has_time, in_london
from redflags.adapters.sources.mapping.mapping_language import Condition, TableMapping
from redflags.adapters.sources.mapping.template_sql import has_blank_part, template_sql
from redflags.analysis.number_text import number_text
from redflags.analysis.schemas import Column, Kind

_WITHOUT_ANY_PART = (Kind.TEXT, Kind.DATE, Kind.TIMESTAMP)
Place = Callable[[str], str]
"""Their column's name → the SQL name of the text column that holds it."""


def literal(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


def canonical_value(column: Column, mapping: TableMapping, place: Place) -> str:
    """The canonical column as text; what cannot be converted stays as it came."""
    value = coded(raw_value(column, mapping, place), column.name, mapping)
    formats, zone = mapping.formats(column.name), mapping.zone_of(column.name)
    if _is_date(column) and (formats or zone):
        return _date(value, column.kind, formats, zone)
    return value


def raw_value(column: Column, mapping: TableMapping, place: Place) -> str:
    """The canonical column before its codes are translated."""
    name = column.name
    if name in mapping.constants:
        return literal(mapping.constants[name])
    value = _joined(column, mapping, place)
    if name in mapping.plain_numbers:
        value = f"coalesce({number_text(value)}, {value})"
    if width := mapping.pad.get(name):
        padded = f"lpad({value}, {width}, '0')"
        # an error such as #N/A is told for what it is, not made a reference
        is_short = f"length({value}) < {width} AND NOT starts_with({value}, '#')"
        value = f"CASE WHEN {is_short} THEN {padded} ELSE {value} END"
    return value


def _joined(column: Column, mapping: TableMapping, place: Place) -> str:
    mapped = mapping.columns[column.name]
    if isinstance(mapped, tuple):
        parts = ", ".join(place(part) for part in mapped)
        return f"nullif(concat_ws({literal(mapping.joined_with)}, {parts}), '')"
    if "{" not in mapped:
        return place(mapped)
    return template_sql(mapped, place, literal, column.kind in _WITHOUT_ANY_PART)


def blank_part(column: Column, mapping: TableMapping, place: Place) -> str | None:
    """The column's name where its template gives nothing because one part is blank, else null."""
    mapped = mapping.columns.get(column.name)
    if not isinstance(mapped, str) or len(mapping.parts(column.name)) < 2 or "{" not in mapped:
        return None
    is_blank = has_blank_part(mapped, place, _joined(column, mapping, place))
    return f"CASE WHEN {is_blank} THEN {literal(column.name)} END"


def coded(value: str, name: str, mapping: TableMapping) -> str:
    """The value under our code; a code that is not listed gets the default, or stays."""
    if name not in mapping.codes:
        return value
    cases = " ".join(
        f"WHEN {test} THEN {literal(ours)}"
        for test, ours in _code_tests(value, mapping.codes[name])
    )
    default = mapping.code_defaults.get(name)
    otherwise = value if default is None else literal(default)
    return f"CASE WHEN {value} IS NULL THEN NULL {cases} ELSE {otherwise} END"


def unmapped_code(value: str, name: str, mapping: TableMapping) -> str:
    """The value when no code is listed for it, else null."""
    known = " OR ".join(test for test, _ in _code_tests(value, mapping.codes[name]))
    return f"CASE WHEN NOT ({known}) THEN {value} END"


def _code_tests(value: str, codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """A test for each code, whole codes before those with `*`; case does not matter."""
    whole = [
        (f"lower({value}) = {literal(theirs.lower())}", ours)
        for theirs, ours in codes.items()
        if "*" not in theirs
    ]
    starred = [
        (f"lower({value}) GLOB {literal(_only_stars(theirs.lower()))}", ours)
        for theirs, ours in codes.items()
        if "*" in theirs
    ]
    return whole + starred


def _only_stars(code: str) -> str:
    """A pattern in which `*` alone has a meaning."""
    return re.sub(r"([?\[\]])", r"[\1]", code)


def _is_date(column: Column) -> bool:
    return column.kind in (Kind.DATE, Kind.TIMESTAMP)


def _date(value: str, kind: Kind, formats: tuple[str, ...], zone: str) -> str:
    """ISO 8601 text. The year 1900 is the door for two-digit years read as the year 24.

    Formats with a year of two digits or a zone are left to `read_dates`, as is all that does not
    fit.
    """
    patterns = [text for text in formats if text != ISO and is_plain(text)]
    result = _iso(value, kind, zone) if ISO in formats or zone else value
    if not patterns:
        return result
    shape = "%Y-%m-%d" if kind is Kind.DATE else "%Y-%m-%dT%H:%M:%S"
    moment = f"try_strptime({value}, [{literals(patterns)}])"
    return (
        f"CASE WHEN {moment} >= TIMESTAMP '1900-01-01' "
        f"THEN strftime({_on_the_wall(moment, value, zone)}, '{shape}') ELSE {result} END"
    )


def _on_the_wall(moment: str, value: str, zone: str) -> str:
    """The moment in London; a day without a time is the same day everywhere."""
    if not zone:
        return moment
    timed = has_time(moment, value)
    return f"CASE WHEN {timed} THEN {in_london(moment, zone)} ELSE {moment} END"


def _iso(value: str, kind: Kind, zone: str) -> str:
    """ISO text with at most six fraction digits; a date column keeps the London day only."""
    short = f"regexp_replace({value}, '(\\.\\d{{6}})\\d+', '\\1')"
    zoned = f"regexp_matches({value}, '[T ][0-9:.]+ *(Z|UTC|GMT|[+-]\\d\\d(:?\\d\\d)?)$')"
    moment = f"try_cast({short} AS TIMESTAMP)"
    if kind is not Kind.DATE:
        if not zone:
            return short
        text = f"strftime({in_london(moment, zone)}, '%Y-%m-%dT%H:%M:%S.%f')"
        is_ours = f"{zoned} OR {moment} IS NULL OR NOT contains({value}, ':')"
        return f"CASE WHEN {is_ours} THEN {short} ELSE {text} END"
    london = f"timezone('Europe/London', try_cast({short} AS TIMESTAMPTZ))"
    day = f"strftime({_on_the_wall(moment, value, zone)}, '%Y-%m-%d')" if zone else ""
    return (
        f"CASE WHEN {zoned} THEN coalesce(strftime({london}, '%Y-%m-%d'), {value}) "
        f"WHEN {moment} IS NOT NULL THEN {day or f'left({value}, 10)'} "
        f"ELSE {value} END"
    )


def holds(condition: Condition, place: Place) -> str:
    """The condition as SQL; a blank cell is the empty text."""
    value = f"coalesce({place(condition.column)}, '')"
    if condition.filled is not None:
        return f"({value} <> '') = {str(condition.filled).lower()}"
    if condition.prefix is not None:
        return f"starts_with({value}, {literal(condition.prefix)})"
    if condition.one_of is not None:
        return f"{value} IN ({literals(condition.one_of)})"
    if condition.not_in is not None:
        return f"{value} NOT IN ({literals(condition.not_in)})"
    if condition.equals is not None:
        return f"{value} = {literal(condition.equals)}"
    return f"{value} <> {literal(condition.not_equals or '')}"


def left_out(mapping: TableMapping, place: Place, has_match: Place) -> str | None:
    """Why a row does not come in, or null when it does; None when all rows come in.

    Where a condition asks for a column of a join that has no row for it, that is the reason:
    `has_match` gives the SQL that tells, by the join's name.
    """

    def reason(key: str, condition: Condition) -> str:
        return _reason(key, condition, mapping, has_match)

    cases = [
        f"WHEN NOT ({holds(condition, place)}) THEN {reason('where', condition)}"
        for condition in mapping.where
    ]
    cases += [
        f"WHEN {holds(condition, place)} THEN {reason('drop_when', condition)}"
        for condition in mapping.drop_when
    ]
    return f"CASE {' '.join(cases)} END" if cases else None


def _reason(key: str, condition: Condition, mapping: TableMapping, has_match: Place) -> str:
    reason = literal(f"{key} {condition.reason}")
    for alias in mapping.joins:
        if condition.column.startswith(f"{alias}."):
            orphan = literal(f"no row in the join {alias}")
            return f"CASE WHEN {has_match(alias)} THEN {reason} ELSE {orphan} END"
    return reason
