"""What came of the sources of one night, and what there is to say of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from redflags.analysis.extracts import RARER_CODES, Extract, Refusal, Staged
from redflags.analysis.monitoring.intake_judgement import FileIntake
from redflags.domain.configured_source import Change, SourceChange
from redflags.domain.night import NightSource, NightTable, SourceStatus
from redflags.errors import SourceAbsent
from redflags.services.intake.missing_rows import Missing
from redflags.services.intake.source_notes import change_notes

ROWS_GONE = (Change.DROPPED, Change.REPLACED_BY_NEW_MAPPING, Change.LEFT_BY_NEW_MAPPING)
"""Changes by which rows went, or may be there twice: told once, and never with exit 0."""
NO_PARTNER = "no row in the join"
FEWEST_ROWS, MOST_ALONE = 10, 0.05
"""Of so many rows, this share may be without a partner before it is a fault of the joined file."""
FINE = (SourceStatus.TAKEN, SourceStatus.ALREADY_TAKEN)
Unmapped = Mapping[tuple[str, str], Mapping[str, int]]
"""Rows of each code that a mapping file does not translate, by source and column."""


@dataclass(frozen=True)
class TakenSource:
    """What came of reading one source: what is ready to be written, and what there is to say.

    `came` are the tables it brought, tonight or in the same files before.
    """

    status: NightSource
    staged: tuple[Staged, ...] = ()
    files: tuple[FileIntake, ...] = ()
    came: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    absent_columns: tuple[str, ...] = ()
    refused_tables: frozenset[str] = frozenset()
    unmapped: Unmapped = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    """Notes of what came in and may be wrong: a night with one of them is partial."""


@dataclass(frozen=True)
class Ingested:
    """What came of every source, in their order, and of the rows of each table."""

    sources: tuple[TakenSource, ...]
    tables: tuple[NightTable, ...]
    too_old: tuple[str, ...] = ()
    """Notes of rows that were read, but are older than is kept."""
    missing: Missing = field(default_factory=Missing)
    by_source: Mapping[str, tuple[NightTable, ...]] = field(default_factory=dict)
    """Rows per table of each of the landlord's sources that gave any."""
    repeated: tuple[str, ...] = ()
    """Notes of references that came more than once in one file."""
    repeated_doubts: tuple[str, ...] = ()
    changes: tuple[SourceChange, ...] = ()
    differing: tuple[str, ...] = ()
    """Notes of values in which sources do not agree."""

    @property
    def statuses(self) -> dict[str, NightSource]:
        return {source.status.source: source.status for source in self.sources}

    @property
    def is_whole(self) -> bool:
        """True when every source gave what it has, most of it came in and none is in doubt."""
        is_short = self.doubts or self.missing.losses
        return not is_short and all(source.status.status in FINE for source in self.sources)

    @property
    def doubts(self) -> tuple[str, ...]:
        return (
            *(doubt for source in self.sources for doubt in source.doubts),
            *self.repeated_doubts,
            *change_notes([found for found in self.changes if found.change in ROWS_GONE]),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        return (
            *self.missing.notes,
            *notes_of(self.sources),
            *change_notes(self.changes),
            *self.differing,
            *self.too_old,
            *self.repeated,
        )

    @property
    def absent_columns(self) -> tuple[str, ...]:
        return tuple(columns for source in self.sources for columns in source.absent_columns)

    @property
    def refused_tables(self) -> frozenset[str]:
        return frozenset[str]().union(*(source.refused_tables for source in self.sources))

    @property
    def unmapped(self) -> Unmapped:
        return {place: codes for one in self.sources for place, codes in one.unmapped.items()}


def notes_of(sources: Iterable[TakenSource]) -> tuple[str, ...]:
    """What there is to say of the sources, in their order."""
    return tuple(note for source in sources for note in source.notes)


def taken_source(
    name: str, read: Sequence[tuple[Extract, Staged]], refused: Sequence[Refusal]
) -> TakenSource:
    unmapped: dict[tuple[str, str], dict[str, int]] = {}
    notes: list[str] = []
    for extract, staged in read:
        notes += _notes_of_extract(name, extract, staged)
        for column, codes in extract.unmapped.items():
            known = unmapped.setdefault((name, column), {})
            known |= {code: known.get(code, 0) + rows for code, rows in codes.items()}
    return TakenSource(
        status=_status(name, bool(read), refused),
        staged=tuple(staged for _, staged in read),
        notes=(*notes, *(f"source {name}, {_in_words(refusal)}" for refusal in refused)),
        absent_columns=tuple(
            f"source {name}, {extract.name}: without {', '.join(extract.absent_columns)}"
            for extract, _ in read
            if extract.absent_columns
        ),
        refused_tables=frozenset(
            (
                *(refusal.table for refusal in refused),
                *(e.table for e, _ in read if e.doubts or e.shortfalls),
            )
        ),
        unmapped=unmapped,
        doubts=tuple(
            f"source {name}, {extract.name}: {words}"
            for extract, staged in read
            for words in (*extract.doubts, *extract.shortfalls, *_lost_partners(extract, staged))
        ),
    )


def _lost_partners(extract: Extract, staged: Staged) -> Iterator[str]:
    """Rows that found no partner: more than now and then, or where its file could not be split."""
    alone = sum(n for why, n in extract.left_out.items() if why.startswith(NO_PARTNER))
    unsplit = sum(extract.lost_in_joins.values())
    rows = staged.read + sum(extract.left_out.values())
    if alone and (unsplit or (rows >= FEWEST_ROWS and alone > MOST_ALONE * rows)):
        yield (
            f"{alone} of {rows} rows have no partner in a joined file, so they do not come in"
            f"{f', and {unsplit} rows of that file could not be split' if unsplit else ''}: have "
            "it sent again"
        )


def _notes_of_extract(name: str, extract: Extract, staged: Staged) -> Iterator[str]:
    told = (*extract.doubts, *extract.shortfalls, *_lost_partners(extract, staged), *extract.notes)
    for note in told:
        yield f"source {name}, {extract.name}: {note}"
    for reason, rows in sorted(extract.left_out.items()):
        yield f"source {name}: {rows} rows left out by the mapping ({reason})"
    for join, rows in sorted(extract.lost_in_joins.items()):
        yield f"source {name}: {rows} rows of {join} could not be split"
    for column, codes in sorted(extract.unmapped.items()):
        number = f"more than {len(codes) - 1}" if RARER_CODES in codes else len(codes)
        yield (
            f"source {name}: {number} codes of {column} are not mapped "
            f"({sum(codes.values())} rows); redflags check lists them"
        )


def _status(name: str, has_rows: bool, refused: Sequence[Refusal]) -> NightSource:
    if refused:
        words = "; ".join(_in_words(refusal) for refusal in refused)
        absent = all(isinstance(refusal.error, SourceAbsent) for refusal in refused)
        status = SourceStatus.ABSENT if absent else SourceStatus.REFUSED
        return NightSource(name, status, refused[0].error.code, words)
    return NightSource(name, SourceStatus.TAKEN if has_rows else SourceStatus.ALREADY_TAKEN)


def _in_words(refusal: Refusal) -> str:
    return f"{refusal.name}: {refusal.error}"
