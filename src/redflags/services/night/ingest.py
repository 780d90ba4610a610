"""Takes sources in: each one read and checked on its own, then all written at once, in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from redflags.analysis.extracts import RARER_CODES, Extract, Merged, Refusal, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.analysis.monitoring.intake_judgement import FileIntake
from redflags.configuration.intake_settings import IntakeSettings
from redflags.domain.configured_source import OUR_OWN, Change, ConfiguredSource, SourceChange
from redflags.domain.night import NightSource, NightTable, SourceStatus
from redflags.errors import SourceAbsent, SourceError, SourceRefused
from redflags.services.night.file_arrivals import Arrivals
from redflags.services.night.missing_rows import Missing, find_missing
from redflags.services.night.night_summary import added_up
from redflags.services.night.source_guard import guarded, refused_if_it_breaks
from redflags.services.night.source_notes import change_notes, contradiction_notes
from redflags.services.ports import Records, Source

ROWS_GONE = (Change.DROPPED, Change.REPLACED_BY_NEW_MAPPING, Change.LEFT_BY_NEW_MAPPING)
"""Changes by which rows went, or may be there twice: told once, and never with exit 0."""
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


@dataclass(frozen=True)
class Intake:
    """The way in for one day.

    Args:
        records: where rows go.
        sources: every one there is, in the order in which they are written and believed; what is
            stored of others is undone.
        pseudonym: for the references of problem rows.
        mapped: what mapping files say of rows and references, by name of the source.
        settings: how much may be missing; without them, nothing is said of it.
    """

    records: Records
    sources: tuple[Source, ...]
    pseudonym: Callable[[str], str]
    mapped: Mapping[str, ConfiguredSource] = field(default_factory=dict)
    settings: IntakeSettings | None = None

    def source_names(self) -> tuple[str, ...]:
        return tuple(source.name for source in self.sources)

    def take(self, name: str) -> TakenSource:
        """Read one source to its end; nothing is written yet.

        Raises:
            SourceError: nothing of it can be used. A file that is refused does not raise; the
                source is then marked as refused and its other files are kept.
        """
        source = next(source for source in self.sources if source.name == name)
        read: list[tuple[Extract, Staged]] = []
        refused: list[Refusal] = []
        arrivals = Arrivals()
        try:
            for one in self._results(source, arrivals):
                if isinstance(one, Refusal):
                    refused.append(one)
                else:
                    read.append(one)
        except SourceError as error:
            unread = () if error.code == SourceAbsent.code else source.tables
            error.refused_tables = frozenset((*unread, *(refusal.table for refusal in refused)))
            raise
        taken = _taken(name, read, refused)
        return replace(taken, files=arrivals.files(read), came=arrivals.tables)

    def _results(
        self, source: Source, arrivals: Arrivals
    ) -> Iterator[tuple[Extract, Staged] | Refusal]:
        """Each file or query, staged or refused; what was taken before is passed over."""
        is_taken = partial(self.records.is_taken, source=source.name)
        for result in arrivals.watched(guarded(source.extracts(is_taken))):
            if isinstance(result, Refusal):
                yield result
            elif isinstance(result, Extract):
                try:
                    with refused_if_it_breaks():
                        staged = self.records.stage(result)
                except SourceRefused as error:
                    yield Refusal(result.table, result.name, error)
                else:
                    yield result, staged

    def write(self, taken: Sequence[TakenSource], policy: IngestPolicy, as_of: date) -> Ingested:
        """Write what every source gave, all or nothing, in the order of the sources."""
        place = {name: number for number, name in enumerate(self.source_names())}
        sources = sorted(taken, key=lambda one: place[one.status.source])
        theirs = (one for one in sources if one.status.source not in OUR_OWN)
        files = [file for source in theirs for file in source.files]
        missing = find_missing(files, self.settings, self.records, policy.records_since)
        staged = missing.to_be_read_again(part for source in sources for part in source.staged)
        merged = self.records.merge(staged, policy, self.pseudonym, as_of, self._configured())
        written = list(zip(staged, merged, strict=True))
        return Ingested(
            tuple(sources),
            self._tables(written),
            _too_old(written),
            missing,
            _by_source(written),
            _repeated_notes(written),
            _repeated_doubts(written),
            tuple(self.records.source_changes(as_of)),
            self._differing(),
        )

    def _configured(self) -> list[ConfiguredSource]:
        """Every source with all tables it may give, mapped or as they are in the contract."""
        return [
            replace(said, tables={**dict.fromkeys(source.tables, ""), **said.tables})
            for source in self.sources
            for said in [self.mapped.get(source.name, ConfiguredSource(source.name, {}))]
        ]

    def _differing(self) -> tuple[str, ...]:
        records = self.records
        return tuple(contradiction_notes(records.contradictions(), records.source_order()))

    def _tables(self, written: Sequence[tuple[Staged, Merged]]) -> tuple[NightTable, ...]:
        """Rows per table the landlord's sources can give."""
        theirs = (source for source in self.sources if source.name not in OUR_OWN)
        possible = {table for source in theirs for table in source.tables}
        return added_up(
            [
                *(NightTable(table, 0, 0, 0, 0) for table in possible),
                *(_rows(merged) for staged, merged in written if staged.source not in OUR_OWN),
            ]
        )


