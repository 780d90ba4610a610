"""Households with only the records that matter to the posterior, and the chance it gives them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from redflags.analysis.episodes.gamma_quadrature import exact_points, severity_points
from redflags.simulation.calibration import CALIBRATED
from redflags.simulation.span import Floats, Span
from yardstick.posterior_course import course_grid, onsets_of
from yardstick.posterior_forward import Course, active_chances
from yardstick.posterior_likelihood import Likelihood

DAYS = 150
COURSE = CALIBRATED.episodes
KINDS = len(COURSE.shapes)
LATENTS = CALIBRATED.latents
SPAN = Span(date(2026, 1, 1), date(2026, 5, 30), np.array([0.0, 60.0, DAYS]), np.array([1.1, 0.93]))


@dataclass(frozen=True)
class Seen:
    """One record with its rates a year."""

    day: float
    chance: float = 0.01
    wear: float = 0.0
    noise: float = 0.0
    suffered: float = 1.0
    leaving: float = 0.0


KIND_FACTORS = np.array([1.0, 0.0, 0.6])


def a_likelihood(records: tuple[Seen, ...], watched_from: float = 0.0) -> Likelihood:
    def column(name: str) -> Floats:
        return np.array([getattr(record, name) for record in records], dtype=np.float64)

    return Likelihood(
        household=np.zeros(len(records), dtype=np.int64),
        day=column("day"),
        chance=column("chance"),
        wear=column("wear"),
        noise=column("noise"),
        suffered=column("suffered")[:, None] * KIND_FACTORS,
        leaving=column("leaving")[:, None] * np.ones(KINDS),
        watched_from=np.array([watched_from]),
        wear_per_busy_year=np.array([0.27]),
        noise_per_busy_year=np.array([0.03]),
        worn=np.array([(column("wear") > 0).sum()]),
        noisy=np.array([(column("noise") > 0).sum()]),
        suffered_per_year=np.array([9.0, 3.0, 8.0]),
        leaves_per_year=np.array([0.04, 0.06, 0.05]),
        span=SPAN,
    )


def chance_of(likelihood: Likelihood, moved_in: float, severities: int = 90) -> float:
    grid = course_grid(COURSE, DAYS, 30.0, 30.0)
    severity, weight = severity_points(COURSE.severity_shape, severities)
    course = Course(
        grid,
        onsets_of(COURSE, grid, np.array([moved_in]), np.ones(1)),
        severity,
        np.outer([shape.share for shape in COURSE.shapes], weight),
        LATENTS,
        nights=1,
    )
    points = int(exact_points(likelihood.worn)[0]), int(exact_points(likelihood.noisy)[0])
    return float(active_chances(course, likelihood, np.arange(1), points)[0, 0])
