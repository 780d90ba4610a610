"""Whether a table's first row names its columns or is a record already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from redflags.analysis.profiling.date_guesses import is_date
from redflags.analysis.profiling.header_words import meanings_of
from redflags.analysis.profiling.personal_columns import may_be_personal, personal_by_name
from redflags.analysis.profiling.value_shapes import is_money

LEAST_SHARE, LOOKED_AT = 0.8, 200
LONGEST_NAME = 60
_NO_NAME = re.compile(r"\d{4,}|^\W*\d[\d\W]*$")


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and the rows below them."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_there: bool


def guess_header(rows: Sequence[Sequence[str]]) -> Header:
    """Names from the first row where it has any, else "column 1" and so on.

    A row is shown to the reader only as names, so that a record must not be taken for them: it
    takes names that are known, or columns whose first cell is unlike all those below it.
    """
    first, below = [" ".join(cell.split()) for cell in rows[0]], rows[1:]
    if _may_be_names(first) and _are_names(first, below):
        names = [cell or f"column {n}" for n, cell in enumerate(first, start=1)]
        return Header(tuple(names), tuple(map(tuple, below)), True)
    names = [f"column {n}" for n in range(1, len(first) + 1)]
    return Header(tuple(names), tuple(map(tuple, rows)), False)


def _may_be_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    is_each_once = len({cell.casefold() for cell in filled}) == len(filled)
    return len(filled) >= max(2, len(cells) - 2) and is_each_once and all(map(_may_be_name, filled))


def _may_be_name(cell: str) -> bool:
    is_value = _NO_NAME.search(cell) or is_date(cell) or may_be_personal(cell)
    return len(cell) <= LONGEST_NAME and not is_value


def _are_names(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    known = sum(bool(meanings_of(cell)) or bool(personal_by_name(cell)) for cell in cells if cell)
    columns = [[row[n].strip() for row in below[:LOOKED_AT]] for n in range(len(cells))]
    if any(cell in column for cell, column in zip(cells, columns, strict=True) if cell):
        return False
    unlike = sum(_is_of_another_kind(column) for column in columns)
    return known >= max(2, len(cells) / 3) or (known >= 1 and unlike >= 1) or unlike >= 2


def _is_of_another_kind(values: Sequence[str]) -> bool:
    """Whether nearly all values are dates or numbers, which the name above them is not."""
    filled = [value for value in values if value]
    typed = sum(is_date(value) or is_money(value) for value in filled)
    return bool(filled) and typed >= LEAST_SHARE * len(filled)
