"""The jobs of a history and what became of each: urgency, outcome, price, where it was booked."""

from dataclasses import dataclass

import numpy as np

from redflags.simulation.codes import (
    CANCELLED_SPELLINGS,
    COMPLETE_SPELLINGS,
    MAJOR_WORKS_GBP,
    NO_ACCESS_SPELLINGS,
    OPEN_SPELLINGS,
    TRADES,
)
from redflags.simulation.events import Events
from redflags.simulation.formats import clock_seconds, picked
from redflags.simulation.history import History
from redflags.simulation.process import Process, Recording, Turnover
from redflags.simulation.span import Flags, Floats, Ints
from redflags.simulation.streams import stream
from redflags.simulation.text import Texts
from redflags.simulation.vocabulary import NOT_REPAIRS, Topic

MEAN_DAYS = (0.25, 4.0, 18.0)
"""Mean time from call to completion of emergencies, urgent and routine jobs."""
SHORTEST_DAYS = 0.02
URGENT_SHARE = 0.35
NO_ACCESS_VISITS = 0.8
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Jobs:
    """One value per job, in order of time; seconds count from the first midnight of the span.

    `urgency` is 0 emergency, 1 urgent, 2 routine. A job that is not done has no completion and no
    cost. `in_repairs` and `in_lock_changes` tell which tables have it.
    """

    events: Events
    urgency: Ints
    raised: Ints
    completed: Ints
    is_done: Flags
    status: Texts
    cost_gbp: Floats
    in_repairs: Flags
    in_lock_changes: Flags


def jobs_of(history: History) -> Jobs:
    """What became of every event that is a job."""
    process, rng = history.character.process, stream(history.seed, "jobs")
    events = history.events.only(~np.isin(history.events.topic, NOT_REPAIRS))
    urgency = _urgency(events.topic, rng)
    raised = clock_seconds(events.day)
    wait_days = SHORTEST_DAYS + rng.exponential(np.array(MEAN_DAYS)[urgency])
    completed = clock_seconds(events.day + wait_days)
    fate = _fates(events.topic, process.recording, rng)
    is_open = (fate == 0) & (completed >= history.span.days * DAY_SECONDS)
    is_done = (fate == 0) & ~is_open
    in_repairs, in_lock_changes = _booked(events.topic, is_done, process.recording, rng)
    return Jobs(
        events=events,
        urgency=urgency,
        raised=raised,
        completed=completed,
        is_done=is_done,
        status=_statuses(events.day / history.span.days, fate, is_open, rng),
        cost_gbp=_prices(events.topic, process, rng),
        in_repairs=in_repairs,
        in_lock_changes=in_lock_changes,
    )


def _urgency(topic: Ints, rng: np.random.Generator) -> Ints:
    emergency_share = _per_topic("emergency_share")[topic]
    urgent = np.where(rng.random(len(topic)) < URGENT_SHARE, 1, 2)
    return np.where(rng.random(len(topic)) < emergency_share, 0, urgent)


def _fates(topic: Ints, recording: Recording, rng: np.random.Generator) -> Ints:
    """0 carried out (or to be), 1 cancelled, 2 nobody let them in."""
    no_access = np.where(topic == Topic.VISIT, NO_ACCESS_VISITS, recording.no_access_share)
    chance = rng.random(len(topic))
    cancelled = chance > 1 - recording.cancelled_share
    return np.where(chance < no_access, 2, np.where(cancelled, 1, 0))


def _booked(
    topic: Ints, is_done: Flags, recording: Recording, rng: np.random.Generator
) -> tuple[Flags, Flags]:
    """Which jobs are in repairs, which in lock changes. Only finished lock jobs can be in both."""
    chance = rng.random(len(topic))
    only_in_repairs = chance < recording.lock_only_in_repairs_share
    in_both = chance > 1 - recording.lock_in_both_share
    locks = (topic == Topic.LOCK) & is_done
    return ~locks | only_in_repairs | in_both, locks & ~only_in_repairs


def _statuses(progress: Floats, fate: Ints, is_open: Flags, rng: np.random.Generator) -> Texts:
    """Statuses as they were spelled at the time: `progress` is the share of the span gone by."""
    era = np.minimum((progress * len(COMPLETE_SPELLINGS)).astype(np.int64), 2)
    status = np.empty(len(fate), dtype=object)
    for number, spellings in enumerate(COMPLETE_SPELLINGS):
        _spell(status, (era == number) & (fate == 0) & ~is_open, spellings, rng)
    _spell(status, is_open, OPEN_SPELLINGS, rng)
    _spell(status, fate == 1, CANCELLED_SPELLINGS, rng)
    _spell(status, fate == 2, NO_ACCESS_SPELLINGS, rng)
    return status


def _spell(status: Texts, which: Flags, spellings: str, rng: np.random.Generator) -> None:
    status[which] = picked(spellings, int(which.sum()), rng)


def _prices(topic: Ints, process: Process, rng: np.random.Generator) -> Floats:
    """Log-normal, by trade, cut off at the trade's largest job; a few empty homes cost far more."""
    price = _per_topic("median_gbp")[topic] * np.exp(
        _per_topic("log_spread")[topic] * rng.standard_normal(len(topic))
    )
    price = np.minimum(price, _per_topic("largest_gbp")[topic])
    major = (topic == Topic.VOID_WORKS) & (
        rng.random(len(topic)) < _major_share_of_jobs(process.turnover)
    )
    return np.where(major, rng.uniform(*MAJOR_WORKS_GBP, len(topic)), price)


def _major_share_of_jobs(turnover: Turnover) -> float:
    return turnover.major_works_share / turnover.works_per_void


def _per_topic(quality: str) -> Floats:
    """One quality of the trades, by number of topic; zero for topics that are no jobs."""
    values = np.zeros(len(Topic))
    for topic, trade in TRADES.items():
        values[topic] = getattr(trade, quality)
    return values
