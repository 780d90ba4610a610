"""Many rows of a join to one row per key: the first, all texts, a sum of products."""

from redflags.adapters.sources.mapping.mapping_language import Join
from redflags.adapters.sources.mapping.mapping_sql import literal
from redflags.analysis.cell_errors import is_error
from redflags.analysis.number_text import number_text


def aggregated(join: Join, name: str) -> str:
    """SQL that makes table `name` (keys k0, …; values g0, … in the order of `join.gives`; rows n).

    It reads `detail`, whose columns d0, d1, … are `join.needs`. Without `on` the key is `_parent`.
    """
    keys = [_place(join, theirs) for theirs in join.on.values()] or ["_parent"]
    values = [_first(join, column) for column in join.first]
    values += [_texts(join, column) for column in join.texts]
    values += [_sum([_place(join, factor) for factor in factors]) for factors in join.sum.values()]
    has_error = " OR ".join(is_error(key) for key in keys if join.on) or "false"
    selected = [f"{key} AS k{number}" for number, key in enumerate(keys)]
    selected += [f"{value} AS g{number}" for number, value in enumerate(values)]
    return (
        f"CREATE OR REPLACE TEMP TABLE {name} AS "
        f"SELECT {', '.join(selected)}, count(*) AS n FROM detail "
        f"WHERE NOT ({has_error}) "
        f"GROUP BY {', '.join(keys)}"
    )


def _place(join: Join, column: str) -> str:
    return f"d{join.needs.index(column)}"


def _first(join: Join, column: str) -> str:
    place = _place(join, column)
    order = [
        f"starts_with({place}, {literal(prefix)}) DESC" for prefix in join.prefer.get(column, ())
    ]
    return f"first({place} ORDER BY {', '.join([*order, '_row'])}) FILTER ({place} IS NOT NULL)"


def _texts(join: Join, column: str) -> str:
    return f"string_agg({_place(join, column)}, {literal(join.separator)} ORDER BY _row)"


def _sum(factors: list[str]) -> str:
    """Σ of products in pounds and pence; a row with a blank factor adds nothing.

    One unreadable factor makes the sum that factor's text, so that validation sets the row aside.
    """
    numbers = [f"try_cast({number_text(factor)} AS DECIMAL(17, 4))" for factor in factors]
    unreadable = ", ".join(
        f"CASE WHEN {number} IS NULL THEN {_unreadable(factor)} END"
        for factor, number in zip(factors, numbers, strict=True)
    )
    total = f"CAST(CAST(sum({' * '.join(numbers)}) AS DECIMAL(18, 2)) AS VARCHAR)"
    return f"coalesce(min(coalesce({unreadable})), {total})"


def _unreadable(factor: str) -> str:
    """The factor; one that is a number, but too large for a sum, is made none."""
    return (
        f"CASE WHEN {number_text(factor)} IS NULL THEN {factor} ELSE 'too large: ' || {factor} END"
    )
