"""The synthetic city shows the figures that real landlords publish (20,000 homes, three years)."""

import numpy as np
import pandas as pd
import pytest

from builders.simulation import (
    HOMES,
    YEARS,
    in_last_year,
    per_thousand_home_years,
    responsive,
    the_city,
)
from redflags.simulation.vocabulary import NOT_REPAIRS, Cause, EpisodeKind, Topic, Wording

CAN_TELL = (Topic.LOCK, Topic.DOOR, Topic.WINDOW, Topic.BOARDING, Topic.INSIDE, Topic.SECURITY)


def repairs_per_home_last_year() -> pd.Series:
    _, city = the_city()
    counts = in_last_year(responsive(city))["property_ref"].value_counts()
    return counts.reindex(city.properties["property_ref"], fill_value=0)


def events_of_cause_per_thousand(cause: Cause) -> float:
    history, _ = the_city()
    return per_thousand_home_years(float((history.events.cause == cause).sum()))


def test_a_home_has_about_three_responsive_repairs_a_year() -> None:
    _, city = the_city()

    assert 2.8 < len(responsive(city)) / (HOMES * YEARS) < 3.6


def test_six_homes_in_seven_have_a_repair_in_a_year() -> None:
    assert 0.845 < (repairs_per_home_last_year() > 0).mean() < 0.875


def test_and_slightly_fewer_have_one_that_cost_something() -> None:
    _, city = the_city()
    repairs = in_last_year(responsive(city))

    paid = repairs[repairs["cost_gbp"].notna()]["property_ref"].nunique() / HOMES

    assert 0.835 < paid < 0.86


def test_homes_differ_like_a_negative_binomial_of_size_two() -> None:
    counts = repairs_per_home_last_year()

    size = counts.mean() ** 2 / (counts.var() - counts.mean())

    assert 1.8 < size < 2.4


def test_a_job_costs_about_110_pounds_and_on_average_twice_that() -> None:
    _, city = the_city()

    cost = responsive(city)["cost_gbp"].dropna().astype(float)

    assert 105 < cost.median() < 120
    assert 170 < cost.mean() < 280


def test_the_dearest_homes_are_fires_and_empty_homes() -> None:
    _, city = the_city()
    repairs = in_last_year(city.repairs).assign(
        cost=lambda frame: frame["cost_gbp"].astype(float),
        elsewhere=lambda frame: frame["work_type"].isin(["void", "other"]),
    )
    per_home = repairs.groupby("property_ref")["cost"].sum()
    dearest = per_home[per_home > 10_000].index

    theirs = repairs[repairs["property_ref"].isin(dearest)]

    assert 12_000 < per_home.max() < 21_000
    assert len(dearest) < HOMES / 1_000
    assert theirs[theirs["elsewhere"]]["cost"].sum() > 0.75 * theirs["cost"].sum()


def test_a_third_of_the_jobs_are_emergencies() -> None:
    _, city = the_city()

    assert 0.27 < (responsive(city)["priority_code"] == "E").mean() < 0.39


def test_months_swing_by_a_sixth_and_not_by_much_more() -> None:
    history, city = the_city()
    months = pd.to_datetime(responsive(city)["raised_at"]).dt.to_period("M").value_counts()
    daily = months / months.index.days_in_month

    swing = np.abs(daily / daily.mean() - 1).max()

    assert 0.08 < swing < 0.20
    assert np.abs(history.span.month_factors - 1).max() < 0.18


def test_asb_cases_and_the_share_of_noise() -> None:
    _, city = the_city()
    case = city.asb["merged_into"].fillna(city.asb["case_ref"])
    noise = city.asb["category"].str.lower().str.startswith("noise")

    assert 35 < per_thousand_home_years(case.nunique()) < 72
    assert 1 / 3 < case[noise].nunique() / case.nunique() < 1 / 2
    assert 2.3 < len(city.asb) / case.nunique() < 3.2


def test_a_merged_case_points_at_a_case_about_the_same_home() -> None:
    _, city = the_city()
    home_of = city.asb.drop_duplicates("case_ref").set_index("case_ref")["subject_property_ref"]
    merged = city.asb[city.asb["merged_into"].notna()]

    assert 0.03 < len(merged) / len(city.asb) < 0.10
    assert (merged["merged_into"].map(home_of) == merged["subject_property_ref"]).all()


