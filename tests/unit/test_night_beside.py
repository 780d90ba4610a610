"""What a night does beside its own work may fail: the night goes on, says so, and is partial."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from redflags.domain.night import NightOutcome
from redflags.domain.queue_state import Standing
from redflags.errors import StoreBusy, StoreUnusable
from redflags.services.intake.ingested import Ingested
from redflags.services.night.best_effort import noting_failure
from redflags.services.night.night import Night
from redflags.services.night.night_results import NightResults
from redflags.services.night.notify_people import Notified
from redflags.services.night.queue_night import Queued
from redflags.services.night.score_night import Scored

AS_OF = date(2026, 11, 4)
NOW = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)


@dataclass
class RunLog:
    """The part of the queue store that the end of a night writes to; `gone` when it is broken."""

    standing_now: Standing = field(default_factory=Standing)
    gone: Exception | None = None
    outcomes: list[NightOutcome] = field(default_factory=list)

    def record_stage(self, _run_id: str, _stage: str, _seconds: float) -> None:
        if self.gone is not None:
            raise self.gone

    def touch(self, _run_id: str, _now: datetime) -> None:
        return None

    def finish_night(self, _run_id: str, outcome: NightOutcome, *_more: object) -> None:
        if self.gone is not None:
            raise self.gone
        self.outcomes.append(outcome)


def failing(error: Exception) -> Callable[..., Any]:
    def fail(*_arguments: object) -> None:
        raise error

    return fail


def a_night(
    log: RunLog,
    remind: Callable[..., Any] = lambda _now: 0,
    monitor: Callable[..., Any] = lambda _detection, _as_of: [],
    delivered: list[datetime] | None = None,
) -> Night:
    """A night that has notified, and whose sources and model were all there."""

    def deliver(now: datetime) -> Any:
        (delivered if delivered is not None else []).append(now)
        return SimpleNamespace(sent=1, waiting=0)

    given: Any = SimpleNamespace(
        queue=log,
        remind=remind,
        standing=lambda _now: log.standing_now,
        deliver=deliver,
        monitor=monitor,
        now=lambda: NOW,
        heartbeat=SimpleNamespace(success=lambda: None),
        ruleset=SimpleNamespace(hash="r"),
        signals_hash="s",
        canary_patch="canary",
    )
    detection: Any = SimpleNamespace(count_people=lambda _patch: (0, 0), model_version="")
    results = NightResults(
        ingested=Ingested((), ()),
        scored=Scored(detection),
        queued=Queued(canary_raised=True),
        notified=Notified(),
    )
    return Night(given, results)


def test_a_night_in_which_nothing_fails_is_done() -> None:
    log = RunLog()
    night = a_night(log)
    night.notify("run", AS_OF)
    assert night.finish("run", AS_OF).notes == ()
    assert log.outcomes == [NightOutcome.DONE]


@pytest.mark.parametrize("error", [ValueError("T0007"), StoreUnusable("gone"), StoreBusy("T0007")])
def test_watching_that_fails_is_a_note_by_type_and_the_night_partial(error: Exception) -> None:
    log = RunLog()
    summary = a_night(log, monitor=failing(error)).finish("run", AS_OF)
    (note,) = summary.notes
    assert note.startswith("monitoring: the night could not be compared with others")
    assert note.endswith(f"({type(error).__name__})")
    assert summary.outcome is NightOutcome.PARTIAL
    assert log.outcomes == [NightOutcome.PARTIAL]


def test_reminding_that_fails_keeps_no_message_from_being_delivered() -> None:
    log, delivered = RunLog(), list[datetime]()
    night = a_night(log, remind=failing(KeyError("T0007")), delivered=delivered)
    night.notify("run", AS_OF)
    assert delivered == [NOW]
    summary = night.finish("run", AS_OF)
    (note,) = summary.notes
    assert note.startswith("reminders could not be written; ")
    assert note.endswith("(KeyError)")
    assert summary.outcome is NightOutcome.PARTIAL


def test_a_database_that_is_broken_altogether_still_ends_the_night() -> None:
    gone = StoreUnusable("the operational database did not do what was asked")
    night = a_night(RunLog(gone=gone), remind=failing(gone), monitor=failing(gone))
    with pytest.raises(StoreUnusable):
        night.notify("run", AS_OF)
    with pytest.raises(StoreUnusable):
        night.finish("run", AS_OF)


def test_alerts_that_nobody_may_see_are_a_note_of_the_night() -> None:
    night = a_night(RunLog(Standing(open=5, unseen=1)))
    night.notify("run", AS_OF)
    summary = night.finish("run", AS_OF)
    assert [note[:36] for note in summary.notes] == ["NOBODY CAN BE TOLD of 1 open alerts:"]
    assert summary.outcome is NightOutcome.DONE


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_who_stops_the_night_stops_what_is_beside_it_too(ending: type[BaseException]) -> None:
    with pytest.raises(ending), noting_failure([], "not done"):
        raise ending
