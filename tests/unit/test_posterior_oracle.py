"""The fast posterior equals plain numerical integration over every course of episodes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from builders.posterior import COURSE, DAYS, LATENTS, SPAN, Seen, a_likelihood, chance_of
from redflags.simulation.episodes import MOST_EPISODES
from redflags.simulation.span import DAYS_PER_YEAR, Floats
from yardstick.posterior import Fineness
from yardstick.posterior_course import CourseGrid, course_grid
from yardstick.posterior_likelihood import Likelihood

DOOR, NOISE, CHAIN = Seen(0, 0, wear=0.1), Seen(0, 0, noise=0.01), Seen(0, 0.014, suffered=0.3)
HISTORIES = {
    "nothing": (),
    "a chain": (replace(CHAIN, day=100),),
    "inside doors": tuple(replace(DOOR, day=day, suffered=3.6) for day in (20, 95, 120, 121)),
    "noise": tuple(replace(NOISE, day=day) for day in (40, 80, 141)),
    "doors and noise": (
        replace(DOOR, day=30),
        replace(NOISE, day=70, leaving=0.5),
        replace(DOOR, day=110, chance=0.02),
        replace(NOISE, day=130),
    ),
}


def log_gamma_points(shape: float, rate: float, step: float) -> tuple[Floats, Floats]:
    """Equal steps of the logarithm, from where nothing is left of the gamma to where it ends."""
    x = np.exp(np.arange(-28 / shape, 5.0, step))
    weight = x**shape * np.exp(-rate * x)
    return x, weight / weight.sum()


@dataclass(frozen=True)
class Oracle:
    """Everything written out: courses by their cells, records one by one, qualities on a grid."""

    likelihood: Likelihood
    grid: CourseGrid
    moved_in: float

    def chance(self) -> float:
        wear, noise, belief = self.qualities()
        total, active, known = 0.0, 0.0, dict[tuple[int, int | None], Floats]()
        for cells in self.courses():
            worth = self.prior(cells) * belief
            for onset, end in cells:
                if not worth.any():
                    break
                if (onset, end) not in known:
                    known[onset, end] = self.episode(onset, end, wear, noise)
                worth = worth * known[onset, end]
            total += float(worth.sum())
            active += float(worth.sum()) if cells and cells[-1][1] is None else 0.0
        return active / total

    def qualities(self) -> tuple[Floats, Floats, Floats]:
        """Wear and noise on a fine grid, with prior times likelihood outside any episode."""
        told = self.likelihood
        busy = float(SPAN.busy_time(DAYS) - SPAN.busy_time(told.watched_from[0]))
        wear, of_wear = log_gamma_points(
            LATENTS.wear_shape, LATENTS.wear_shape + told.wear_per_busy_year[0] * busy, 0.3
        )
        noise, of_noise = log_gamma_points(
            LATENTS.noise_shape, LATENTS.noise_shape + told.noise_per_busy_year[0] * busy, 0.3
        )
        if not told.noisy[0]:  # then noise changes nothing
            noise, of_noise = np.ones(1), np.ones(1)
        wear, noise = np.repeat(wear, len(noise)), np.tile(noise, len(wear))
        belief = np.outer(of_wear, of_noise).ravel()
        for record in range(len(told.day)):
            belief = belief * self.background(record, wear, noise)
        return wear, noise, belief

    def background(self, record: int, wear: Floats, noise: Floats) -> Floats:
        told = self.likelihood
        return told.chance[record] + told.wear[record] * wear + told.noise[record] * noise

    def courses(
        self, first: int = 0, left: int = MOST_EPISODES
    ) -> Iterator[tuple[tuple[int, int | None], ...]]:
        """Every way to place so many more episodes, the last one perhaps still going on."""
        yield ()
        for onset in range(first, len(self.grid) if left else 0):
            yield ((onset, None),)
            for end in range(onset, len(self.grid)):
                for later in self.courses(end, left - 1):
                    yield ((onset, end), *later)

    def prior(self, cells: tuple[tuple[int, int | None], ...]) -> float:
        edges, middles = self.grid.edges, self.grid.middles
        free_from, chance = self.moved_in, 1.0
        for turn, (onset, end) in enumerate(cells):
            hazard = COURSE.returns_per_year if turn else COURSE.onsets_per_year
            chance *= _free(hazard, free_from, edges[onset]) - _free(
                hazard, free_from, edges[onset + 1]
            )
            if end is None:
                return chance * self.grid.lasts[-1, onset]
            chance *= self.grid.ends[end, onset]
            free_from = middles[end]
        if len(cells) == MOST_EPISODES:
            return chance
        return chance * _free(
            COURSE.returns_per_year if cells else COURSE.onsets_per_year, free_from, DAYS
        )

    def episode(self, onset: int, end: int | None, wear: Floats, noise: Floats) -> Floats:
        """What one episode multiplies the likelihood by, over its kind and severity."""
        told, begin = self.likelihood, self.grid.middles[onset]
        stop = DAYS if end is None else self.grid.middles[end]
        inside = np.flatnonzero((told.day >= begin) & (told.day < stop))
        from_day = max(begin, told.watched_from[0])
        years = max(stop - from_day, 0.0) / DAYS_PER_YEAR
        severity, weight = log_gamma_points(COURSE.severity_shape, COURSE.severity_shape, 0.06)
        total = np.zeros(len(wear))
        for kind, shape in enumerate(COURSE.shapes):
            worth = np.exp(-severity * told.suffered_per_year[kind] * years)[:, None]
            for record in inside:
                more = severity * told.suffered[record, kind] + told.leaving[record, kind]
                worth = worth * (1 + more[:, None] / self.background(record, wear, noise))
            left = np.exp(-told.leaves_per_year[kind] * years)
            total = total + shape.share * left * (weight @ worth)
        return total


def _free(hazard_per_year: float, since: float, until: float) -> float:
    return float(np.exp(-hazard_per_year * max(until - since, 0.0) / DAYS_PER_YEAR))


def brute_force(likelihood: Likelihood, moved_in: float) -> float:
    grid = course_grid(COURSE, DAYS, 30.0, 30.0)
    first = 0 if moved_in < 0 else int(np.flatnonzero(grid.edges == 0.0)[0])
    lived = CourseGrid(
        grid.edges[first:],
        grid.middles[first:],
        grid.ends[first:, first:],
        grid.lasts[first:, first:],
    )
    return Oracle(likelihood, lived, moved_in).chance()


@pytest.mark.slow
@pytest.mark.parametrize("name", HISTORIES)
def test_it_equals_brute_force_for_a_household_that_came_with_the_records(name: str) -> None:
    likelihood = a_likelihood(HISTORIES[name])

    assert chance_of(likelihood, 0.0) == pytest.approx(brute_force(likelihood, 0.0), rel=1e-6)


@pytest.mark.parametrize(("moved_in", "name"), [(65.0, "inside doors"), (90.0, "a chain")])
def test_it_equals_brute_force_for_one_that_came_later(moved_in: float, name: str) -> None:
    records = tuple(record for record in HISTORIES[name] if record.day >= moved_in)
    likelihood = a_likelihood(records, watched_from=moved_in)

    assert chance_of(likelihood, moved_in) == pytest.approx(
        brute_force(likelihood, moved_in), rel=1e-6
    )


@pytest.mark.parametrize("moved_in", [-400.0, -9_000.0])
def test_it_equals_brute_force_for_one_that_lived_there_before_the_records(moved_in: float) -> None:
    likelihood = a_likelihood(HISTORIES["inside doors"])

    assert chance_of(likelihood, moved_in) == pytest.approx(
        brute_force(likelihood, moved_in), rel=1e-6
    )


def test_the_points_of_severity_that_are_used_are_enough() -> None:
    likelihood = a_likelihood(HISTORIES["doors and noise"])

    usual = chance_of(likelihood, 0.0, severities=Fineness().severities)

    assert usual == pytest.approx(chance_of(likelihood, 0.0), abs=1e-4)