@pytest.mark.parametrize(
    ("wording", "least", "most"),
    [(None, 30, 60), (Wording.RELET, 15, 25), (Wording.LOST_KEY, 8, 15)],
)
def test_lock_changes_by_reason(wording: Wording | None, least: float, most: float) -> None:
    events = the_city()[0].events
    chosen = events.topic == Topic.LOCK
    if wording is not None:
        chosen &= events.wording == wording

    assert least < per_thousand_home_years(float(chosen.sum())) < most


def test_each_lock_change_stands_in_one_table_or_is_linked_in_both() -> None:
    history, city = the_city()
    jobs = int((history.events.topic == Topic.LOCK).sum())
    all_jobs = int((~np.isin(history.events.topic, NOT_REPAIRS)).sum())
    linked = city.lock_changes["work_order_ref"].dropna()
    only_in_lock_changes = len(city.lock_changes) - len(linked)
    only_in_repairs = jobs - len(city.lock_changes)

    assert len(city.repairs) + only_in_lock_changes == all_jobs
    assert linked.isin(city.repairs["work_order_ref"]).all()
    assert linked.is_unique
    assert 0.40 < len(linked) / jobs < 0.55
    assert 0.18 < only_in_lock_changes / jobs < 0.30
    assert 0.20 < only_in_repairs / jobs < 0.36


def test_one_household_in_fifty_is_in_an_episode_on_the_last_day() -> None:
    _, city = the_city()
    living_there = city.tenancies[city.tenancies["end_date"].isna()]["tenancy_ref"]
    truth = city.truth.set_index("tenancy_ref").loc[living_there]

    active = (truth["onset"] <= "2026-06-30") & (truth["end"] >= "2026-06-30")

    assert 0.018 < active.mean() < 0.025


def test_every_kind_of_episode_comes_and_some_come_again() -> None:
    history, city = the_city()
    shares = city.episodes["kind"].value_counts(normalize=True)
    again = city.episodes["tenancy_ref"].duplicated().mean()

    for shape in history.character.process.episodes.shapes:
        assert shares[EpisodeKind(shape.kind).name.lower()] == pytest.approx(shape.share, abs=0.05)
    assert 0.05 < again < 0.15


def test_help_is_sought_several_times_in_an_episode() -> None:
    history, _ = the_city()
    marks = (history.events.cause == Cause.EPISODE).sum() / len(history.episodes)

    assert 4 < marks < 7


def test_an_episode_tells_now_and_then_and_innocents_hardly_ever() -> None:
    events = the_city()[0].events
    can_tell = np.isin(events.topic, CAN_TELL)
    tells = events.wording == Wording.TELL
    of_episode = events.cause == Cause.EPISODE
    break_ins = events.wording == Wording.BURGLARY

    assert 0.33 < tells[can_tell & of_episode].mean() < 0.45
    assert 0.002 < tells[can_tell & ~of_episode].mean() < 0.012
    assert 0.01 < break_ins[can_tell & ~of_episode].mean() < 0.025


@pytest.mark.parametrize(
    ("cause", "least_per_thousand"),
    [
        (Cause.VOID, 50),
        (Cause.RELET, 15),
        (Cause.LEAVING, 2),
        (Cause.PLANNED, 20),
        (Cause.STORM, 4),
        (Cause.BLOCK_EVENT, 2),
        (Cause.COMMUNAL, 40),
        (Cause.ADAPTATION, 25),
        (Cause.RECALL, 60),
        (Cause.SANCTUARY, 1.5),
        (Cause.SERVICES, 2),
        (Cause.BURGLARY, 4),
        (Cause.LOST_KEY, 6),
        (Cause.FIRE, 0.05),
    ],
)
def test_every_innocent_reason_has_volume(cause: Cause, least_per_thousand: float) -> None:
    assert events_of_cause_per_thousand(cause) > least_per_thousand


def test_some_households_are_noisy_and_some_are_hard_on_doors() -> None:
    households = the_city()[0].households

    assert 0.02 < (households.wear > 4).mean() < 0.08
    assert 0.02 < (households.noise > 5).mean() < 0.08
    assert households.wear.mean() == pytest.approx(1, abs=0.05)
