"""What is assumed of an episode, so that a household's records can be weighed for and against."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from redflags.configuration.ruleset.rule_thresholds import COST, REPAIRS, refuse_unknown
from redflags.configuration.thresholds import About, Count, Frozen, Share, Weight

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]

BOARDING, LOST_KEY, MISSED_VISIT, UNSIGNALLED = (
    "boarding",
    "lost_key",
    "missed_visit",
    "unsignalled",
)
WEAK_MARKS = (BOARDING, LOST_KEY, MISSED_VISIT, UNSIGNALLED)
"""Marks beside the signals: boarded glass, a lock changed for a lost key, a visit nobody opened
for, and words that tell in a record that is no other sign."""


class Picture(Frozen):
    """One way an episode may look: its share of all, and the records a year of each mark in one of
    ordinary severity."""

    share: Annotated[float, Field(gt=0, le=1)]
    reason: str = Field(min_length=1)
    per_year: dict[str, NotNegative] = Field(min_length=1)

    @field_validator("per_year")
    @classmethod
    def _are_known(cls, rates: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        refuse_unknown(rates, info, also=WEAK_MARKS)
        if {REPAIRS, COST} & set(rates):
            raise ValueError("a repair as such is no mark of an episode")
        return rates


class MissedVisits(Frozen):
    """Which jobs are visits that nobody opened for: type of work and status, in any case."""

    work_types: tuple[str, ...]
    statuses: tuple[str, ...]


class Episodes(Frozen):
    """The assumed course of episodes and what they leave in the records; see `analysis.episodes`.

    ``ages_days`` are the lower edges of the ages by which records are told apart.
    """

    about: About
    ages_days: tuple[Annotated[int, Field(ge=0)], ...] = Field(min_length=2)
    onsets_per_year: Weight
    returns_per_year: Weight
    length_years: Weight
    length_shape: Weight
    severity_shape: Weight
    wear_shape: Weight
    noise_shape: Weight
    told_share: Share
    left_out_share: Share
    cohort_prior: Weight
    block_prior: Weight
    season_prior: Weight
    spell_days: Count
    boarding_entries: tuple[str, ...] = ()
    missed_visits: MissedVisits
    pictures: dict[str, Picture] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_summed(self) -> "Episodes":
        faults = []
        if list(self.ages_days) != sorted({0, *self.ages_days}):
            faults.append("ages_days must begin with 0 and grow")
        if abs(sum(picture.share for picture in self.pictures.values()) - 1) > 1e-6:
            faults.append("the shares of the pictures must add up to 1")
        if faults:
            raise ValueError("; ".join(faults))
        return self
