"""Who may do what on an alert, and in which state: acts enforce it, pages ask it.

One table for both, so that a page never offers what its act refuses. Where an act moves the alert,
its states are those of the transition table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redflags.domain.alert import (
    ASSIGNED_STATES,
    CHECK_STATES,
    CLAIM_STATES,
    OPEN_STATES,
    AlertMove,
    AlertState,
    states_for,
)
from redflags.domain.people import DECIDING_ROLES, OVERSEEING_ROLES, Person, Role
from redflags.errors import IllegalMove, NotAllowed


class AlertAct(StrEnum):
    """What somebody may want to do with an alert that they may know of."""

    CLAIM = "claim"
    RELEASE = "release"
    ASK_COLLEAGUE = "ask_colleague"
    ANSWER = "answer"
    TAKE_OVER = "take_over"
    DECIDE_WELFARE_CHECK = "decide_welfare_check"
    CLOSE_AT_TRIAGE = "close_at_triage"
    GIVE = "give"
    SEE_CHECK = "see_check"
    ASSIGN = "assign"
    PLAN_CONTACT = "plan_contact"
    LOG_ATTEMPT = "log_attempt"
    RECORD_OUTCOME = "record_outcome"
    RECORD_DASH = "record_dash"
    ASK_RECHARGE_REVIEW = "ask_recharge_review"
    CLOSE_CHECK = "close_check"
    STOP_CHECK = "stop_check"
    REOPEN = "reopen"
    LOOK_WITH_REASON = "look_with_reason"
    READ = "read"
    ADD_NOTE = "add_note"
    REFER = "refer"
    ANSWER_REFERRAL = "answer_referral"


Who = Callable[[Person, Any], bool]
"""Whether an act is that person's; of an alert as `refusal` takes it, or None before there is."""


@dataclass(frozen=True, slots=True)
class Permission:
    """In which states an act has its place, whose it is, and what anybody else is told."""

    states: tuple[AlertState, ...]
    who: Who
    whose: str


def refusal(act: AlertAct, person: Person, case: Any) -> IllegalMove | NotAllowed | None:
    """Why `person` may not do it now, the state before the person; None when they may.

    `case` is a row of ALERTS with `may_read` beside it, or a CaseFile. Whether they may know of
    the alert at all is asked before, in `policy.visibility`.
    """
    permission = PERMISSIONS[act]
    if AlertState(case.state) not in permission.states:
        expected = " or ".join(permission.states)
        return IllegalMove(f"{act} needs an alert that is {expected}, and this one is {case.state}")
    return None if permission.who(person, case) else NotAllowed(permission.whose)


def enforce(act: AlertAct, person: Person, case: Any) -> None:
    """Raises what `refusal` gives."""
    if (refused := refusal(act, person, case)) is not None:
        raise refused


def permitted(person: Person, case: Any) -> frozenset[AlertAct]:
    """Everything that `person` may do with the alert now, for a page to offer."""
    return frozenset(act for act in AlertAct if refusal(act, person, case) is None)


def has_role_for(act: AlertAct, person: Person) -> bool:
    """Whether they may ever do it, where it depends on nothing but their roles."""
    return PERMISSIONS[act].who(person, None)


def enforce_role(act: AlertAct, person: Person) -> None:
    """Before any alert is looked at. Raises NotAllowed unless `has_role_for`."""
    refuse_unless(has_role_for(act, person), PERMISSIONS[act].whose)


def refuse_unless(is_theirs: bool, whose: str) -> None:
    """Raises NotAllowed with the sentence `whose` unless the act is theirs."""
    if not is_theirs:
        raise NotAllowed(whose)


def _is(who: Any, person: Person) -> bool:
    """`who` is a person_id, a PersonName or nobody."""
    return bool(getattr(who, "person_id", who) == person.person_id)


def _decides(person: Person, _case: Any) -> bool:
    return person.has(*DECIDING_ROLES)


def _oversees(person: Person, _case: Any) -> bool:
    return person.has(*OVERSEEING_ROLES)


def _manages(person: Person, _case: Any) -> bool:
    return person.has(Role.MANAGER)


def _knows(_person: Person, _case: Any) -> bool:
    return True


def _reads(_person: Person, case: Any) -> bool:
    return bool(case.may_read)


def _has_claim(person: Person, case: Any) -> bool:
    return _is(case.claimed_by, person) and _decides(person, case)


