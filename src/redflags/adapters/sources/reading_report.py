"""What a reader noticed of a file as a whole: told with the night, never with a value from it."""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(slots=True)
class ReadingReport:
    """Complete when the rows of the file are exhausted.

    `notes` tell how the file was taken; `shortfalls` what of it is missing, for which the source
    ends as refused though its other rows are taken.
    """

    notes: list[str] = field(default_factory=list)
    shortfalls: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def miss(self, words: str) -> None:
        if words not in self.shortfalls:
            self.shortfalls.append(words)

    def add(self, other: "ReadingReport", where: str) -> None:
        """What was noticed of a file that was looked up in."""
        for words in other.notes:
            self.note(f"{where}: {words}")
        for words in other.shortfalls:
            self.miss(f"{where}: {words}")


@runtime_checkable
class Reporting(Protocol):
    """Rows whose reader has something to say of the whole."""

    @property
    def report(self) -> ReadingReport: ...


def report_of(rows: object) -> ReadingReport:
    """The reader's report, an empty one where it makes none."""
    return rows.report if isinstance(rows, Reporting) else ReadingReport()
