"""How unusual is measured, what counts as innocent, how households are ordered and queued."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from redflags.configuration.ruleset.rule_thresholds import refuse_unknown
from redflags.configuration.thresholds import About, Amount, Count, Frozen, Share, Weight

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Surprise(Frozen):
    """How unusual is measured: windows, the household's own past, cohorts."""

    windows_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    history_days: Count
    own_history_weight: Share
    cohort_prior_years: Weight
    insufficient_history_days: Count
    dear_job_quantile: Share
    largest: Amount


class Innocent(Frozen):
    """Innocent reasons that are found from dates and places, not from codes or text."""

    new_tenancy_days: Count
    block_burst_days: Count
    block_burst_homes: Count
    storm_days: Count
    storm_homes: Count


class Outliers(Frozen):
    """The frozen reference of the detectors."""

    reference_homes: Count
    contamination: Share
    random_state: int


class Ranking(Frozen):
    """One order out of surprises and the outlier score."""

    about: About
    outlier_weight: Amount
    window_weights: dict[Annotated[int, Field(ge=1)], NotNegative] = Field(min_length=1)
    weights: dict[str, NotNegative]

    @field_validator("weights")
    @classmethod
    def _are_known(cls, weights: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        refuse_unknown(weights, info, also=("tell",))
        return weights


class Queue(Frozen):
    """What people can work, and how often one household may come up."""

    capacity_per_night: Count
    waiting_share: Share
    quiet_days: Count
    sample_size: Count
    sample_depth: Count
    random_state: int


class Retention(Frozen):
    """How long what is kept."""

    text_days: Count
    record_days: Count


class Learning(Frozen):
    """What is asked of outcomes before an order is learned from them."""

    fewest_outcomes: Count
    largest_weight: Weight
    unvisited_trust: Share
