"""Repair orders and lock changes as tables. A job in both has its order number in both."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from redflags.simulation.codes import CODES, PROGRAMME_TOPICS, SPECIAL_CODES, TRADES
from redflags.simulation.events import NOBODY, Events
from redflags.simulation.formats import blanked, money, named, picked, refs, table, timestamps
from redflags.simulation.history import History
from redflags.simulation.jobs import Jobs
from redflags.simulation.process import Recording
from redflags.simulation.registers import property_refs
from redflags.simulation.span import Flags, Ints
from redflags.simulation.streams import stream
from redflags.simulation.text import Texts, descriptions, notes, spoken
from redflags.simulation.vocabulary import Cause, Topic, Wording
from redflags.simulation.wording.reports import LOCK_REASONS

PRIORITIES = ("E", "U", "R")
PLANNED_PRIORITY = "P"
WORK_TYPES = {
    Topic.VOID_WORKS: "void",
    Topic.SCREENS: "void",
    Topic.ADAPTATION: "adaptation",
    Topic.VISIT: "cyclical",
    Topic.COMMUNAL: "communal",
    Topic.FIRE: "other",
    **dict.fromkeys(PROGRAMME_TOPICS, "planned"),
}
"""Kinds of work that are not responsive."""


def repair_table(history: History, jobs: Jobs) -> pd.DataFrame:
    """Orders of all jobs that are in repairs, in order of time."""
    recording, rng = history.character.process.recording, stream(history.seed, "repairs")
    kept, numbers = jobs.in_repairs, _order_numbers(jobs)
    events, span = jobs.events.only(kept), history.span
    description, note = _texts(events, recording, rng)
    work_type = _work_types(history, events, rng)
    return table(
        work_order_ref=refs(numbers[kept], 9),
        property_ref=property_refs(events.home),
        raised_at=timestamps(span, jobs.raised[kept]),
        completed_at=blanked(timestamps(span, jobs.completed[kept]), ~jobs.is_done[kept]),
        status=jobs.status[kept],
        work_type=_lost(work_type, recording.work_type_missing, rng),
        priority_code=np.where(
            work_type == "responsive", named(PRIORITIES, jobs.urgency[kept]), PLANNED_PRIORITY
        ),
        trade_code=_lost(_trade_codes(events.topic, rng), recording.code_missing / 3, rng),
        sor_code=_lost(_order_codes(events, rng), recording.code_missing, rng),
        description=description,
        notes=note,
        cost_gbp=money(jobs.cost_gbp[kept], ~jobs.is_done[kept]),
    )


def lock_change_table(history: History, jobs: Jobs) -> pd.DataFrame:
    """Finished lock jobs that were booked in the register of lock changes."""
    recording, rng = history.character.process.recording, stream(history.seed, "lock changes")
    kept, numbers = jobs.in_lock_changes, _order_numbers(jobs)
    order = np.argsort(jobs.completed[kept], kind="stable")
    events = jobs.events.only(kept).only(order)
    return table(
        lock_change_ref=refs(np.arange(len(order)) + 1, 7, "LC"),
        property_ref=property_refs(events.home),
        changed_at=timestamps(history.span, jobs.completed[kept][order]),
        reason=_lost(_lock_reasons(events.wording, rng), recording.text_missing, rng),
        work_order_ref=blanked(refs(numbers[kept], 9), ~jobs.in_repairs[kept])[order],
        cost_gbp=money(jobs.cost_gbp[kept][order], np.zeros(len(order), dtype=bool)),
    )


def _order_numbers(jobs: Jobs) -> Ints:
    """Orders are numbered in the sequence in which they were raised."""
    return np.cumsum(jobs.in_repairs)


def _texts(events: Events, recording: Recording, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """Descriptions and notes; some tells stand in the notes of a job that looks plain."""
    size = len(events)
    aside = (events.wording == Wording.TELL) & (rng.random(size) < recording.tell_in_notes)
    shown = np.where(aside, Wording.PLAIN, events.wording)
    description = descriptions(events.topic, shown, recording, rng)
    note = _lost(notes(size, rng), 1 - recording.notes_share, rng)
    note[aside] = spoken(events.topic[aside], events.wording[aside], rng)
    return _lost(description, recording.text_missing, rng), note


def _work_types(history: History, events: Events, rng: np.random.Generator) -> Texts:
    kinds = [WORK_TYPES.get(topic, "responsive") for topic in Topic]
    work_type = named(kinds, events.topic)
    empty = (events.household == NOBODY) & (events.topic == Topic.LOCK)
    work_type[empty] = "void"
    work_type[events.wording == Wording.EVICTION] = "other"
    work_type[_miskeyed(history, events, rng)] = "responsive"
    return work_type


def _miskeyed(history: History, events: Events, rng: np.random.Generator) -> Flags:
    """Programmes whose contractor books every job as a responsive one."""
    cluster = history.estate.cluster
    share = history.character.process.surroundings.programme_miskeyed_share
    careless = rng.random(cluster[-1] + 1) < share
    flags: Flags = (events.cause == Cause.PLANNED) & careless[cluster[events.home]]
    return flags


def _trade_codes(topic: Ints, rng: np.random.Generator) -> Texts:
    return _one_of({topic: trade.codes for topic, trade in TRADES.items()}, topic, rng)


def _order_codes(events: Events, rng: np.random.Generator) -> Texts:
    """Codes by topic, and by topic and wording where the reason changes the code."""
    codes = {topic: tuple(text.split()) for topic, text in CODES.items()}
    chosen = _one_of(codes, events.topic, rng)
    for (topic, wording), text in SPECIAL_CODES.items():
        which = np.flatnonzero((events.topic == topic) & (events.wording == wording))
        choices = np.array(text.split(), dtype=object)
        chosen[which] = choices[rng.integers(len(choices), size=len(which))]
    return chosen


def _lock_reasons(wording: Ints, rng: np.random.Generator) -> Texts:
    reasons = np.empty(len(wording), dtype=object)
    for kind, choices in LOCK_REASONS.items():
        which = wording == kind
        reasons[which] = picked(choices, int(which.sum()), rng)
    return reasons


def _one_of(choices: dict[Topic, tuple[str, ...]], topic: Ints, rng: np.random.Generator) -> Texts:
    """A random choice of each place's topic."""
    widest = max(len(options) for options in choices.values())
    grid: NDArray[np.object_] = np.full((len(Topic), widest), None, dtype=object)
    counts = np.ones(len(Topic), dtype=np.int64)
    for key, options in choices.items():
        grid[key, : len(options)] = options
        counts[key] = len(options)
    column = (rng.random(len(topic)) * counts[topic]).astype(np.int64)
    chosen: Texts = grid[topic, column]
    return chosen


def _lost(text: Texts, share: float, rng: np.random.Generator) -> Texts:
    """The same column, blank in a random share of the rows."""
    return blanked(text, rng.random(len(text)) < share)
