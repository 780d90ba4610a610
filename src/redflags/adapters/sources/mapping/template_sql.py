"""Templates such as "{Block}-{Flat?}" as DuckDB expressions."""

import re
from collections.abc import Callable

from redflags.analysis.cell_errors import is_error

_PART = re.compile(r"\{([^{}]+?)(\?)?\}")
Quote = Callable[[str], str]


def template_sql(template: str, place: Callable[[str], str], quote: Quote, is_lenient: bool) -> str:
    """The template's text; null when a part is blank that may not be, or when all are.

    What divides two parts goes with a blank one. An error such as #N/A in a part is the whole
    value, because a reference made of the rest is another one.

    Args:
        template: with at least one part.
        place: name of a part to the SQL that holds it.
        quote: text to an SQL literal.
        is_lenient: whether any part may be blank, as it may in texts and dates.
    """
    parts = list(_PART.finditer(template))
    places = [place(part.group(1)) for part in parts]
    needed = [
        where
        for part, where in zip(parts, places, strict=True)
        if not (is_lenient or part.group(2)) or len(parts) == 1
    ]
    blank = " OR ".join(
        [*(f"{where} IS NULL" for where in needed), f"coalesce({', '.join(places)}) IS NULL"]
    )
    errors = " ".join(f"WHEN {is_error(where)} THEN {where}" for where in places)
    pieces = " || ".join(_pieces(template, parts, places, quote))
    return f"(CASE {errors} WHEN {blank} THEN NULL ELSE {pieces} END)"


def _pieces(
    template: str, parts: list[re.Match[str]], places: list[str], quote: Quote
) -> list[str]:
    """The text before the first part, the parts, each with what divides it from those before."""
    ends = [part.end() for part in parts]
    pieces = [quote(template[: parts[0].start()]), f"coalesce({places[0]}, '')"]
    for number in range(1, len(parts)):
        mark = quote(template[ends[number - 1] : parts[number].start()])
        are_all_blank = f"coalesce({', '.join(places[:number])}) IS NULL"
        mark = f"CASE WHEN {are_all_blank} THEN '' ELSE {mark} END"
        pieces.append(f"coalesce({mark} || {places[number]}, '')")
    return [*pieces, quote(template[ends[-1] :])]


def has_blank_part(template: str, place: Callable[[str], str], value: str) -> str:
    """SQL: whether `value`, made by the template, is blank although a part of it is not."""
    places = [place(part.group(1)) for part in _PART.finditer(template)]
    return f"({value} IS NULL AND coalesce({', '.join(places)}) IS NOT NULL)"
