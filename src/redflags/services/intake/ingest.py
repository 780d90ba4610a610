"""Takes sources in: each one read and checked on its own, then all written at once, in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from redflags.analysis.extracts import Extract, Merged, Refusal, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.configuration.intake_settings import IntakeSettings
from redflags.domain.configured_source import OUR_OWN, ConfiguredSource
from redflags.domain.night import NightSource, NightTable, SourceStatus
from redflags.errors import SourceAbsent, SourceError, SourceRefused
from redflags.services.intake.file_arrivals import Arrivals
from redflags.services.intake.ingested import Ingested, TakenSource, taken_source
from redflags.services.intake.missing_rows import find_missing
from redflags.services.intake.source_guard import guarded, refused_if_it_breaks
from redflags.services.intake.source_notes import contradiction_notes
from redflags.services.night.night_summary import added_up
from redflags.services.ports import Records, Source


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
        taken = taken_source(name, read, refused)
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
