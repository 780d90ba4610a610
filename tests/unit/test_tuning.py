"""Thresholds that fill a capacity: what counts as work, which way to move, and how far."""

from datetime import timedelta

import pandas as pd
import pytest

from builders.detection import a_rule, a_ruleset
from builders.replays import labelled, week
from builders.rulesets import SHIPPED, with_min_score, without_episodes
from builders.whatif import facts, lock_rules, nightly
from redflags.analysis.replay.adjustable_thresholds import highest_of, is_left_alone
from redflags.analysis.replay.threshold_search import (
    ThresholdSearch,
    TuningGoal,
    propose,
)
from redflags.analysis.replay.what_if import (
    flag_rows,
    floors_of,
    other_scores,
    score_shape_of,
    shape_of,
    thresholds_of,
)
from redflags.analysis.replay.workload_forecast import (
    days_before,
    found_at_capacity,
    nights_of,
    raised_rows,
    workload_at,
)
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import RuleSet, ruleset_of_text
from redflags.services.thresholds.tune_thresholds import TuningRequest, TuningResult, lines

QUIET = 90


def workload(per_night: list[dict[str, tuple[float, float]]], ruleset: RuleSet) -> tuple[int, ...]:
    nights = nights_of({week(n): facts(**h) for n, h in enumerate(per_night)}, week(0))
    return workload_at(nights, ruleset, thresholds_of(ruleset), QUIET).per_night


def test_a_household_is_work_on_its_first_night_only() -> None:
    stays, comes = {"A": (4.0, 0.0)}, {"A": (4.0, 0.0), "B": (4.0, 0.0)}
    assert workload([stays, comes, comes], lock_rules()) == (1, 1, 0)


def test_a_household_is_work_again_when_its_quiet_period_is_over() -> None:
    quiet_nights: list[dict[str, tuple[float, float]]] = [{"A": (3.0, 0.0)}] * 12
    again = [{"A": (4.0, 0.0)}]
    assert workload([*again, *quiet_nights, *again], lock_rules())[-1] == 1  # 91 days later
    assert workload([*again, *quiet_nights[1:], *again], lock_rules())[-1] == 0  # 84 days later


def test_who_was_flagged_before_the_first_night_is_not_new_on_it() -> None:
    nights = nights_of(nightly(3, {"A": (4.0, 0.0)}), counted_from=week(1))
    assert workload_at(nights, lock_rules(), thresholds_of(lock_rules()), QUIET).per_night == (0, 0)


def test_the_nights_before_cover_the_quiet_period() -> None:
    before = days_before(week(0), QUIET, 7)
    assert (before[0], before[-1], len(before)) == (week(-13), week(-1), 13)


def test_the_specialists_and_what_goes_beyond_capacity_is_no_work_of_the_team() -> None:
    night = facts(A=(4.0, 0.0), B=(4.0, 0.0)).assign(specialist=[True, False])
    nights = nights_of({week(0): night}, week(0))
    ruleset = lock_rules()
    assert workload_at(nights, ruleset, thresholds_of(ruleset), QUIET).per_night == (1,)
    beyond = a_ruleset(locks=a_rule(min_count=4, beyond_capacity=True))
    assert workload_at(nights, beyond, thresholds_of(beyond), QUIET).per_night == (0,)


def test_the_most_urgent_are_raised_and_the_others_wait_for_the_next_night() -> None:
    homes = {"A": (4.0, 1.0), "B": (4.0, 3.0), "C": (4.0, 2.0)}
    nights = nights_of(nightly(3, homes), week(0))
    ruleset = lock_rules()
    said = flag_rows(nights.facts, thresholds_of(ruleset))
    rows = raised_rows(nights, ruleset, said, 1, QUIET)
    assert list(nights.facts["household"].iloc[rows]) == ["B", "C", "A"]


def test_an_episode_is_found_when_it_is_raised_while_under_way() -> None:
    homes = {"A": (4.0, 2.0), "B": (4.0, 1.0)}
    labels = labelled(("A", 0, None), ("B", 0, 0), ("D", 0, None))
    nights = nights_of(nightly(2, homes), week(0), labels)
    ruleset = lock_rules()
    rows = raised_rows(nights, ruleset, flag_rows(nights.facts, thresholds_of(ruleset)), 1, QUIET)
    found = found_at_capacity(nights, rows)
    assert (found.found, found.episodes, found.median_days) == (1, 3, 0.0)


# ---------------------------------------------------------------- proposals


def arriving(
    each_night: int, lowest: float, nights: int = 8
) -> dict[str, list[tuple[float, float]]]:
    """Households by first night, with scores from `lowest` up in quarters."""
    return {
        f"N{n}S{number}": [
            (0.0, lowest + number / 4) if n <= night else (0.0, 0.0) for night in range(nights)
        ]
        for n in range(nights)
        for number in range(each_night)
    }


def nights_arriving(each_night: int, lowest: float, nights: int = 8):  # type: ignore[no-untyped-def]
    homes = arriving(each_night, lowest, nights)
    tables = {
        week(night): facts(**{ref: course[night] for ref, course in homes.items()})
        for night in range(nights)
    }
    return nights_of(tables, week(0))


def test_too_much_work_raises_the_threshold_of_whom_it_costs_least() -> None:
    """Ten new a night with scores 4.0 to 6.25; four can be seen: the four oddest."""
    proposal = propose(nights_arriving(10, 4.0), lock_rules(), TuningGoal(4, QUIET))
    assert proposal.live.workload.mean == 10.0
    assert proposal.best.workload.mean == 4.0
    assert proposal.best.thresholds["odd"].min_score == 5.5
    assert [(s.rule_id, s.was, s.becomes) for s in proposal.changes] == [("odd", 4.0, 5.5)]


