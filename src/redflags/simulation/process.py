"""The generating process: parameters only, every rate per household and year.

Given its latent qualities (demand, wear, noise: gamma with mean 1) and its episodes, a household's
records are independent Poisson processes, one for each `Rate`:

    rate(t) = per_year × home factor × latent × season(t)      background
    rate(t) = per_year × severity × strength                   while an episode is active

so the likelihood of a history is a product of Poisson terms, and marginalising a gamma latent
gives a negative multinomial. Block and patch events (storms, programmes, vandalism) come to homes
whatever their household is like.
"""

from dataclasses import dataclass

from redflags.simulation.vocabulary import Cause, Driver, EpisodeKind, Topic, Wording


@dataclass(frozen=True, slots=True)
class Rate:
    """Records of one topic per household and year; `tell` is the share that speaks of force,
    fear or a partner; `sheltered` multiplies the rate in sheltered homes."""

    topic: Topic
    per_year: float
    driver: Driver = Driver.CHANCE
    wording: Wording = Wording.PLAIN
    cause: Cause = Cause.WEAR
    tell: float = 0.0
    sheltered: float = 1.0


@dataclass(frozen=True, slots=True)
class EpisodeShape:
    """One kind of episode: its share of all, its rates at severity 1, and the yearly hazard that
    the tenant leaves everything behind while it lasts."""

    kind: EpisodeKind
    share: float
    rates: tuple[Rate, ...]
    leaves_per_year: float


@dataclass(frozen=True, slots=True)
class EpisodeCourse:
    """When episodes come and how long they last (gamma, in years)."""

    onsets_per_year: float
    returns_per_year: float
    length_shape: float
    length_mean_years: float
    shortest_days: int
    severity_shape: float
    sheltered: float
    shapes: tuple[EpisodeShape, ...]


@dataclass(frozen=True, slots=True)
class Latents:
    """Shapes of the gamma distributions (mean 1) of what a household is like."""

    demand_shape: float
    wear_shape: float
    noise_shape: float


@dataclass(frozen=True, slots=True)
class Turnover:
    """How tenancies end and homes stand empty; hazards per year, empty time gamma in days."""

    ends_per_year: float
    evicted_share: float
    abandoned_share: float
    empty_shape: float
    empty_mean_days: float
    works_per_void: float
    screens_share: float
    major_works_share: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What happens to blocks, patches and homes whoever lives there."""

    storms_per_year: float
    storm_patch_share: float
    storm_home_share: float
    programmes_per_cluster_year: float
    programme_home_share: float
    programme_miskeyed_share: float
    vandalism_per_block_year: float
    vandalism_home_share: float
    vandalism_named_share: float
    communal_per_home_year: float
    adaptations_per_year: float
    adaptations_sheltered: float
    adaptation_jobs: float
    fires_per_year: float
    recall_share: float


@dataclass(frozen=True, slots=True)
class Protection:
    """Who is protected, and how often works were ordered to protect somebody."""

    open_case_share: float
    sanctuary_share: float
    sanctuary_on_arrival_share: float
    sanctuary_jobs: float
    do_not_contact_share: float
    staff_share: float


@dataclass(frozen=True, slots=True)
class Casework:
    """How reports of noise and ASB gather in cases."""

    reports_per_case: float
    report_gap_days: float
    split_share: float
    telling_reports: float
    """Share of the reports of a telling case that tell; the others only complain."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What is lost or doubled between the event and the record."""

    text_missing: float
    code_missing: float
    work_type_missing: float
    tell_in_notes: float
    notes_share: float
    phone_share: float
    typo_share: float
    lock_in_both_share: float
    lock_only_in_repairs_share: float
    cancelled_share: float
    no_access_share: float


@dataclass(frozen=True, slots=True)
class Process:
    """Everything that makes a synthetic landlord's history, apart from its housing stock."""

    background: tuple[Rate, ...]
    episodes: EpisodeCourse
    latents: Latents
    turnover: Turnover
    surroundings: Surroundings
    protection: Protection
    casework: Casework
    recording: Recording
    month_swing: float
    """Largest relative deviation of a month from the mean."""
    strength: float = 1.0
    """Multiplies every episode rate: how strongly episodes show in the records."""
