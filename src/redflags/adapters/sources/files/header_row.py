"""Finding their columns, however the header was typed."""

import unicodedata
from dataclasses import dataclass

from redflags.analysis.reading.text_cleaning import clean


def folded(name: str) -> str:
    """A column name without what a spreadsheet adds: blanks, no-break spaces, case, a BOM."""
    plain = unicodedata.normalize("NFKC", clean(name))
    return " ".join(plain.split()).casefold()


@dataclass(frozen=True, slots=True)
class Header:
    """The names in the first line of a file, in their order."""

    names: tuple[str, ...]
    date_system: int = 1900

    def locate(self, name: str) -> int | None:
        """Position of `name`, or None when it is not there."""
        wanted = folded(name)
        return next((i for i, n in enumerate(self.names) if folded(n) == wanted), None)

    @property
    def folded_names(self) -> tuple[str, ...]:
        """The names as they are compared."""
        return tuple(map(folded, self.names))

    def occurrences(self, name: str) -> int:
        """How many columns carry `name`."""
        return sum(folded(n) == folded(name) for n in self.names)