def failed(name: str, error: SourceError) -> TakenSource:
    """A source that could not be taken; the night goes on without it."""
    absent = isinstance(error, SourceAbsent)
    status = SourceStatus.ABSENT if absent else SourceStatus.REFUSED
    words = str(error)
    note = words if words.startswith(f"source {name}") else f"source {name}: {words}"
    return TakenSource(
        NightSource(name, status, error.code, words),
        notes=(note,),
        refused_tables=error.refused_tables,
    )


def take_everything(
    intake: Intake, policy: IngestPolicy, as_of: date, signals_hash: str
) -> Ingested:
    """Take every source, one after the other, and write what they gave."""
    taken = [_taken_or_failed(intake, name) for name in intake.source_names()]
    intake.records.reclassify(policy, signals_hash)
    return intake.write(taken, policy, as_of)


def _taken_or_failed(intake: Intake, name: str) -> TakenSource:
    try:
        return intake.take(name)
    except SourceError as error:
        return failed(name, error)


def _taken(
    name: str, read: Sequence[tuple[Extract, Staged]], refused: Sequence[Refusal]
) -> TakenSource:
    unmapped: dict[tuple[str, str], dict[str, int]] = {}
    notes: list[str] = []
    for extract, _ in read:
        notes += _notes_of_extract(name, extract)
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
            for extract, _ in read
            for words in (*extract.doubts, *extract.shortfalls)
        ),
    )


def _notes_of_extract(name: str, extract: Extract) -> Iterator[str]:
    for note in (*extract.doubts, *extract.shortfalls, *extract.notes):
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


def _by_source(
    written: Sequence[tuple[Staged, Merged]],
) -> dict[str, tuple[NightTable, ...]]:
    names = dict.fromkeys(staged.source for staged, _ in written if staged.source not in OUR_OWN)
    return {
        name: added_up(_rows(merged) for staged, merged in written if staged.source == name)
        for name in names
    }


def _rows(merged: Merged) -> NightTable:
    return NightTable(
        merged.table, merged.read, merged.accepted, merged.quarantined, merged.replaced
    )


def _too_old(written: Iterable[tuple[Staged, Merged]]) -> tuple[str, ...]:
    return tuple(
        f"source {staged.source}: {merged.too_old} rows of {merged.table} are older than "
        "retention.record_days and were read, but not kept"
        for staged, merged in written
        if merged.too_old
    )


def _repeated_notes(written: Iterable[tuple[Staged, Merged]]) -> tuple[str, ...]:
    """Doubts first: what each file's repeated references were made of."""
    return tuple(
        f"source {staged.source}: {sentence}"
        for staged, merged in written
        if merged.repeated
        for sentence in dict.fromkeys(
            filter(None, (merged.repeated.doubt(merged.table), merged.repeated.note(merged.table)))
        )
    )


def _repeated_doubts(written: Iterable[tuple[Staged, Merged]]) -> tuple[str, ...]:
    return tuple(
        f"source {staged.source}: {doubt}"
        for staged, merged in written
        if merged.repeated and (doubt := merged.repeated.doubt(merged.table))
    )
