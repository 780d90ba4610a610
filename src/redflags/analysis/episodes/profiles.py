"""What episodes look like: every picture of the rule set at every severity."""

from dataclasses import dataclass

import numpy as np

from redflags.analysis.episodes.event_counts import KINDS, MARKS, Floats
from redflags.analysis.episodes.gamma_quadrature import severity_points
from redflags.configuration.ruleset import Episodes, Picture

NEVER_TOLD = ("asb_report", "lost_key", "missed_visit")
"""Marks that are what they are because their record does not tell."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """``per_year`` (profiles, KINDS): marks a year that an episode of each profile adds; ``weight``
    (profiles,), sum 1: how many episodes look so."""

    per_year: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.weight)


def profiles_of(settings: Episodes, severities: int, is_mean: bool = False) -> Profiles:
    """Every picture, or their mean, at so many severities, which are gamma with mean 1."""
    severity, weight = severity_points(settings.severity_shape.value, severities)
    pictures = list(settings.pictures.values())
    rates = np.stack([_rates(picture, settings.told_share.value) for picture in pictures])
    shares = np.array([picture.share for picture in pictures])
    if is_mean:
        rates, shares = shares[None, :] @ rates, np.ones(1)
    per_year = rates[:, None, :] * severity[None, :, None]
    return Profiles(per_year.reshape(-1, KINDS), np.outer(shares, weight).ravel())


def _rates(picture: Picture, told_share: float) -> Floats:
    rates = np.zeros(KINDS)
    for mark, per_year in picture.per_year.items():
        told = 0.0 if mark in NEVER_TOLD else told_share
        number = 2 * MARKS.index(mark)
        rates[number : number + 2] = per_year * (1 - told), per_year * told
    return rates
