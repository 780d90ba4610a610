"""What is missing of that which came in one night, and what has to be read again for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from redflags.analysis.extracts import Staged
from redflags.analysis.monitoring.intake_judgement import (
    FileIntake,
    Loss,
    all_too_old,
    rows_lost,
    values_dropped,
)
from redflags.configuration.intake_settings import IntakeSettings
from redflags.services.ports import Records


@dataclass(frozen=True, slots=True)
class Missing:
    """Of which tables so much is missing that the night is not whole, and `dropped`: notes of
    columns that lost many of their values."""

    losses: tuple[Loss, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """What is missing, in words, each said once."""
        return tuple(dict.fromkeys(loss.words for loss in self.losses))

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.faults, *self.dropped)

    def to_be_read_again(self, parts: Iterable[Staged]) -> list[Staged]:
        """`parts`, of which those of a table with losses will not be remembered as taken, nor gone
        on from: as long as they are not mended, each night reads them and says so again."""
        again = {(loss.source, loss.table) for loss in self.losses if loss.is_read_again}
        return [
            replace(part, fingerprint="", pull=None)
            if (part.source, part.table.name) in again
            else part
            for part in parts
        ]


def find_missing(
    files: Sequence[FileIntake],
    settings: IntakeSettings | None,
    records: Records,
    records_since: date,
) -> Missing:
    """Judge what came before it is written; without `settings` nothing is missing."""
    if settings is None:
        return Missing()
    empty = {table for table, rows in records.totals().items() if not rows}
    old = all_too_old(files, records_since, settings, empty)
    return Missing((*rows_lost(files, settings), *old), values_dropped(files, settings))
