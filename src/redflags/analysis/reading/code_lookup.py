"""What a code says: an exact code before a prefix, a longer prefix before a shorter."""

from dataclasses import dataclass

from redflags.configuration.signals import CodeEntry, SignalSet, codes_named, normalised_code


@dataclass(frozen=True, slots=True)
class CodeReading:
    """The entry a code was found in, and under which key: `code:390929`, `trade_code:DA`."""

    entry: CodeEntry
    key: str


class CodeBook:
    """The codes of one column of one table."""

    def __init__(self, signal_set: SignalSet, table: str, column: str) -> None:
        self._exact: dict[str, CodeReading] = {}
        self._prefixes: dict[str, CodeReading] = {}
        for entry in sorted(signal_set.codes, key=lambda entry: (entry.precedence, entry.name)):
            if (entry.table, entry.column) == (table, column):
                self._exact |= _keyed(entry, entry.exact)
                self._prefixes |= _keyed(entry, entry.prefixes, ending="*")
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)

    def read(self, code: str) -> CodeReading | None:
        """What `code` says; None when no entry knows it (or it is blank)."""
        wanted = normalised_code(code)
        if not wanted:
            return None
        if wanted in self._exact:
            return self._exact[wanted]
        starts = (wanted[:length] for length in self._lengths if length <= len(wanted))
        return next((self._prefixes[start] for start in starts if start in self._prefixes), None)


def _keyed(entry: CodeEntry, items: tuple[str, ...], ending: str = "") -> dict[str, CodeReading]:
    return {
        code: CodeReading(entry, f"{entry.column}:{code}{ending}")
        for item in items
        for code in codes_named(item)
    }