def test_too_little_work_lowers_a_threshold_until_the_capacity_is_full() -> None:
    proposal = propose(nights_arriving(10, 2.0), lock_rules(), TuningGoal(6, QUIET))
    assert proposal.live.workload.mean == 2.0
    assert proposal.best.workload.mean == 6.0
    assert proposal.best.thresholds["odd"].min_score == 3.0


def test_a_capacity_that_is_met_is_left_as_it_is() -> None:
    proposal = propose(nights_arriving(3, 4.0), lock_rules(), TuningGoal(3, QUIET))
    assert proposal.changes == []


def test_a_mean_that_fits_does_not_excuse_nights_that_overflow() -> None:
    goal = TuningGoal(10, QUIET)
    steady = nights_arriving(10, 4.0)
    assert goal.fits(propose(steady, lock_rules(), goal).live.workload)
    homes = {f"H{n}": (4.0, 0.0) for n in range(15)}
    bursts = {week(n): facts(**(homes if n % 2 else {"X": (0.0, 0.0)})) for n in (0, 1)}
    workload = workload_at(
        nights_of(bursts, week(0)), lock_rules(), thresholds_of(lock_rules()), QUIET
    )
    assert workload.mean <= 10 < max(workload.per_night)
    assert not goal.fits(workload)


def test_labels_find_the_threshold_that_finds_most() -> None:
    """Those with an episode have locks changed; those without only have odd scores."""
    homes = {f"E{n}": (3.0, 1.0) for n in range(4)} | {f"O{n}": (0.0, 4.0 + n) for n in range(4)}
    labels = labelled(*((f"E{n}", 0, None) for n in range(4)))
    nights = nights_of(nightly(4, homes), week(0), labels)
    proposal = propose(nights, lock_rules(), TuningGoal(8, QUIET, over=1.0))
    assert proposal.live.found is not None and proposal.live.found.found == 0
    assert proposal.best.found is not None and proposal.best.found.found == 4
    assert proposal.best.thresholds["locks"].min_count == 3


def test_who_comes_and_goes_is_given_up_first_even_where_scores_are_below_nought() -> None:
    rules = a_ruleset(stay=a_rule(min_count=2), go=a_rule(signals=("asb_report",), min_count=2))
    tables = {
        week(n): pd.DataFrame(
            {
                "household": ["S", "G"],
                "score": -0.4,
                "has_history": True,
                "specialist": False,
                "stay.count": [2.0, 0.0],
                "go.count": [0.0, 2.0 * (n % 2)],
            }
        )
        for n in range(8)
    }
    search = ThresholdSearch(nights_of(tables, week(0)), rules, TuningGoal(0, QUIET))
    stricter = next(search.towards_strict(search.point(thresholds_of(rules))))
    assert stricter.step is not None and stricter.step.rule_id == "go"


@pytest.mark.parametrize(("live", "highest"), [(2.0, 8.0), (0.0, 1.0)])
def test_a_threshold_can_always_be_raised(live: float, highest: float) -> None:
    assert highest_of(lock_rules(min_score=live).rules["odd"], "min_score") == highest


def test_a_proposal_that_scrapes_the_floor_says_so() -> None:
    def said(lowest_score: float) -> str:
        nights = nights_arriving(2, lowest_score)
        request = TuningRequest(2, week(0), week(7), timedelta(days=7))
        proposal = propose(nights, lock_rules(), TuningGoal(2, QUIET))
        return "\n".join(lines(TuningResult(request, proposal, nights, 16)))

    assert "as low as can be tried: 1 of 1" in said(2.0)
    assert "as low as can be tried" not in said(3.0)


def test_policy_is_left_alone() -> None:
    assert is_left_alone(a_rule(min_count=1))
    assert is_left_alone(a_rule(min_count=3, beyond_capacity=True))
    assert is_left_alone(a_rule(min_count=3, priority="first"))
    assert not is_left_alone(a_rule(min_count=3))
    assert not is_left_alone(a_rule(min_count=1, min_surprise=2.0))


def test_rule_sets_that_differ_in_thresholds_alone_have_one_shape() -> None:
    assert shape_of(lock_rules(4)) == shape_of(lock_rules(2, 9.0))
    other = a_ruleset(locks=a_rule(min_count=4, window_days=365))
    assert shape_of(other) != shape_of(a_ruleset(locks=a_rule(min_count=4)))


def read(text: str) -> RuleSet:
    return ruleset_of_text("asked", text, COUNTED_SIGNALS)


def test_a_score_in_powers_of_ten_can_be_tried_down_to_a_quarter_and_another_to_half() -> None:
    live = floors_of(read(with_min_score(2.0)))["unusual_pattern"]
    before = floors_of(read(without_episodes(with_min_score(4.5))))["unusual_pattern"]
    assert (live.min_score, before.min_score) == (0.5, 2.25)


def test_thresholds_leave_the_score_what_it_is() -> None:
    live = read(SHIPPED)
    assert score_shape_of(read(with_min_score(2.5))) == score_shape_of(live)
    assert other_scores(live, "stricter", read(with_min_score(2.5))) == ""


def test_a_rule_set_with_another_score_says_that_it_cannot_be_compared() -> None:
    live, before = read(SHIPPED), read(without_episodes())
    assert "no min_score of one rule set can be compared" in other_scores(live, "before", before)
    weights = SHIPPED.replace("outlier_weight = { value = 0.1", "outlier_weight = { value = 0.2")
    assert other_scores(live, "other", read(weights)) != ""
