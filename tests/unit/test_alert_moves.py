"""The transition table: what an alert can do, and that it can do nothing else."""

import ast
from itertools import product
from pathlib import Path

import pytest

import redflags
from redflags.domain.alert import TRANSITIONS, AlertMove, AlertState, moved
from redflags.errors import IllegalMove

SOURCE = Path(redflags.__file__).parent
PAIRS = list(product(AlertState, AlertMove))


@pytest.mark.parametrize(("state", "move"), [pair for pair in PAIRS if pair not in TRANSITIONS])
def test_a_move_that_is_not_in_the_table_raises_and_says_what_is_possible(
    state: AlertState, move: AlertMove
) -> None:
    with pytest.raises(IllegalMove) as caught:
        moved(state, move)
    assert f"{state} cannot {move}" in str(caught.value)
    possible = [m for s, m in TRANSITIONS if s is state]
    assert all(m in str(caught.value) for m in possible)


def test_every_state_is_reached_from_raised_and_leads_to_closed() -> None:
    assert _reached_from(AlertState.RAISED) == set(AlertState)
    for state in AlertState:
        assert AlertState.CLOSED in _reached_from(state)


def test_no_alert_is_closed_but_from_a_decision() -> None:
    before = {(s, m) for (s, m), after in TRANSITIONS.items() if after is AlertState.CLOSED}
    assert before == {
        (AlertState.CLAIMED, AlertMove.CLOSE),
        (AlertState.OUTCOME_RECORDED, AlertMove.CLOSE),
        (AlertState.WELFARE_CHECK, AlertMove.STOP),
        (AlertState.ASSIGNED, AlertMove.STOP),
    }


def test_a_check_that_was_decided_never_falls_back_to_the_waiting_list() -> None:
    decided = {
        AlertState.WELFARE_CHECK,
        AlertState.ASSIGNED,
        AlertState.CONTACT_ATTEMPTED,
        AlertState.OUTCOME_RECORDED,
    }
    after = {TRANSITIONS[pair] for pair in PAIRS if pair in TRANSITIONS and pair[0] in decided}
    assert after == decided | {AlertState.CLOSED}


def test_a_closed_alert_can_only_be_reopened() -> None:
    assert [m for s, m in TRANSITIONS if s is AlertState.CLOSED] == [AlertMove.REOPEN]


def test_nothing_but_move_alert_changes_the_state_of_an_alert() -> None:
    """Who else changes an alert names the columns it writes, and the state is none of them."""
    written = {
        (path.name, keyword.arg)
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_update", "_change", "change")
        for keyword in node.keywords
    }
    changing = {p.name for p in SOURCE.rglob("*.py") if "update(ALERTS)" in p.read_text("utf-8")}
    assert changing == {"change_alert.py", "alert_writes.py"}
    assert ("alert_writes.py", "routing") in written
    assert "state" not in {column for _, column in written}


def _reached_from(state: AlertState) -> set[AlertState]:
    reached = {state}
    while new := {after for (s, _), after in TRANSITIONS.items() if s in reached} - reached:
        reached |= new
    return reached
