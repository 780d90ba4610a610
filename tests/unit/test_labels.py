"""What is known of households after people have looked, and how much each outcome counts."""

from datetime import date, timedelta
from math import exp

import pytest

from redflags.analysis.learning.outcome_labels import (
    BelowLineFinding,
    ClosedCase,
    KnownOutcome,
    SamplingDesign,
    known_outcomes,
)
from redflags.analysis.learning.outcome_labels import weight_below_line as weight_of
from redflags.domain.alert import Origin
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import BelowLineVerdict

NIGHT = date(2026, 3, 2)
REACH = SamplingDesign(depth=200, quiet_days=90, largest_weight=20.0, unvisited_trust=0.5)


def closed(
    outcome: Outcome,
    alert_id: str = "A1",
    origin: Origin = Origin.DETECTED,
    raised_on: date = NIGHT,
) -> ClosedCase:
    return ClosedCase(alert_id, f"T-{alert_id}", raised_on, outcome, origin)


def looked_at(
    verdict: BelowLineVerdict, night: date = NIGHT, household: str = "T-B", alert_id: str = ""
) -> BelowLineFinding:
    return BelowLineFinding(household, night, verdict, alert_id)


def test_every_outcome_is_a_need_or_none_or_unknown() -> None:
    known = {
        outcome: found[0].has_need
        if (found := known_outcomes([closed(outcome)], [], REACH))
        else None
        for outcome in Outcome
    }
    assert known == {
        Outcome.NO_CHECK_NEEDED: False,
        Outcome.WRONG_DATA: None,
        Outcome.ALREADY_SUPPORTED: True,
        Outcome.NO_CONCERN_FOUND: False,
        Outcome.COULD_NOT_REACH: None,
        Outcome.WELFARE_NEED_MET: True,
        Outcome.DISCLOSED_ACCEPTS_SUPPORT: True,
        Outcome.DISCLOSED_DECLINES_SUPPORT: True,
        Outcome.OTHER_NEED: True,
    }


def test_an_alert_counts_as_one_on_the_night_it_was_raised() -> None:
    assert known_outcomes([closed(Outcome.NO_CONCERN_FOUND)], [], REACH) == [
        KnownOutcome("T-A1", NIGHT, has_need=False, weight=1.0)
    ]


def test_where_nobody_spoke_to_the_household_an_outcome_counts_for_part() -> None:
    (found,) = known_outcomes([closed(Outcome.NO_CHECK_NEEDED)], [], REACH)
    assert found.weight == REACH.unvisited_trust


def test_an_alert_from_a_colleague_teaches_no_order() -> None:
    assert not known_outcomes([closed(Outcome.OTHER_NEED, origin=Origin.STAFF_CONCERN)], [], REACH)


def test_a_household_raised_from_below_the_line_counts_once_on_the_night_it_was_drawn() -> None:
    alert = closed(
        Outcome.WELFARE_NEED_MET, "A9", Origin.BELOW_LINE_SAMPLE, NIGHT + timedelta(days=4)
    )
    drawn = looked_at(BelowLineVerdict.RAISE, household=alert.household, alert_id="A9")
    (found,) = known_outcomes([alert], [drawn], REACH)
    assert (found.as_of, found.has_need, found.is_below_line) == (NIGHT, True, True)
    assert found.weight == weight_of([drawn], REACH)


def test_while_its_alert_is_open_a_drawn_household_teaches_nothing() -> None:
    assert not known_outcomes([], [looked_at(BelowLineVerdict.RAISE, alert_id="A9")], REACH)


def test_a_household_left_alone_is_a_weak_negative() -> None:
    drawn = looked_at(BelowLineVerdict.LEAVE)
    (found,) = known_outcomes([], [drawn], REACH)
    assert not found.has_need
    assert found.weight == weight_of([drawn], REACH) * REACH.unvisited_trust


def test_a_drawn_household_stands_for_those_it_was_drawn_from() -> None:
    each_night = [
        looked_at(BelowLineVerdict.LEAVE, NIGHT + timedelta(days=day), f"T{day}-{which}")
        for day in range(90)
        for which in range(2)
    ]
    assert weight_of(each_night, REACH) == pytest.approx(1 / (1 - exp(-180 / 200)))


def test_a_year_of_looking_at_the_same_pace_weighs_the_same_as_a_quarter() -> None:
    year = [
        looked_at(BelowLineVerdict.LEAVE, NIGHT + timedelta(days=day), f"T{day}")
        for day in range(360)
    ]
    assert weight_of(year, REACH) == pytest.approx(weight_of(year[:90], REACH))


def test_one_rare_draw_weighs_no_more_than_agreed() -> None:
    assert weight_of([looked_at(BelowLineVerdict.LEAVE)], REACH) == REACH.largest_weight


def test_weights_undo_the_drawing() -> None:
    """Of 200 households below the line 30 have a need; the weighted sample says so."""
    import random

    draw = random.Random(4)
    sums = []
    for _ in range(300):
        drawn = {
            draw.randrange(200): NIGHT + timedelta(days=day) for day in range(90) for _ in range(2)
        }
        looks = [looked_at(BelowLineVerdict.LEAVE, NIGHT + timedelta(days=d)) for d in range(90)]
        sums.append(weight_of(looks * 2, REACH) * sum(household < 30 for household in drawn))
    assert sum(sums) / len(sums) == pytest.approx(30, rel=0.03)


def test_the_order_of_what_is_known_does_not_depend_on_the_order_it_came_in() -> None:
    cases = [closed(Outcome.OTHER_NEED, name) for name in ("A3", "A1", "A2")]
    assert known_outcomes(cases, [], REACH) == known_outcomes(cases[::-1], [], REACH)