def _was_asked(person: Person, case: Any) -> bool:
    return _is(case.asked_person, person)


def _asked_or_was_asked(person: Person, case: Any) -> bool:
    return _decides(person, case) and (_is(case.claimed_by, person) or _was_asked(person, case))


def _decided_or_oversees(person: Person, case: Any) -> bool:
    decided = _is(case.claimed_by, person) or _is(case.decided_by, person)
    return decided or _oversees(person, case)


def _makes_check(person: Person, case: Any) -> bool:
    return _is(case.assigned_to, person)


def _makes_check_or_is_specialist(person: Person, case: Any) -> bool:
    return _makes_check(person, case) or person.has(Role.SPECIALIST)


def _closed_or_oversees(person: Person, case: Any) -> bool:
    return _is(case.closed_by, person) or _oversees(person, case)


_DECIDERS = "Only reviewers and specialists can do this"
_OVERSEERS = "Only managers and specialists can do this"
_READERS = "Only the person working on this alert can do this"
_CLAIMANT = "Only the person who has taken this alert can do this"
_ASSIGNEE = "Only the person making this welfare check can do this"
_A, _M, _EVER = AlertAct, AlertMove, tuple(AlertState)
_CLOSE = states_for(_M.CLOSE)

PERMISSIONS: Mapping[AlertAct, Permission] = {
    _A.CLAIM: Permission(states_for(_M.CLAIM), _decides, _DECIDERS),
    _A.RELEASE: Permission(states_for(_M.RELEASE), _has_claim, _CLAIMANT),
    _A.ASK_COLLEAGUE: Permission(states_for(_M.ASK_COLLEAGUE), _has_claim, _CLAIMANT),
    _A.ANSWER: Permission(
        states_for(_M.ANSWER), _was_asked, "Only the colleague who was asked can do this"
    ),
    _A.TAKE_OVER: Permission(
        states_for(_M.TAKE_OVER),
        _asked_or_was_asked,
        "Only the person who asked or the colleague who was asked can do this",
    ),
    _A.DECIDE_WELFARE_CHECK: Permission(
        states_for(_M.ASK_FOR_WELFARE_CHECK), _has_claim, _CLAIMANT
    ),
    _A.CLOSE_AT_TRIAGE: Permission(
        tuple(state for state in _CLOSE if state in CLAIM_STATES), _has_claim, _CLAIMANT
    ),
    _A.GIVE: Permission(states_for(_M.GIVE, _M.ASSIGN), _manages, "Only managers can do this"),
    _A.SEE_CHECK: Permission((*CHECK_STATES, AlertState.CLOSED), _knows, _READERS),
    _A.ASSIGN: Permission(
        states_for(_M.ASSIGN),
        _decided_or_oversees,
        "Only the person who decided on the check, a manager or a specialist can do this",
    ),
    _A.PLAN_CONTACT: Permission(ASSIGNED_STATES, _makes_check, _ASSIGNEE),
    _A.LOG_ATTEMPT: Permission(states_for(_M.LOG_ATTEMPT), _makes_check, _ASSIGNEE),
    _A.RECORD_OUTCOME: Permission(states_for(_M.RECORD_OUTCOME), _makes_check, _ASSIGNEE),
    _A.RECORD_DASH: Permission(
        ASSIGNED_STATES,
        _makes_check_or_is_specialist,
        "Only the person making this welfare check or a specialist can do this",
    ),
    _A.ASK_RECHARGE_REVIEW: Permission(OPEN_STATES, _reads, _READERS),
    _A.CLOSE_CHECK: Permission(
        tuple(state for state in _CLOSE if state in CHECK_STATES), _makes_check, _ASSIGNEE
    ),
    _A.STOP_CHECK: Permission(states_for(_M.STOP), _oversees, _OVERSEERS),
    _A.REOPEN: Permission(
        states_for(_M.REOPEN),
        _closed_or_oversees,
        "Only the person who closed this alert, a manager or a specialist can do this",
    ),
    _A.LOOK_WITH_REASON: Permission(_EVER, _oversees, _OVERSEERS),
    _A.READ: Permission(_EVER, _reads, _READERS),
    _A.ADD_NOTE: Permission(OPEN_STATES, _reads, _READERS),
    _A.REFER: Permission(OPEN_STATES, _reads, _READERS),
    _A.ANSWER_REFERRAL: Permission(_EVER, _oversees, _OVERSEERS),
}
