"""Taking sources in: each on its own, the canary among them, all written at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest

from builders.records import KEY, TODAY, Landlord, days_ago, extract, landlord, repair, small_policy
from redflags.adapters.records import CANARY_PATCH
from redflags.adapters.secrets import Pseudonymiser
from redflags.adapters.sources.canary_household import REF, CanarySource
from redflags.adapters.sources.canonical_source import canonical_source
from redflags.analysis.extracts import Extract, Refusal
from redflags.analysis.reading.classification import VOCABULARY, Classifier
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.signals import load_signalset
from redflags.domain.night import SourceStatus
from redflags.errors import SourceAbsent, SourceError, SourceRefused, SourceUnavailable
from redflags.services.intake.ingest import Intake, take_everything

CONFIG = Path(__file__).parents[2] / "config"


@dataclass
class FakeSource:
    """A source made by hand: it gives what it is told to."""

    name: str
    gives: Callable[[], Iterator[object]]
    tables: tuple[str, ...] = field(default=("repairs",))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[object]:
        return self.gives()


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def _intake(home: Landlord, *sources: object) -> Intake:
    return Intake(home.records, sources, Pseudonymiser(KEY).pseudonym)  # type: ignore[arg-type]


def _repairs(*refs: str, fingerprint: str = "") -> Extract:
    return extract("repairs", [repair(ref, days_ago(3)) for ref in refs], fingerprint=fingerprint)


def _broken_off(error: SourceError) -> Extract:
    """A file that gives one row and then breaks off."""

    def rows() -> Iterator[pa.RecordBatch]:
        yield from _repairs("LOST").rows
        failures.append(error)
        raise error

    failures: list[SourceError] = []
    schema = _repairs("LOST").rows.schema
    reader = pa.RecordBatchReader.from_batches(schema, rows())
    return Extract("repairs", "fake", "broken.csv", "print", reader, failures=failures)


def _refusing() -> Iterator[object]:
    yield _repairs("W1")
    yield Refusal("repairs", "bad.csv", SourceRefused("expected column raised_at; it is missing"))
    yield _repairs("W2")


def test_a_refused_file_leaves_the_sources_other_files_standing(home: Landlord) -> None:
    intake = _intake(home, FakeSource("fake", _refusing))

    ingested = take_everything(intake, small_policy(), TODAY, "signals")

    (table,) = ingested.tables
    assert (table.table, table.read, table.accepted) == ("repairs", 2, 2)
    assert ingested.statuses["fake"].status is SourceStatus.REFUSED
    assert not ingested.is_whole
    assert any("bad.csv" in note and "raised_at" in note for note in ingested.notes)
    assert ingested.refused_tables == {"repairs"}


def test_a_file_that_breaks_off_is_refused_and_none_of_it_is_stored(home: Landlord) -> None:
    def gives() -> Iterator[object]:
        yield _repairs("W1")
        yield _broken_off(SourceRefused("expected a finished file; it changed"))
        yield _repairs("W2")

    intake = _intake(home, FakeSource("fake", gives))

    ingested = take_everything(intake, small_policy(), TODAY, "signals")

    (table,) = ingested.tables
    assert (table.read, table.accepted) == (2, 2)
    assert not home.records.is_taken("print")
    assert ingested.statuses["fake"].message == "broken.csv: expected a finished file; it changed"


def test_a_server_that_goes_away_is_left_for_a_later_try(home: Landlord) -> None:
    gone = FakeSource("fake", lambda: iter([_broken_off(SourceUnavailable("no answer"))]))
    intake = _intake(home, gone)

    with pytest.raises(SourceUnavailable):
        intake.take("fake")


def test_what_was_refused_before_a_source_failed_is_known_of_it(home: Landlord) -> None:
    def gives() -> Iterator[object]:
        yield Refusal("protected", "bad.csv", SourceRefused("expected a column; it is missing"))
        raise SourceUnavailable("no answer")

    ingested = take_everything(
        _intake(home, FakeSource("fake", gives)), small_policy(), TODAY, "signals"
    )

    assert ingested.refused_tables == {"protected", "repairs"}
    assert ingested.statuses["fake"].status is SourceStatus.ABSENT


def test_an_absent_source_does_not_stop_the_others(home: Landlord) -> None:
    def absent() -> Iterator[object]:
        raise SourceAbsent("expected a folder; there is none")
        yield

    sources = FakeSource("first", absent), FakeSource("second", lambda: iter([_repairs("W1")]))
    intake = _intake(home, *sources)

    ingested = take_everything(intake, small_policy(), TODAY, "signals")

    assert [table.accepted for table in ingested.tables] == [1]
    assert ingested.statuses["first"].status is SourceStatus.ABSENT
    assert ingested.statuses["second"].status is SourceStatus.TAKEN


def test_taking_a_source_again_starts_it_afresh(home: Landlord) -> None:
    intake = _intake(home, FakeSource("fake", lambda: iter([_repairs("W1")])))
    intake.take("fake")

    (table,) = intake.write([intake.take("fake")], small_policy(), TODAY).tables

    assert (table.read, table.accepted) == (1, 1)


def test_a_file_already_taken_is_not_read_again(home: Landlord, tmp_path: Path) -> None:
    text = "work_order_ref,property_ref,raised_at\nW1,P1,2026-11-01\n"
    (tmp_path / "repairs.csv").write_text(text, encoding="utf-8")

    intake = _intake(home, canonical_source("canonical", tmp_path))
    first = take_everything(intake, small_policy(), TODAY, "signals")
    assert any("repairs.csv: without" in line for line in first.absent_columns)
    second = take_everything(intake, small_policy(), TODAY, "signals")

    assert {table.table: table.accepted for table in first.tables if table.read} == {"repairs": 1}
    assert {table.read for table in second.tables} == {0}
    assert second.statuses["canonical"].status is SourceStatus.ALREADY_TAKEN
    assert second.is_whole


def test_the_canary_arrives_and_nobody_is_told_of_its_rows(home: Landlord) -> None:
    intake = _intake(home, CanarySource(TODAY, CANARY_PATCH))

    assert take_everything(intake, small_policy(), TODAY, "signals").tables == ()
    assert home.household_refs() == [REF]
    assert list(home.count().households["patch"]) == [CANARY_PATCH]
    assert set(home.records.totals().values()) == {0}
    assert home.records.codes().empty
    coverage = home.count().coverage
    assert (coverage.first_day, coverage.unlinked) == ({}, {})
    assert not coverage.has_tenancies
    assert not coverage.has_properties


def test_beside_the_canary_only_the_landlords_own_rows_are_told_of(home: Landlord) -> None:
    sources = FakeSource("fake", lambda: iter([_repairs("W1", "W2")])), CanarySource(TODAY, "C")

    take_everything(_intake(home, *sources), small_policy(), TODAY, "signals")

    assert home.records.totals()["repairs"] == 2
    assert list(home.records.codes()["n"]) == [2]
    assert home.count().coverage.first_day == {"repairs": days_ago(3)}
    assert home.count().coverage.unlinked == {}  # nobody knows any home


def test_the_canary_moves_along_with_the_night(home: Landlord) -> None:
    nights = [TODAY, days_ago(-200), days_ago(-400)]
    seen = []
    for night in nights:
        take_everything(
            _intake(home, CanarySource(night, "C")), small_policy(night), night, "signals"
        )
        seen.append(home.counts(REF, as_of=night))

    assert seen[0]["lock_change"] == 3
    assert seen == [seen[0]] * 3


def test_the_shipped_signals_find_locks_doors_and_a_partner_in_the_canary(home: Landlord) -> None:
    classifier = Classifier(load_signalset(CONFIG / "signals.toml", VOCABULARY))
    policy = small_policy(classify=classifier.classify)

    take_everything(_intake(home, CanarySource(TODAY, "C")), policy, TODAY, "signals")

    found = home.counts(REF)
    assert found["lock_change"] == found["tell:lock_change"] == 3
    assert found["repair_count"] == 3
    assert sum(n for stream, n in found.items() if stream.endswith("_damage")) >= 3
    assert {stream.removeprefix("tell:") for stream in found} <= set(COUNTED_SIGNALS)
