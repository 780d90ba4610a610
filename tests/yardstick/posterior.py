"""The exact posterior chance that a household has an active episode, under the simulation itself.

The best that any method could do with the records of a landlord: it is told the process and its
parameters, and sums over everything that a record cannot show: onset, length, severity and kind of
episodes, earlier episodes, and how hard on doors or how noisy a household is anyway.
`docs/adr/0010-yardstick.md` says what is exact and what is approximated.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from redflags.analysis.episodes.gamma_quadrature import exact_points, severity_points
from redflags.simulation.history import History
from redflags.simulation.landlord import Landlord
from redflags.simulation.span import Floats, Ints
from yardstick.posterior_course import course_grid, onsets_of
from yardstick.posterior_evidence import evidence_of
from yardstick.posterior_forward import Course, active_chances
from yardstick.posterior_likelihood import Likelihood, likelihood_of
from yardstick.posterior_rates import pair_rates

MOST_NUMBERS = 1_500_000
"""Numbers held at once in the largest array: what fits the processor's cache is quickest."""


@dataclass(frozen=True)
class Fineness:
    """How fine the sums are: days between possible onsets, the same in the last days, points of
    severity, and points of wear and noise beyond those that are exact on the last day (needed for
    earlier nights)."""

    step_days: float = 10.0
    last_step_days: float = 1.0
    severities: int = 14
    spare_points: int = 0


NIGHTLY = Fineness(step_days=7.0, last_step_days=7.0, spare_points=2)


@dataclass(frozen=True)
class Posterior:
    """`household` (n,) are places in the history's households; `chance` (n, nights) is the
    posterior chance of an active episode at the end of each of `nights` (days of the span)."""

    household: Ints
    nights: Floats
    chance: Floats

    @property
    def last(self) -> Floats:
        """The chance on the last night; (n,)."""
        return np.asarray(self.chance[:, -1])


def posterior_tonight(
    history: History, landlord: Landlord, fineness: Fineness = Fineness()
) -> Posterior:
    """The posterior of every current household at the end of the span.

    `landlord` must be `records_of(history)`.
    """
    current = np.flatnonzero(
        (history.households.start < history.span.days) & np.isinf(history.households.stop)
    )
    return _posterior(history, landlord, current, 1, fineness)


def posterior_nights(
    history: History, landlord: Landlord, weeks: int, fineness: Fineness = NIGHTLY
) -> Posterior:
    """The posterior at the end of each of the last `weeks` of the span, from the records up to
    then; of everybody who lived there on any of them. On nights before a household came or after
    it left its chance means nothing.

    The one look ahead: what later reports of a case of noise say is known from its first day.
    """
    first = history.span.days - (weeks - 1) * fineness.step_days
    seen = history.households.stop > first
    return _posterior(history, landlord, np.flatnonzero(seen), weeks, fineness)


def _posterior(
    history: History, landlord: Landlord, asked: Ints, nights: int, fineness: Fineness
) -> Posterior:
    process = history.character.process
    evidence = evidence_of(history, landlord)
    likelihood = likelihood_of(history, evidence, pair_rates(process), asked)
    grid = course_grid(
        process.episodes, history.span.days, fineness.step_days, fineness.last_step_days
    )
    scale = np.where(
        history.estate.is_sheltered[history.households.home[asked]], process.episodes.sheltered, 1.0
    )
    severity, weight = severity_points(process.episodes.severity_shape, fineness.severities)
    shares = np.array([shape.share for shape in process.episodes.shapes])
    course = Course(
        grid=grid,
        onsets=onsets_of(process.episodes, grid, history.households.start[asked], scale),
        severity=severity,
        weight=np.outer(shares, weight),
        latents=process.latents,
        nights=nights,
    )
    chance = np.empty((len(asked), nights))
    for rows, wear, noise in _batches(likelihood, len(grid) * course.weight.size, fineness):
        chance[rows] = active_chances(course, likelihood.only(rows), rows, (wear, noise))
    return Posterior(asked, grid.edges[-nights:], chance)


def _batches(
    likelihood: Likelihood, numbers_each: int, fineness: Fineness
) -> Iterator[tuple[Ints, int, int]]:
    """Households that need equally many points of wear and noise, not too many at a time."""
    wear = exact_points(likelihood.worn) + np.where(likelihood.worn, fineness.spare_points, 0)
    noise = exact_points(likelihood.noisy) + np.where(likelihood.noisy, fineness.spare_points, 0)
    for points in np.unique(np.column_stack([wear, noise]), axis=0):
        alike = np.flatnonzero((wear == points[0]) & (noise == points[1]))
        size = max(1, MOST_NUMBERS // (numbers_each * int(points.prod())))
        for begin in range(0, len(alike), size):
            yield alike[begin : begin + size], int(points[0]), int(points[1])
