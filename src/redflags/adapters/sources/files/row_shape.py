"""How many fields a row of a delimited file may have, and what is made of one that has others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowShape:
    """`width` fields as in the header; the first `least` are those no row can do without.

    Excel writes no commas for the last blank cells of a row, other programs one too many.
    """

    width: int
    least: int

    def fitted(self, fields: Sequence[str]) -> list[str] | None:
        """The fields, `width` of them: blanks added or taken away at the end; else None."""
        if len(fields) == self.width:
            return list(fields)
        if not any(field.strip() for field in fields[: self.width]):
            return None
        if len(fields) < self.width:
            missing = self.width - len(fields)
            return [*fields, *[""] * missing] if len(fields) >= self.least else None
        is_rest_blank = not any(field.strip() for field in fields[self.width :])
        return list(fields[: self.width]) if is_rest_blank else None

    def kind(self, fields: int) -> str:
        """What is told of a row that came with so many fields."""
        if fields == self.width:
            return ""
        return "short" if fields < self.width else "long"


def told(shapes: Counter[str]) -> list[str]:
    """Notes on rows that were made to fit."""
    words = {
        "short": "rows end before the last columns of the header, which were taken as blank",
        "long": "rows have more separators than the header, with nothing behind them",
    }
    return [f"{shapes[kind]} {text}" for kind, text in words.items() if shapes[kind]]
