"""Rows at the end of a file that are no records: totals and words below the table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from redflags.analysis.profiling.samples import Sample

_TOTAL = re.compile(r"(?i)^(grand |sub[ -]?)?totals?\b|^sum\b|^(end of|rows?:|records?:|count)")
LAST_ROWS = 5


@dataclass(frozen=True, slots=True)
class RowsToDrop:
    """A condition of `drop_when`; `rows` is how many of the rows looked at it leaves out."""

    column: str
    prefix: str = ""
    is_blank: bool = False
    rows: int = 0


def rows_to_drop(sample: Sample, key: str) -> list[RowsToDrop]:
    """Conditions for totals among the last rows.

    Args:
        key: the column that names a record; a last row with sums and without it is a total.
    """
    found: dict[str, RowsToDrop] = {}
    last = (sample.last_rows or sample.rows)[-LAST_ROWS:]
    for row in last:
        for name, cell in zip(sample.names, row, strict=True):
            if cell and (word := _TOTAL.match(cell)):
                rows = sum(value.startswith(word[0]) for value in _cells(sample, name))
                found.setdefault(name, RowsToDrop(name, prefix=word[0], rows=max(rows, 1)))
    if not found and last and _is_blank_total(sample, last, key):
        blank = sum(not row[sample.names.index(key)] for row in sample.rows)
        found[key] = RowsToDrop(key, is_blank=True, rows=max(blank, 1))
    return list(found.values())[:1]


def without_totals(sample: Sample) -> Sample:
    """The sample without such last rows, so that the columns show their kind."""
    last = sample.rows[-LAST_ROWS:]
    kept = [row for row in last if not any(_TOTAL.match(cell) for cell in row)]
    return replace(
        sample,
        rows=(*sample.rows[: len(sample.rows) - len(last)], *kept),
        last_rows=sample.last_rows or last,
    )


def _is_blank_total(sample: Sample, last: Sequence[Sequence[str]], key: str) -> bool:
    """One last row without a reference, where nearly all others have one."""
    place = sample.names.index(key)
    is_blank = not last[-1][place] and any(last[-1])
    others = [row for row in sample.rows if not row[place]]
    return is_blank and len(others) <= 1


def _cells(sample: Sample, name: str) -> list[str]:
    return [*sample.column(name), *(row[sample.names.index(name)] for row in sample.last_rows)]
