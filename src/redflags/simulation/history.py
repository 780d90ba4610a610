"""The whole history of a landlord as it really was, hidden causes and latent qualities included.

The records (`records.py`) show a part of it; the yardstick may look at all of it.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from redflags.simulation.characters import Character
from redflags.simulation.episodes import Episodes
from redflags.simulation.estate import Estate, build_estate
from redflags.simulation.events import NOBODY, Events, in_time_order, joined, within
from redflags.simulation.followups import (
    Cases,
    adaptation_events,
    open_cases,
    recall_events,
    sanctuary_events,
)
from redflags.simulation.household_events import episode_events, everyday_events
from redflags.simulation.households import Households, settle
from redflags.simulation.span import Span, span_of
from redflags.simulation.streams import stream
from redflags.simulation.surroundings import surrounding_events
from redflags.simulation.turnover_events import turnover_events


@dataclass(frozen=True)
class History:
    """What was drawn: homes, households, their episodes and open cases, and every event in order
    of time. Days count from `span.since`."""

    character: Character
    seed: int
    span: Span
    estate: Estate
    households: Households
    episodes: Episodes
    cases: Cases
    events: Events


def draw_history(homes: int, years: float, seed: int, until: date, character: Character) -> History:
    """Draw a landlord's history from the process of its `character`; arguments as `simulate`."""
    process = character.process
    span = span_of(years, until, process.month_swing, stream(seed, "season"))
    estate = build_estate(homes, character, stream(seed, "estate"))
    households, episodes = settle(estate, process, span.days, stream(seed, "households"))
    cases = open_cases(
        households, episodes, process.protection, span.days, stream(seed, "open cases")
    )
    history = History(character, seed, span, estate, households, episodes, cases, _no_events_yet())
    return replace(history, events=in_time_order(within(_all_events(history), span.days)))


def _no_events_yet() -> Events:
    nothing = np.zeros(0, dtype=np.int64)
    return Events(nothing, nothing, np.zeros(0), nothing, nothing, nothing)


def _all_events(history: History) -> Events:
    process, seed, span = history.character.process, history.seed, history.span
    estate, households, cases = history.estate, history.households, history.cases
    everyday = everyday_events(estate, households, process, span, stream(seed, "everyday"))
    suffered = episode_events(households, history.episodes, process, span, stream(seed, "episodes"))
    recalls = recall_events(
        joined([everyday, suffered]), process.surroundings.recall_share, stream(seed, "recalls")
    )
    return joined(
        [
            everyday,
            suffered,
            turnover_events(households, process.turnover, span.days, stream(seed, "turnover")),
            adaptation_events(
                estate, households, process.surroundings, span.days, stream(seed, "adaptations")
            ),
            sanctuary_events(households, cases, process.protection, stream(seed, "sanctuary")),
            _lived_through(households, recalls),
            _lived_through(
                households,
                surrounding_events(estate, process.surroundings, span, stream(seed, "places")),
            ),
        ]
    )


def _lived_through(households: Households, events: Events) -> Events:
    """The same events, with the household that lived in the home on that day."""
    far = 1 << 20  # further apart than any two days of a history
    begins = households.home * far + np.maximum(households.start, 0)
    place = np.searchsorted(begins, events.home * far + np.floor(events.day), side="right") - 1
    lived = (households.home[place] == events.home) & (events.day < households.stop[place])
    return replace(events, household=np.where(lived, place, NOBODY))
