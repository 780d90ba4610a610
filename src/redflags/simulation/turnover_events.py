"""What comes with a change of tenant: works in the empty home, screens, the relet lock change."""

import numpy as np

from redflags.simulation.events import NOBODY, Events, events_of, joined
from redflags.simulation.households import Households
from redflags.simulation.process import Turnover
from redflags.simulation.span import Ints
from redflags.simulation.vocabulary import Cause, Leaving, Topic, Wording

NOTICED_SHARE = 0.4
"""Share of abandoned homes that somebody reported before the tenancy was closed."""


def turnover_events(
    households: Households, turnover: Turnover, days: int, rng: np.random.Generator
) -> Events:
    """Records of homes that fall empty in the span, up to the lock change for the next tenant."""
    return joined(
        [
            _void_works(households, turnover, days, rng),
            _screens(households, turnover, days, rng),
            _leavings(households, Leaving.EVICTED, Wording.EVICTION, rng),
            _leavings(households, Leaving.ABANDONED, Wording.ABANDONED, rng),
            _abandonment_concerns(households, rng),
            _relet_locks(households, days, rng),
        ]
    )


def _void_works(
    households: Households, turnover: Turnover, days: int, rng: np.random.Generator
) -> Events:
    ended = np.flatnonzero(households.stop < days)
    jobs = np.repeat(ended, 1 + rng.poisson(turnover.works_per_void - 1, len(ended)))
    stop = households.stop[jobs]
    day = stop + rng.random(len(jobs)) * (households.next_start(days)[jobs] - stop)
    return events_of(
        households.home[jobs], NOBODY, day, Topic.VOID_WORKS, Wording.PLAIN, Cause.VOID
    )


def _screens(
    households: Households, turnover: Turnover, days: int, rng: np.random.Generator
) -> Events:
    ended = households.stop < days
    fitted = np.flatnonzero(ended & (rng.random(len(households)) < turnover.screens_share))
    day = households.stop[fitted] + rng.random(len(fitted)) * 3
    return events_of(households.home[fitted], NOBODY, day, Topic.SCREENS, Wording.PLAIN, Cause.VOID)


def _leavings(
    households: Households, leaving: Leaving, wording: Wording, rng: np.random.Generator
) -> Events:
    """Lock changes on the tenant's last day or just after: an eviction, or an abandoned home."""
    left = np.flatnonzero(households.leaving == leaving)
    day = households.stop[left] - 1 + rng.random(len(left)) * 2
    last_day = day < households.stop[left]
    who = np.where(last_day, left, NOBODY)
    return events_of(households.home[left], who, day, Topic.LOCK, wording, Cause.LEAVING)


def _abandonment_concerns(households: Households, rng: np.random.Generator) -> Events:
    """Some abandoned homes are noticed by staff in the weeks before the tenancy is closed."""
    abandoned = households.leaving == Leaving.ABANDONED
    left = np.flatnonzero(abandoned & (rng.random(len(households)) < NOTICED_SHARE))
    day = households.stop[left] - rng.uniform(1, 21, len(left))
    return events_of(
        households.home[left], left, day, Topic.CONCERN, Wording.ABANDONED, Cause.LEAVING
    )


def _relet_locks(households: Households, days: int, rng: np.random.Generator) -> Events:
    """One lock change per new tenancy, from four days before its start to its second day."""
    first = np.append(True, households.home[1:] != households.home[:-1])
    new: Ints = np.flatnonzero(~first & (households.start < days))
    day = households.start[new] + rng.uniform(-4, 2, len(new))
    who = np.where(day < households.start[new], NOBODY, new)
    # a home that stood empty for three days only must not get its lock before the old tenant left
    day = np.maximum(day, households.stop[new - 1])
    return events_of(households.home[new], who, day, Topic.LOCK, Wording.RELET, Cause.RELET)
