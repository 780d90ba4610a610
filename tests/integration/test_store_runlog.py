"""The run log on SQLite and PostgreSQL: what a night says about itself, and the ones that died."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from builders.store import AS_OF, NOW
from redflags.adapters.store import QueueStore
from redflags.domain.kept_records import CollapseAccepted, GoodNight, KeptRecords, KeptTable
from redflags.domain.night import Night, NightOutcome, NightSource, NightTable, SourceStatus

HOUR = timedelta(hours=1)


def begin(
    store: QueueStore, run_id: str = "run-1", as_of: date = AS_OF, now: datetime = NOW
) -> bool:
    return store.begin_night(as_of, run_id, now, "rules-1", "signals-1")


def test_before_the_first_night_there_is_none(store: QueueStore) -> None:
    assert store.last_night() is None
    assert store.nights(AS_OF) == []


def test_a_night_comes_back_as_it_was_told(store: QueueStore) -> None:
    begin(store)
    taken = NightSource("canonical", SourceStatus.TAKEN)
    absent = NightSource("noise", SourceStatus.ABSENT, "source_absent", "no such folder")
    store.record_source("run-1", absent)
    store.record_source("run-1", taken)
    repairs, asb = NightTable("repairs", 10, 7, 1, 2), NightTable("asb", 0, 0, 0, 0)
    store.record_tables("run-1", [repairs, asb])
    store.record_stage("run-1", "score", 1.5)
    summary = {"alerts": {"raised": 3, "updated": 0, "open": 12}}
    store.finish_night("run-1", NightOutcome.PARTIAL, NOW + HOUR, summary, "one absent", "model-2")
    assert store.last_night() == Night(
        "run-1",
        AS_OF,
        NightOutcome.PARTIAL,
        started_at_utc=NOW,
        last_seen_at_utc=NOW + HOUR,
        finished_at_utc=NOW + HOUR,
        ruleset_hash="rules-1",
        signals_hash="signals-1",
        model_version="model-2",
        reason="one absent",
        counts=summary,
        sources=(taken, absent),
        tables=(asb, repairs),
        stages={"score": 1.5},
    )


def test_what_is_said_again_replaces_what_was_said(store: QueueStore) -> None:
    begin(store)
    for status, read in ((SourceStatus.REFUSED, 1), (SourceStatus.TAKEN, 2)):
        store.record_source("run-1", NightSource("canonical", status))
        store.record_tables("run-1", [NightTable("repairs", read, read, 0, 0)])
        store.record_stage("run-1", "store", float(read))
    night = store.last_night()
    assert night is not None
    assert night.sources == (NightSource("canonical", SourceStatus.TAKEN),)
    assert night.tables == (NightTable("repairs", 2, 2, 0, 0),)
    assert night.stages == {"store": 2.0}


def test_rows_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="10 read and 9 accounted for"):
        NightTable("repairs", 10, 7, 1, 1)


def test_a_run_started_again_runs_again_and_keeps_its_start(store: QueueStore) -> None:
    assert begin(store)
    store.finish_night("run-1", NightOutcome.FAILED, NOW, {}, "the disk was full")
    assert not begin(store, now=NOW + HOUR)
    night = store.last_night()
    assert night is not None
    assert (night.outcome, night.reason, night.finished_at_utc) == (NightOutcome.RUNNING, "", None)
    assert (night.started_at_utc, night.last_seen_at_utc) == (NOW, NOW + HOUR)


def test_the_last_night_is_the_one_begun_last(store: QueueStore) -> None:
    begin(store, "today")
    begin(store, "today-again", now=NOW + HOUR)
    begin(store, "back-then", as_of=AS_OF - timedelta(days=9), now=NOW + 2 * HOUR)
    night = store.last_night()
    assert night is not None
    assert night.run_id == "back-then"
    assert [night.run_id for night in store.nights(AS_OF)] == ["today", "today-again"]
    assert len(store.nights(AS_OF - timedelta(days=9))) == 3


def test_a_silent_run_is_abandoned_and_a_live_or_finished_one_is_not(store: QueueStore) -> None:
    for run_id in ("silent", "touched", "finished", "exactly"):
        begin(store, run_id)
    store.touch("touched", NOW + 2 * HOUR)
    store.finish_night("finished", NightOutcome.DONE, NOW, {})
    store.touch("exactly", NOW + HOUR)
    assert store.sweep_abandoned(NOW + 3 * HOUR, older_than=2 * HOUR) == ["silent"]
    outcomes = {night.run_id: night.outcome for night in store.nights(AS_OF)}
    assert outcomes == {
        "silent": NightOutcome.ABANDONED,
        "touched": NightOutcome.RUNNING,
        "finished": NightOutcome.DONE,
        "exactly": NightOutcome.RUNNING,
    }
    assert store.sweep_abandoned(NOW + 3 * HOUR, older_than=2 * HOUR) == []


def test_a_run_thought_dead_may_still_finish(store: QueueStore) -> None:
    begin(store)
    store.sweep_abandoned(NOW + 3 * HOUR, older_than=HOUR)
    store.finish_night("run-1", NightOutcome.DONE, NOW + 4 * HOUR, {})
    night = store.last_night()
    assert night is not None
    assert (night.outcome, night.reason) == (NightOutcome.DONE, "")


@pytest.mark.parametrize("tell", ["touch", "finish"])
def test_a_run_that_never_began_is_unknown(store: QueueStore, tell: str) -> None:
    with pytest.raises(LookupError, match="begin it first"):
        if tell == "touch":
            store.touch("run-9", NOW)
        else:
            store.finish_night("run-9", NightOutcome.DONE, NOW, {})
    assert store.audit_head().entries == 0


def test_moments_come_back_in_utc_whatever_zone_they_came_in(store: QueueStore) -> None:
    begin(store, now=NOW.astimezone(timezone(timedelta(hours=5))))
    night = store.last_night()
    assert night is not None
    assert night.started_at_utc == NOW
    assert night.started_at_utc.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(store: QueueStore) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        begin(store, now=NOW.replace(tzinfo=None))


def finish(
    store: QueueStore, run_id: str, as_of: date, outcome: NightOutcome, **counts: object
) -> None:
    begin(store, run_id, as_of)
    store.finish_night(run_id, outcome, NOW, counts)


def test_good_nights_come_back_newest_first_with_what_they_kept(store: QueueStore) -> None:
    kept = KeptRecords(40, {"repairs": KeptTable(7, AS_OF, 3), "protected": KeptTable(1)})
    days = [AS_OF - timedelta(days=n) for n in range(4)]
    finish(store, "old", days[3], NightOutcome.DONE)
    finish(store, "one", days[2], NightOutcome.PARTIAL, kept=kept.as_json(), came=["repairs"])
    finish(store, "bad", days[1], NightOutcome.FAILED, kept=kept.as_json())
    finish(store, "to come", days[0], NightOutcome.DONE, kept=kept.as_json())

    found = store.good_nights(days[1], most=9)

    one, old = GoodNight(days[2], kept, frozenset({"repairs"})), GoodNight(days[3])
    assert found == [one, old]
    assert store.good_nights(days[1], most=1) == [one]


def test_good_nights_go_back_to_the_last_that_was_accepted(store: QueueStore) -> None:
    finish(store, "before", AS_OF - timedelta(days=2), NightOutcome.DONE)
    finish(store, "real", AS_OF - timedelta(days=1), NightOutcome.DONE, collapse_accepted={})
    finish(store, "after", AS_OF, NightOutcome.DONE)
    assert [night.is_accepted for night in store.good_nights(AS_OF, most=9)] == [False, True]


def test_accepting_a_collapse_is_in_the_run_log_and_in_the_trail(store: QueueStore) -> None:
    begin(store)
    said = ["5 households are current; there were 40"]
    store.accept_collapse("run-1", CollapseAccepted("ada", "homes were sold"), said, NOW)
    night = store.last_night()
    assert night is not None
    accepted = {"by": "ada", "reason": "homes were sold", "collapsed": said}
    assert night.counts == {"collapse_accepted": accepted}
    store.verify_audit()
    assert store.audit_head().entries == 2
    with pytest.raises(LookupError):
        store.accept_collapse("nobody", CollapseAccepted("ada", "homes were sold"), said, NOW)
    assert store.audit_head().entries == 2
