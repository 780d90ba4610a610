"""Replayed nights and labels with only the fields a test cares about."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from builders.detection import AS_OF, queue_settings
from redflags.analysis.replay.backtest_measures import Episode, Labels
from redflags.analysis.replay.simulated_queue import ReplayedAlert, ReplayedNight, SimulatedQueue
from redflags.domain.alert import Priority

WEEK = timedelta(days=7)


def week(number: int) -> date:
    return AS_OF + number * WEEK


def simulated_queue(
    capacity: int = 10, review_after_days: int = 7, labels: Labels | None = None
) -> SimulatedQueue:
    has_need = labels.is_active if labels else (lambda _ref, _day: False)
    return SimulatedQueue(queue_settings(capacity), timedelta(days=review_after_days), has_need)


def labelled(*episodes: tuple[str, int, int | None]) -> Labels:
    """Episodes as (household, first week, last week or None while it goes on)."""
    return Labels(
        [
            Episode(ref, week(first), None if last is None else week(last))
            for ref, first, last in episodes
        ]
    )


def an_alert_about(household: str, number: int = 0, *rules: str, rank: int = 1) -> ReplayedAlert:
    spoken = rules or ("locks",)
    sentences = tuple(f"{rule} spoke." for rule in spoken)
    return ReplayedAlert(household, week(number), rank, 1.0, Priority.SOON, spoken, sentences)


def a_night(
    number: int,
    raised: Iterable[ReplayedAlert] = (),
    flagged: Mapping[str, tuple[str, ...]] | None = None,
) -> ReplayedNight:
    raised = tuple(raised)
    return ReplayedNight(
        as_of=week(number),
        raised=raised,
        flagged=flagged if flagged is not None else {a.household: a.rules for a in raised},
        updated=0,
        open=len(raised),
        waiting=0,
    )
