"""The queue as it would have been: capacity, quiet periods and reviews between replayed nights."""

from datetime import timedelta

from builders.detection import a_candidate, a_record, days_ago
from builders.replays import labelled, simulated_queue, week
from redflags.domain.outcome import Outcome


def test_capacity_holds_back_who_is_less_urgent() -> None:
    queue = simulated_queue(capacity=1)
    night = queue.night(week(0), [a_candidate("A", score=2.0), a_candidate("B", score=1.0)])
    assert [alert.household for alert in night.raised] == ["A"]
    assert (night.waiting, night.open) == (1, 1)
    assert set(night.flagged) == {"A", "B"}


def test_an_open_alert_is_not_raised_again_and_grows_with_a_new_record() -> None:
    queue = simulated_queue(review_after_days=30)
    queue.night(week(0), [a_candidate("A")])
    again = queue.night(week(1), [a_candidate("A")])
    assert (again.raised, again.updated) == ((), 0)
    news = a_candidate("A", records=[a_record(days_ago(0), ref="NEW")])
    assert queue.night(week(2), [news]).updated == 1


def test_an_alert_is_reviewed_when_its_days_are_over_and_not_before() -> None:
    queue = simulated_queue(review_after_days=7)
    queue.night(week(0), [a_candidate("A")])
    queue.review(week(1) - timedelta(days=1))
    assert set(queue.content.open) == {"A"}
    queue.review(week(1))
    assert queue.content.open == {}
    assert [alert.closed_on for alert in queue.content.closed] == [week(1)]


def test_a_reviewed_household_has_its_quiet_period() -> None:
    queue = simulated_queue(review_after_days=7)
    queue.night(week(0), [a_candidate("A")])
    queue.review(week(1))
    assert queue.night(week(1), [a_candidate("A")]).raised == ()


def test_a_need_is_found_where_the_labels_say_so_and_only_there() -> None:
    queue = simulated_queue(labels=labelled(("A", 0, None)))
    queue.night(week(0), [a_candidate("A"), a_candidate("B")])
    queue.review(week(1))
    outcomes = {alert.tenancy_ref: alert.outcome for alert in queue.content.closed}
    assert outcomes == {"A": Outcome.WELFARE_NEED_MET, "B": Outcome.NO_CONCERN_FOUND}
    assert queue.confirmed == {"A"}
