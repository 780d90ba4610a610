"""What holds for every sentence and every plan of the queue."""

import math
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.detection import (
    AS_OF,
    a_candidate,
    a_record,
    a_rule,
    a_score_rule,
    closed_alert,
    just_below,
    open_alert,
    queue_settings,
    queue_state,
)
from builders.examples import examples
from redflags.analysis.ordering.queueing import plan_queue
from redflags.analysis.ordering.reason_sentences import Findings, reason
from redflags.analysis.schemas import SIGNALS
from redflags.configuration.ruleset import Rule
from redflags.domain.alert import Priority, Routing
from redflags.domain.queue_state import QueueState

SOME = examples(80)
rates = st.one_of(st.floats(0, 1e4), st.sampled_from([math.nan, math.inf, 0.0, 1e-300]))
signals = st.lists(st.sampled_from(SIGNALS), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    match draw(st.sampled_from(["count", "tells", "distinct", "cost", "score", "often"])):
        case "tells":
            return a_rule(tell_only=True, signals=draw(signals))
        case "distinct":
            return a_rule(kind="distinct", signals=draw(signals))
        case "cost":
            return a_rule(kind="cost", signals=("repair_cost",))
        case "score":
            return a_score_rule(1.0)
        case "often":
            return a_rule(signals=("repair_count",))
        case _:
            return a_rule(signals=draw(signals))


@st.composite
def findings(draw: st.DrawFn, rule: Rule) -> Findings:
    known = {"cost": ("repair_count",), "score": SIGNALS}.get(rule.kind, rule.signals)
    one = st.builds(
        lambda days, signal: a_record(AS_OF - timedelta(days=days), signal),
        st.integers(0, 364),
        st.sampled_from(known),
    )
    return Findings(
        records=draw(st.lists(one, min_size=0 if rule.kind == "score" else 1, max_size=25)),
        all_records=draw(st.integers(0, 60)),
        like_homes_rate=draw(rates),
        own_rate=draw(rates),
        cost_gbp=draw(st.floats(0, 1e6)),
    )


@SOME
@given(st.data())
def test_every_reason_is_a_sentence_without_a_broken_number(data: st.DataObject) -> None:
    rule = data.draw(rules())
    told = reason("asked", rule, data.draw(findings(rule)))
    assert re.fullmatch(r"[A-Z0-9£].{10,}\.", told.sentence)
    assert not re.search(r"\bnan\b|\binf\b", told.sentence.lower())
    assert not re.search(
        r"\b1 (lock changes|repairs|jobs|reports|requests|signs|concerns|different)\b",
        told.sentence,
    )
    assert list(told.evidence) == sorted(told.evidence)


# ---------------------------------------------------------------- the queue


@st.composite
def households(draw: st.DrawFn) -> list:
    refs = draw(st.lists(st.integers(0, 15), max_size=12, unique=True))
    return [
        a_candidate(
            f"T{ref:02}",
            score=draw(st.sampled_from([1.0, 2.0, 2.0, 3.5])),
            priority=draw(st.sampled_from(list(Priority))),
            specialist=draw(st.booleans()),
            beyond_capacity=draw(st.booleans()),
            records=[
                a_record(
                    AS_OF - timedelta(days=draw(st.integers(0, 120))),
                    draw(st.sampled_from(["lock_change", "staff_concern"])),
                    tell=draw(st.sampled_from(["", "force"])),
                )
            ],
        )
        for ref in refs
    ]


@st.composite
def states(draw: st.DrawFn) -> QueueState:
    refs = st.integers(0, 15).map(lambda ref: f"T{ref:02}")
    days: st.SearchStrategy[date] = st.integers(0, 120).map(lambda n: AS_OF - timedelta(days=n))
    waiting = draw(st.lists(refs, max_size=4, unique=True))
    reviewed = draw(st.lists(st.tuples(refs, days, st.none() | days), max_size=5))
    return queue_state(
        *(open_alert(ref) for ref in waiting),
        *(closed_alert(ref, closed_on, until) for ref, closed_on, until in reviewed),
        raised=draw(st.integers(0, 4)),
        sampled=draw(st.booleans()),
    )


SETTINGS = queue_settings(capacity=3, sample_size=2, sample_depth=10)


@SOME
@given(households(), states(), st.randoms(use_true_random=False))
def test_the_order_candidates_come_in_changes_nothing(
    homes: list, state: QueueState, random
) -> None:
    below = just_below(20)
    shuffled = random.sample(homes, len(homes))
    reordered = QueueState(
        state.as_of,
        state.open,
        tuple(random.sample(state.closed, len(state.closed))),
        state.raised,
        state.sampled,
    )
    assert plan_queue(homes, below, state, SETTINGS) == plan_queue(
        shuffled, below, reordered, SETTINGS
    )


@SOME
@given(households(), states())
def test_nobody_gets_two_alerts_and_nobody_more_work_than_they_can_do(
    homes: list, state: QueueState
) -> None:
    plan = plan_queue(homes, just_below(20), state, SETTINGS)
    raised = [candidate.tenancy_ref for candidate in plan.to_raise]
    grown = [known.tenancy_ref for known, _ in plan.to_update]
    assert len(raised) == len(set(raised))
    assert not set(raised) & set(state.open)
    assert set(grown) == set(state.open) & {candidate.tenancy_ref for candidate in homes}
    ordinary = [
        candidate
        for candidate in plan.to_raise
        if candidate.routing is Routing.GENERAL and not candidate.beyond_capacity
    ]
    assert len(ordinary) <= max(3 - state.raised[Routing.GENERAL], 0)
    assert plan.waiting >= 0
    urgencies = [candidate.urgency for candidate in plan.to_raise]
    assert urgencies == sorted(urgencies)


@SOME
@given(households(), states())
def test_a_second_run_raises_and_samples_nothing(homes: list, state: QueueState) -> None:
    below = just_below(20)
    first = plan_queue(homes, below, state, SETTINGS)
    general = sum(candidate.routing is Routing.GENERAL for candidate in first.to_raise)
    again = QueueState(
        as_of=state.as_of,
        open=dict(state.open) | {c.tenancy_ref: open_alert(c.tenancy_ref) for c in first.to_raise},
        closed=state.closed,
        raised={Routing.GENERAL: state.raised[Routing.GENERAL] + general},
        sampled=True,
    )
    second = plan_queue(homes, below, again, SETTINGS)
    assert second.to_raise == ()
    assert second.sample == ()
    assert second.waiting == first.waiting


@SOME
@given(households(), states(), st.integers(0, 5), st.integers(0, 5))
def test_more_capacity_never_leaves_out_whom_less_would_raise(
    homes: list, state: QueueState, capacity: int, more: int
) -> None:
    fewer, all_of_them = (
        {c.tenancy_ref for c in plan_queue(homes, [], state, queue_settings(each)).to_raise}
        for each in (capacity, capacity + more)
    )
    assert fewer <= all_of_them


@pytest.mark.parametrize("size", [0, 1, 5])
def test_a_sample_is_below_the_line_and_never_larger_than_told(size: int) -> None:
    below = just_below(40)
    for days in range(30):
        state = queue_state(as_of=AS_OF + timedelta(days=days))
        settings_ = queue_settings(sample_size=size, sample_depth=10)
        sample = plan_queue([], below, state, settings_).sample
        assert len(sample) == len(set(sample)) == size
        assert set(sample) <= set(below[:10])
