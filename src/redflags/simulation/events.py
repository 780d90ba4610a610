"""Everything that happened, as columns of equal length: one place in each column per event."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from redflags.simulation.span import Flags, Floats, Ints

NOBODY = -1
"""In place of a household: the home stood empty, or the event belongs to the block."""


@dataclass(frozen=True)
class Events:
    """Home, household and day of each event, with its topic, wording and hidden cause."""

    home: Ints
    household: Ints
    day: Floats
    topic: Ints
    wording: Ints
    cause: Ints

    def __len__(self) -> int:
        return len(self.home)

    def only(self, which: Flags | Ints) -> "Events":
        """The events chosen by a mask or by positions, in that order."""
        return Events(*(getattr(self, field.name)[which] for field in fields(self)))


def events_of(
    home: Ints,
    household: ArrayLike,
    day: Floats,
    topic: ArrayLike,
    wording: ArrayLike,
    cause: ArrayLike,
) -> Events:
    """Events from columns; a single value stands for a whole column."""
    size = len(home)
    household, topic, wording, cause = (
        np.broadcast_to(np.asarray(column, dtype=np.int64), size)
        for column in (household, topic, wording, cause)
    )
    return Events(home, household, day, topic, wording, cause)


def joined(parts: Sequence[Events]) -> Events:
    """All parts, one after the other."""
    return Events(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Events))
    )


def in_time_order(events: Events) -> Events:
    """Sorted by day, then home, topic, wording and cause: a total order for all that shows."""
    order = np.lexsort((events.cause, events.wording, events.topic, events.home, events.day))
    return events.only(order)


def within(events: Events, days: int) -> Events:
    """The events of the span: from day 0, before day `days`."""
    return events.only((events.day >= 0) & (events.day < days))
