"""Takes sources in: each one read and checked on its own, then all written at once, in order."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from redflags.analysis.extracts import Extract, Refusal, Staged
from redflags.analysis.ingest_policy import IngestPolicy
from redflags.domain.night import NightSource, NightTable, SourceStatus
from redflags.errors import SourceError, SourceRefused
from redflags.services.night.night_summary import added_up
from redflags.services.ports import Records, Source

OUR_OWN = frozenset({"canary", "housing-queue"})
"""Sources that are not the landlord's, so that their rows are not counted among the rest."""


@dataclass
class Intake:
    """What one run has read so far, by source; `taken` and `refused` feed the run log.

    Args:
        records: where rows go.
        sources: in the order in which they are written.
        pseudonym: for the references of problem rows.
    """

    records: Records
    sources: tuple[Source, ...]
    pseudonym: Callable[[str], str]
    statuses: dict[str, NightSource] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unmapped: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    refused_tables: set[str] = field(default_factory=set)
    absent_columns: list[str] = field(default_factory=list)
    _staged: dict[str, list[Staged]] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def source_names(self) -> tuple[str, ...]:
        return tuple(source.name for source in self.sources)

    def take(self, name: str) -> None:
        """Read one source to its end; taking it again starts it afresh.

        Raises:
            SourceError: nothing of it can be used. A file that is refused does not raise; the
                source is then marked as refused and its other files are kept.
        """
        source = next(source for source in self.sources if source.name == name)
        staged: list[Staged] = []
        refused: list[_Refused] = []
        for outcome in source.extracts(self.records.is_taken):
            if isinstance(outcome, Refusal):
                refused.append(_Refused(outcome.name, outcome.error))
                self.refused_tables.add(outcome.table)
            elif isinstance(outcome, Extract):
                try:
                    staged.append(self.records.stage(outcome))
                except SourceRefused as error:
                    refused.append(_Refused(outcome.name, error))
                    self.refused_tables.add(outcome.table)
                else:
                    self._note(name, outcome)
                    refused += [
                        _Refused(outcome.name, SourceRefused(words)) for words in outcome.shortfalls
                    ]
        with self._turn:
            self._staged[name] = staged
            self.statuses[name] = _status(name, staged, refused)
            self.notes += [f"source {name}, {refusal}" for refusal in refused]

    def failed(self, name: str, error: SourceError) -> None:
        """Remember that a source could not be taken; the night goes on without it."""
        status = SourceStatus.ABSENT if error.code == "source_absent" else SourceStatus.REFUSED
        with self._turn:
            self._staged.pop(name, None)
            self.statuses[name] = NightSource(name, status, error.code, str(error))
            words = str(error)
            prefix = "" if words.startswith(f"source {name}") else f"source {name}: "
            self.notes.append(prefix + words)

    def _note(self, name: str, extract: Extract) -> None:
        if extract.absent_columns:
            columns = ", ".join(extract.absent_columns)
            self.absent_columns.append(f"source {name}, {extract.name}: without {columns}")
        self.notes += [f"source {name}, {extract.name}: {words}" for words in extract.notes]
        for reason, rows in sorted(extract.left_out.items()):
            self.notes.append(f"source {name}: {rows} rows left out by the mapping ({reason})")
        for join, rows in sorted(extract.lost_in_joins.items()):
            self.notes.append(f"source {name}: {rows} rows of {join} could not be split")
        for column, codes in sorted(extract.unmapped.items()):
            total = sum(codes.values())
            known = self.unmapped.setdefault((name, column), {})
            known |= {code: known.get(code, 0) + rows for code, rows in codes.items()}
            self.notes.append(
                f"source {name}: {len(codes)} codes of {column} are not mapped ({total} rows); "
                "redflags check lists them"
            )

    @property
    def is_whole(self) -> bool:
        """True when every source gave what it has."""
        fine = (SourceStatus.TAKEN, SourceStatus.ALREADY_TAKEN)
        return all(status.status in fine for status in self.statuses.values())

    def write(self, policy: IngestPolicy, as_of: date) -> tuple[NightTable, ...]:
        """Write what every source gave, in the order of the sources; rows per table."""
        staged = [part for name in self.source_names() for part in self._staged.get(name, [])]
        merged = self.records.merge(staged, policy, self.pseudonym, as_of)
        self._staged.clear()
        self.notes += [
            f"source {stage.source}: {part.too_old} rows of {part.table} are older than "
            "retention.record_days and were read, but not kept"
            for part, stage in zip(merged, staged, strict=True)
            if part.too_old
        ]
        possible = {
            table
            for source in self.sources
            if source.name not in OUR_OWN
            for table in source.tables
        }
        return added_up(
            [
                *(NightTable(table, 0, 0, 0, 0) for table in possible),
                *(
                    NightTable(
                        part.table, part.read, part.accepted, part.quarantined, part.replaced
                    )
                    for part, stage in zip(merged, staged, strict=True)
                    if stage.source not in OUR_OWN
                ),
            ]
        )


@dataclass(frozen=True, slots=True)
class _Refused:
    """One file or query that could not be used."""

    name: str
    error: SourceError

    def __str__(self) -> str:
        return f"{self.name}: {self.error}"


def _status(name: str, staged: list[Staged], refused: list[_Refused]) -> NightSource:
    if refused:
        words = "; ".join(str(refusal) for refusal in refused)
        absent = all(refusal.error.code == "source_absent" for refusal in refused)
        status = SourceStatus.ABSENT if absent else SourceStatus.REFUSED
        return NightSource(name, status, refused[0].error.code, words)
    if not staged:
        return NightSource(name, SourceStatus.ALREADY_TAKEN)
    return NightSource(name, SourceStatus.TAKEN)


def take_everything(
    intake: Intake, policy: IngestPolicy, as_of: date, signals_hash: str
) -> tuple[NightTable, ...]:
    """Take every source, one after the other, and write what they gave; rows per table."""
    for name in intake.source_names():
        try:
            intake.take(name)
        except SourceError as error:
            intake.failed(name, error)
    intake.records.reclassify(policy, signals_hash)
    return intake.write(policy, as_of)
