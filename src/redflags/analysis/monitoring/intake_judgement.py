"""Whether so much of what came was set aside that the night is not whole, and in which words.

Words name source, table, column, code and the place of a file, never a value or a file's name,
which may be a person's.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from redflags.analysis.extracts import FaultCount
from redflags.configuration.intake_settings import IntakeSettings

TOLD_FAULTS = 3


@dataclass(frozen=True, slots=True)
class FileIntake:
    """What became of the rows of one file or query: the `place`-th of `files` of its table.

    `newest` is the last day of its usable rows, None where rows have none.
    """

    source: str
    table: str
    place: int
    files: int
    read: int
    set_aside: int
    faults: tuple[FaultCount, ...] = ()
    newest: date | None = None

    @property
    def name(self) -> str:
        return f"{self.table} file {self.place} of {self.files}"

    @property
    def is_lost(self) -> bool:
        """No row of it was usable."""
        return 0 < self.read == self.set_aside


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows of one table of one source that are missing now, in words for the operator.

    `is_read_again`: its files do not count as taken, so each night says so until they are mended.
    """

    source: str
    table: str
    words: str
    is_read_again: bool = True


def rows_lost(files: Sequence[FileIntake], settings: IntakeSettings) -> tuple[Loss, ...]:
    """The tables of each source of which too many rows were set aside, or a whole file."""
    return tuple(
        Loss(source, table, _rows_lost_words(theirs, settings.largest_share(table)))
        for (source, table), theirs in _by_table(files)
        if _is_too_much(theirs, settings) or any(file.is_lost for file in theirs)
    )


def all_too_old(
    files: Sequence[FileIntake],
    records_since: date,
    settings: IntakeSettings,
    empty_tables: Collection[str],
) -> tuple[Loss, ...]:
    """Tables of which every row that came is from before `records_since`, so that none is kept.

    Args:
        empty_tables: those of which nothing is stored; of the others a few old rows are everyday.
    """
    found = []
    for table in sorted({file.table for file in files}):
        dated = [file for file in files if file.table == table and file.newest is not None]
        days = [file.newest for file in dated if file.newest is not None]
        rows = sum(file.read - file.set_aside for file in dated)
        few = table not in empty_tables and rows < settings.set_aside.fewest_rows.value
        if days and max(days) < records_since and not few:
            words = _too_old_words(table, rows, max(days), records_since)
            sources = sorted({file.source for file in dated})
            found += [Loss(name, table, words, table in empty_tables) for name in sources]
    return tuple(found)


def values_dropped(files: Sequence[FileIntake], settings: IntakeSettings) -> tuple[str, ...]:
    """Columns of which too many values were dropped; the rows were kept all the same."""
    told = []
    for (source, table), theirs in _by_table(files):
        read = sum(file.read for file in theirs)
        for fault in _added_up(theirs):
            many = fault.rows > settings.largest_share(table) * read
            if fault.code.is_note and many and fault.rows >= settings.set_aside.fewest_rows.value:
                told.append(
                    f"source {source}, {table}: {_fault_words(fault)} of {read:,}; the rows are "
                    "kept without these values, or with what could be saved of them"
                )
    return tuple(told)


def _by_table(
    files: Iterable[FileIntake],
) -> Iterator[tuple[tuple[str, str], list[FileIntake]]]:
    grouped: dict[tuple[str, str], list[FileIntake]] = {}
    for file in files:
        grouped.setdefault((file.source, file.table), []).append(file)
    yield from grouped.items()


def _is_too_much(files: Sequence[FileIntake], settings: IntakeSettings) -> bool:
    lost, read = sum(file.set_aside for file in files), sum(file.read for file in files)
    is_many = lost > settings.largest_share(files[0].table) * read
    return is_many and lost >= settings.set_aside.fewest_rows.value


def _rows_lost_words(files: Sequence[FileIntake], largest_share: float) -> str:
    lost, read = sum(file.set_aside for file in files), sum(file.read for file in files)
    first = files[0]
    share = f"more than the {100 * largest_share:.3g} % that config/intake.toml allows"
    size = share if lost > largest_share * read else "among them a whole file"
    faults = [fault for fault in _added_up(files) if not fault.code.is_note]
    told = [_fault_words(fault) for fault in faults[:TOLD_FAULTS]]
    more = len(faults) - len(told)
    return (
        f"source {first.source}, {first.table}: {lost:,} of {read:,} rows were SET ASIDE, {size}: "
        f"{', '.join(told)}{f', and {more} more kinds of fault' if more else ''}; "
        f"{_where(files)}. Correct the export or the mapping: the night reads it again until then"
    )


def _where(files: Sequence[FileIntake]) -> str:
    """The file that lost most, and how many others lost some."""
    losing = sorted((f for f in files if f.set_aside), key=lambda f: (-f.set_aside, f.place))
    whole = [file for file in losing if file.is_lost]
    worst = (whole or losing)[0]
    all_of_it = "all of" if worst.is_lost else f"{worst.set_aside:,} of them in"
    others = f" and {len(losing) - 1} more" if len(losing) > 1 else ""
    return f"{all_of_it} {worst.name}{others}"


def _added_up(files: Iterable[FileIntake]) -> list[FaultCount]:
    """One entry a column and code, the most frequent first, with the shape of its largest part."""
    parts: dict[tuple[str, str], list[FaultCount]] = {}
    for file in files:
        for fault in file.faults:
            parts.setdefault((fault.column, fault.code), []).append(fault)
    added = [
        FaultCount(
            same[0].column,
            same[0].code,
            sum(fault.rows for fault in same),
            max(same, key=lambda fault: (fault.rows, fault.shape)).shape,
        )
        for same in parts.values()
    ]
    return sorted(added, key=lambda fault: (-fault.rows, fault.column, fault.code))


def _fault_words(fault: FaultCount) -> str:
    like = f", such as {fault.shape}" if fault.shape else ""
    return f"{fault.column or '(row)'} {fault.code} ({fault.rows:,} rows{like})"


def _too_old_words(table: str, rows: int, newest: date, records_since: date) -> str:
    return (
        f"{table}: all {rows:,} rows that came are OLDER THAN WHAT IS KEPT: the newest is of "
        f"{newest}, kept since {records_since} (retention.record_days). Is the year read rightly? "
        "Look at date_format in the mapping, or ask for a newer export"
    )
