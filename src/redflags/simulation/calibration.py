"""The default process, set so that a simulated landlord shows the published figures.

Responsive repairs 2.8–3.6 a home and year (Housemark 2025; Islington); 84–86 % of homes with
any (Moray); ASB 35–72 cases per 1,000 homes; lock changes 30–60 per 1,000 homes, of them 15–25
relets and 8–15 lost keys (assumed: no source); 2.1 % of households in an active episode.
"""

from redflags.simulation.process import (
    Casework,
    EpisodeCourse,
    EpisodeShape,
    Latents,
    Process,
    Protection,
    Rate,
    Recording,
    Surroundings,
    Turnover,
)
from redflags.simulation.vocabulary import Cause, Driver, EpisodeKind, Topic, Wording

INNOCENT_TELL = 0.006
"""Share of ordinary lock, door and glass jobs whose text speaks of force all the same."""
EPISODE_TELL = 0.38
"""Share of the records of an episode whose text speaks of force, fear or a partner."""
TELL_NOTHING = ("visit", "asb")

ORDINARY = (
    Rate(Topic.PLUMBING, 0.68, Driver.DEMAND),
    Rate(Topic.HEATING, 0.60, Driver.DEMAND),
    Rate(Topic.ELECTRICS, 0.39, Driver.DEMAND),
    Rate(Topic.KITCHEN, 0.15, Driver.DEMAND),
    Rate(Topic.DAMP, 0.17, Driver.DEMAND),
    Rate(Topic.ROOF, 0.18, Driver.DEMAND),
    Rate(Topic.DRAINS, 0.19, Driver.DEMAND),
    Rate(Topic.OUTSIDE, 0.16, Driver.DEMAND),
    Rate(Topic.FLOORS, 0.07, Driver.DEMAND),
    Rate(Topic.STORE, 0.035, Driver.DEMAND),
    Rate(Topic.VISIT, 0.05),
)
WORN = (
    Rate(Topic.LOCK, 0.005, Driver.WEAR, tell=INNOCENT_TELL),
    Rate(Topic.DOOR, 0.11, Driver.WEAR, tell=INNOCENT_TELL),
    Rate(Topic.WINDOW, 0.075, Driver.WEAR, tell=INNOCENT_TELL),
    Rate(Topic.BOARDING, 0.003, Driver.WEAR, tell=INNOCENT_TELL),
    Rate(Topic.INSIDE, 0.075, Driver.WEAR, tell=INNOCENT_TELL),
    Rate(Topic.SECURITY, 0.014, tell=INNOCENT_TELL, sheltered=2.0),
)
MISHAPS = (
    Rate(Topic.LOCK, 0.0080, wording=Wording.LOST_KEY, cause=Cause.LOST_KEY),
    Rate(Topic.LOCK, 0.0010, wording=Wording.SERVICES, cause=Cause.SERVICES, sheltered=4.0),
    Rate(Topic.DOOR, 0.0014, wording=Wording.SERVICES, cause=Cause.SERVICES, sheltered=5.0),
    Rate(Topic.LOCK, 0.0010, wording=Wording.BURGLARY, cause=Cause.BURGLARY),
    Rate(Topic.DOOR, 0.0025, wording=Wording.BURGLARY, cause=Cause.BURGLARY),
    Rate(Topic.WINDOW, 0.0020, wording=Wording.BURGLARY, cause=Cause.BURGLARY),
)
REPORTS = (
    Rate(Topic.NOISE, 0.0095, Driver.NOISE, tell=0.04),
    Rate(Topic.ASB, 0.022, Driver.NOISE),
    Rate(Topic.HOMELESS, 0.0030, tell=0.02),
    Rate(Topic.CONCERN, 0.003, tell=0.03),
)


def _episode_rates(**per_year: float) -> tuple[Rate, ...]:
    """Rates of one kind of episode; a share of most of its records carries a tell."""
    return tuple(
        Rate(
            Topic[name.upper()],
            rate,
            cause=Cause.EPISODE,
            tell=0.0 if name in TELL_NOTHING else EPISODE_TELL,
        )
        for name, rate in per_year.items()
    )


def _cover(per_year: float) -> Rate:
    """Keys that were taken, reported as lost."""
    return Rate(Topic.LOCK, per_year, wording=Wording.LOST_KEY, cause=Cause.EPISODE)


DAMAGE = EpisodeShape(
    EpisodeKind.DAMAGE,
    share=0.55,
    rates=_episode_rates(
        lock=0.7,
        door=1.6,
        window=1.3,
        boarding=0.4,
        inside=3.6,
        security=0.3,
        visit=0.4,
        noise=1.0,
        asb=0.3,
        homeless=0.15,
        concern=0.35,
    ),
    leaves_per_year=0.04,
)
COERCION = EpisodeShape(
    EpisodeKind.COERCION,
    share=0.25,
    rates=(
        *_episode_rates(security=0.9, visit=1.5, inside=0.5, homeless=0.35, concern=0.5),
        _cover(0.6),
    ),
    leaves_per_year=0.06,
)
HARASSMENT = EpisodeShape(
    EpisodeKind.HARASSMENT,
    share=0.20,
    rates=_episode_rates(
        lock=1.6,
        security=2.0,
        boarding=1.0,
        window=0.9,
        door=0.9,
        noise=1.0,
        asb=0.4,
        homeless=0.25,
        concern=0.3,
    ),
    leaves_per_year=0.05,
)

CALIBRATED = Process(
    background=(*ORDINARY, *WORN, *MISHAPS, *REPORTS),
    episodes=EpisodeCourse(
        onsets_per_year=0.021,
        returns_per_year=0.10,
        length_shape=1.6,
        length_mean_years=0.8,
        shortest_days=30,
        severity_shape=2.5,
        sheltered=0.4,
        shapes=(DAMAGE, COERCION, HARASSMENT),
    ),
    latents=Latents(demand_shape=2.2, wear_shape=0.6, noise_shape=0.2),
    turnover=Turnover(
        ends_per_year=0.019,
        evicted_share=0.06,
        abandoned_share=0.04,
        empty_shape=2.0,
        empty_mean_days=38.0,
        works_per_void=3.5,
        screens_share=0.3,
        major_works_share=0.02,
    ),
    surroundings=Surroundings(
        storms_per_year=3.0,
        storm_patch_share=0.2,
        storm_home_share=0.045,
        programmes_per_cluster_year=0.045,
        programme_home_share=0.92,
        programme_miskeyed_share=0.12,
        vandalism_per_block_year=2.5,
        vandalism_home_share=0.15,
        vandalism_named_share=0.5,
        communal_per_home_year=0.15,
        adaptations_per_year=0.012,
        adaptations_sheltered=2.5,
        adaptation_jobs=3.0,
        fires_per_year=0.00025,
        recall_share=0.03,
    ),
    protection=Protection(
        open_case_share=0.06,
        sanctuary_share=0.5,
        sanctuary_on_arrival_share=0.02,
        sanctuary_jobs=3.0,
        do_not_contact_share=0.0004,
        staff_share=0.002,
    ),
    casework=Casework(
        reports_per_case=2.8, report_gap_days=20.0, split_share=0.1, telling_reports=0.6
    ),
    recording=Recording(
        text_missing=0.10,
        code_missing=0.15,
        work_type_missing=0.03,
        tell_in_notes=0.15,
        notes_share=0.05,
        phone_share=0.004,
        typo_share=0.04,
        lock_in_both_share=0.5,
        lock_only_in_repairs_share=0.25,
        cancelled_share=0.035,
        no_access_share=0.04,
    ),
    month_swing=0.16,
)
