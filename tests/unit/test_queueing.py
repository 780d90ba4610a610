"""Whom the night puts before a person, and whom it leaves in peace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.detection import (
    AS_OF,
    a_candidate,
    a_record,
    closed_alert,
    days_ago,
    just_below,
    open_alert,
    queue_settings,
    queue_state,
)
from redflags.analysis.ordering.queueing import Candidate, QueuePlan, plan_queue
from redflags.configuration.ruleset import Queue
from redflags.domain.alert import Priority, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import QueueState


def plan(
    *candidates: Candidate, state: QueueState | None = None, settings: Queue | None = None
) -> QueuePlan:
    return plan_queue(candidates, [], state or queue_state(), settings or queue_settings())


def raised(made: QueuePlan) -> list[str]:
    return [candidate.tenancy_ref for candidate in made.to_raise]


def many(count: int) -> list[Candidate]:
    return [a_candidate(f"T{number}", score=10.0 - number) for number in range(count)]


# ---------------------------------------------------------------- order and capacity


def test_no_more_are_raised_than_people_can_look_at() -> None:
    made = plan(*many(4), settings=queue_settings(capacity=3))
    assert raised(made) == ["T0", "T1", "T2"]
    assert made.waiting == 1


def test_all_are_raised_when_there_is_room() -> None:
    made = plan(*many(3), settings=queue_settings(capacity=3))
    assert len(made.to_raise) == 3
    assert made.waiting == 0


def test_priority_goes_before_score_and_score_before_reference() -> None:
    made = plan(
        a_candidate("B", score=1, priority=Priority.FIRST),
        a_candidate("D", score=9, priority=Priority.SOON),
        a_candidate("C", score=9, priority=Priority.SOON),
        a_candidate("A", score=99, priority=Priority.ROUTINE),
    )
    assert raised(made) == ["B", "C", "D", "A"]


def test_what_is_beyond_capacity_is_raised_and_takes_no_place() -> None:
    made = plan(
        *many(1),
        a_candidate("concern", score=99, beyond_capacity=True),
        settings=queue_settings(capacity=1),
    )
    assert set(raised(made)) == {"concern", "T0"}


def test_the_specialists_alerts_take_no_place_in_the_general_queue() -> None:
    made = plan(
        *many(2), a_candidate("S", score=99, specialist=True), settings=queue_settings(capacity=1)
    )
    assert raised(made) == ["S", "T0"]
    assert made.waiting == 1


def test_no_capacity_still_lets_concerns_and_the_specialist_through() -> None:
    made = plan(
        *many(2),
        a_candidate("C", beyond_capacity=True),
        a_candidate("S", specialist=True),
        settings=queue_settings(capacity=0),
    )
    assert sorted(raised(made)) == ["C", "S"]


def test_what_the_night_already_raised_is_spent() -> None:
    settings = queue_settings(capacity=3)
    assert len(plan(*many(5), state=queue_state(raised=2), settings=settings).to_raise) == 1
    assert len(plan(*many(5), state=queue_state(raised=9), settings=settings).to_raise) == 0


def test_what_went_to_the_specialist_is_not_spent() -> None:
    state = queue_state(raised_specialist=9)
    assert len(plan(*many(5), state=state, settings=queue_settings(capacity=3)).to_raise) == 3


# ---------------------------------------------------------------- one alert a household


def test_an_open_alert_grows_instead_of_a_second_one() -> None:
    known = open_alert("T1")
    candidate = a_candidate("T1")
    made = plan(candidate, state=queue_state(known))
    assert made.to_raise == ()
    assert made.to_update == ((known, candidate),)
    assert made.waiting == 0


def test_a_growing_alert_takes_no_place() -> None:
    made = plan(
        a_candidate("T1", score=99),
        a_candidate("T2"),
        state=queue_state(open_alert("T1")),
        settings=queue_settings(capacity=1),
    )
    assert raised(made) == ["T2"]


def test_an_open_alert_nobody_speaks_of_tonight_is_left_alone() -> None:
    assert plan(state=queue_state(open_alert("T1"))).to_update == ()


def test_a_second_run_of_the_same_night_finds_nothing_to_do() -> None:
    candidates, below = many(4), just_below(20)
    settings = queue_settings(capacity=3, sample_size=2)
    first = plan_queue(candidates, below, queue_state(), settings)
    now_open = [open_alert(c.tenancy_ref, sorted(c.evidence)) for c in first.to_raise]
    state = queue_state(*now_open, raised=len(first.to_raise), sampled=True)
    second = plan_queue(candidates, below, state, settings)
    assert second.to_raise == ()
    assert second.sample == ()
    assert second.waiting == first.waiting == 1
    for known, candidate in second.to_update:
        assert {record.key for record in candidate.evidence} <= known.evidence_keys
        assert candidate.priority == known.priority


# ---------------------------------------------------------------- the quiet period


@pytest.mark.parametrize(("days", "comes_up"), [(0, False), (1, False), (89, False), (90, True)])
def test_a_reviewed_household_rests_for_the_quiet_period(days: int, comes_up: bool) -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(days)))
    old = a_candidate("T1", records=[a_record(days_ago(100))])
    assert bool(plan(old, state=state).to_raise) == comes_up


def test_who_rests_does_not_wait() -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(1)))
    assert plan(a_candidate("T1"), state=state).waiting == 0


def test_the_last_review_counts() -> None:
    state = queue_state(
        closed_alert("T1", closed_on=days_ago(200)), closed_alert("T1", closed_on=days_ago(10))
    )
    assert not plan(a_candidate("T1"), state=state).to_raise


def test_another_households_review_silences_nobody() -> None:
    assert plan(a_candidate("T1"), state=queue_state(closed_alert("T2"))).to_raise


@pytest.mark.parametrize(
    ("record", "comes_up"),
    [
        (a_record(days_ago(9), "lock_change"), False),
        (a_record(days_ago(9), "staff_concern"), True),
        (a_record(days_ago(9), "lock_change", tell="force"), True),
        (a_record(days_ago(30), "staff_concern"), True),  # logged late, and nobody has seen it
        (a_record(days_ago(10), "lock_change", tell="force"), False),
    ],
)
def test_only_something_new_and_graver_breaks_the_rest(record, comes_up: bool) -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(10)))
    assert bool(plan(a_candidate("T1", records=[record]), state=state).to_raise) == comes_up


@pytest.mark.parametrize(
    ("record", "comes_up"),
    [
        (a_record(days_ago(20), tell="force"), True),  # came in after somebody had looked
        (a_record(days_ago(21), tell="force"), False),
    ],
)
def test_a_record_of_the_days_of_the_review_that_nobody_saw_is_news(record, comes_up) -> None:
    reviewed = closed_alert("T1", closed_on=days_ago(10), raised_on=days_ago(20))
    candidate = a_candidate("T1", records=[record])
    assert bool(plan(candidate, state=queue_state(reviewed)).to_raise) == comes_up


@pytest.mark.parametrize("days", [10, 200])
def test_what_somebody_has_looked_at_is_never_raised_again(days: int) -> None:
    seen = a_record(days_ago(5), "staff_concern")
    reviewed = closed_alert("T1", closed_on=days_ago(days), seen=[seen])
    state = queue_state(reviewed)
    assert not plan(a_candidate("T1", records=[seen]), state=state).to_raise
    news = a_record(days_ago(4), "staff_concern", ref="N2")
    assert plan(a_candidate("T1", records=[seen, news]), state=state).to_raise


def test_a_score_that_moved_is_no_news() -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(10)))
    louder = a_candidate("T1", score=999, priority=Priority.FIRST)
    assert not plan(louder, state=state).to_raise


@pytest.mark.parametrize(("days", "comes_up"), [(10, False), (9, True), (5, True), (4, False)])
def test_a_watched_household_comes_back_with_any_record_while_it_is_watched(
    days: int, comes_up: bool
) -> None:
    state = queue_state(
        closed_alert("T1", closed_on=days_ago(10), watched_until=days_ago(5)),
    )
    news = a_candidate("T1", records=[a_record(days_ago(days))])
    assert bool(plan(news, state=state).to_raise) == comes_up


def test_a_watch_that_is_over_leaves_the_usual_rest() -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(10), watched_until=days_ago(5)))
    plain = a_candidate("T1", records=[a_record(days_ago(4))])
    grave = a_candidate("T1", records=[a_record(days_ago(4), tell="fear")])
    assert not plan(plain, state=state).to_raise
    assert plan(grave, state=state).to_raise


# ---------------------------------------------------------------- the sample


def sample(state: QueueState, depth: int = 200, size: int = 2, homes: int = 300) -> list[str]:
    settings = queue_settings(sample_size=size, sample_depth=depth)
    drawn = plan_queue([], just_below(homes), state, settings).sample
    return [household.tenancy_ref for household in drawn]


def test_the_same_night_draws_the_same_sample_and_another_night_another() -> None:
    nights = [queue_state(as_of=AS_OF + timedelta(days=days)) for days in range(20)]
    assert sample(nights[0]) == sample(nights[0])
    assert len({tuple(sample(night)) for night in nights}) > 15


def test_the_sample_reaches_no_deeper_than_told() -> None:
    reached = {
        ref
        for days in range(200)
        for ref in sample(queue_state(as_of=AS_OF + timedelta(days=days)), depth=5)
    }
    assert reached == {"B001", "B002", "B003", "B004", "B005"}


def test_a_sample_larger_than_what_there_is_takes_all_in_order_of_rank() -> None:
    assert sample(queue_state(), size=9, homes=3) == ["B001", "B002", "B003"]
    assert sample(queue_state(), homes=0) == []


def test_a_night_draws_its_sample_once() -> None:
    assert sample(queue_state(sampled=True)) == []


def test_who_is_with_a_reviewer_or_rests_is_not_sampled() -> None:
    state = queue_state(open_alert("B001"), closed_alert("B002", closed_on=days_ago(3)))
    assert sample(state, size=9, homes=3) == ["B003"]


def test_who_has_rested_may_be_sampled() -> None:
    state = queue_state(closed_alert("B001", closed_on=days_ago(90)))
    assert sample(state, homes=1) == ["B001"]


# ---------------------------------------------------------------- protections that come later


def test_an_open_alert_goes_to_the_specialist_when_its_household_is_protected_by_now() -> None:
    state = queue_state(open_alert("T1"), open_alert("T2"))
    made = plan_queue([], [], state, queue_settings(), protected={"T2", "T3"})
    assert [alert.tenancy_ref for alert in made.to_hand_over] == ["T2"]


def test_what_the_specialist_has_is_not_handed_over_again() -> None:
    state = queue_state(replace(open_alert("T1"), routing=Routing.SPECIALIST))
    assert plan_queue([], [], state, queue_settings(), protected={"T1"}).to_hand_over == ()


# ---------------------------------------------------------------- graver, not reached, made up for


@pytest.mark.parametrize("signal", ["homeless_presentation", "abandonment"])
def test_a_sign_that_speaks_for_itself_breaks_the_rest(signal: str) -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(10)))
    news = a_candidate("T1", records=[a_record(days_ago(9), signal)])
    assert plan(news, state=state).to_raise


@pytest.mark.parametrize(("before", "comes_up"), [(Priority.SOON, True), (Priority.FIRST, False)])
def test_news_that_put_a_household_higher_than_before_break_the_rest(before, comes_up) -> None:
    state = queue_state(closed_alert("T1", closed_on=days_ago(10), priority=before))
    news = a_candidate("T1", priority=Priority.FIRST, records=[a_record(days_ago(9))])
    assert bool(plan(news, state=state).to_raise) == comes_up


def test_any_news_of_a_household_nobody_could_reach_is_heard() -> None:
    review = closed_alert("T1", closed_on=days_ago(10), outcome=Outcome.COULD_NOT_REACH)
    state = queue_state(review)
    assert plan(a_candidate("T1", records=[a_record(days_ago(9))]), state=state).to_raise
    assert not plan(a_candidate("T1", records=[a_record(days_ago(11))]), state=state).to_raise


def test_a_night_made_up_for_raises_nobody_who_was_reviewed_since() -> None:
    state = replace(queue_state(), reviewed_later=frozenset({"T1"}))
    made = plan(a_candidate("T1"), a_candidate("T2"), state=state)
    assert [candidate.tenancy_ref for candidate in made.to_raise] == ["T2"]


# ---------------------------------------------------------------- nobody waits for ever


def a_busy_night(nights_ago: int, waiting: Sequence[Candidate]) -> list[str]:
    """Whom a night with five fresh and more urgent households raises."""
    fresh = [
        a_candidate(f"N{nights_ago}-{n}", records=[a_record(days_ago(0), ref=f"{nights_ago}-{n}")])
        for n in range(5)
    ]
    return raised(plan(*fresh, *waiting, settings=queue_settings(5, waiting_share=0.2)))


def test_a_share_of_the_capacity_is_for_who_waits_longest() -> None:
    waiting = [
        a_candidate("A", priority=Priority.ROUTINE, records=[a_record(days_ago(30))]),
        a_candidate("B", priority=Priority.ROUTINE, records=[a_record(days_ago(80))]),
    ]
    assert a_busy_night(1, waiting) == ["N1-0", "N1-1", "N1-2", "N1-3", "B"]
    assert a_busy_night(2, waiting[:1]) == ["N2-0", "N2-1", "N2-2", "N2-3", "A"]


def test_without_others_that_wait_the_whole_capacity_is_for_the_most_urgent() -> None:
    assert len(a_busy_night(1, [])) == 5
