"""The welfare check as a list of tasks: what is done, what is next, what has to wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redflags.adapters.bank_holidays import bank_holidays_between
from redflags.casework.policy.permissions import AlertAct
from redflags.casework.reading.case_views import CaseFile
from redflags.domain.alert import ASSIGNED_STATES, AlertMove, AlertState, states_for
from redflags.domain.clock import london, spoken
from redflags.domain.welfare_check import ReferralState
from redflags.web.shell.wording import in_words

_A = AlertAct


class Standing(StrEnum):
    """How a task stands."""

    TO_DO = "to_do"
    LATER = "later"
    IF_NEEDED = "if_needed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list; `endpoint` is blank where this person cannot do it now."""

    endpoint: str
    title: str
    standing: Standing
    told: str
    hint: str = ""


def tasks_of(case: CaseFile, acts: Collection[AlertAct]) -> tuple[Task, ...]:
    """The list for who may read the case; a link only where `acts`, what they may do, has it."""
    dash_hint = "The questions about risk, if they were asked"
    recharge_hint = "They may not have to pay for the damage"
    recharge = "Ask for the recharge to be looked at again"
    return (
        _task("plan", "Plan safe contact", _plan(case), _A.PLAN_CONTACT in acts),
        _task("attempt", "Log an attempt", _attempts(case), _A.LOG_ATTEMPT in acts),
        _task("outcome", "Record the outcome", _outcome(case), _A.RECORD_OUTCOME in acts),
        _task("dash", "DASH", _dash(case), _A.RECORD_DASH in acts, dash_hint),
        _referrals(case),
        _task("recharge", recharge, _recharge(case), _A.ASK_RECHARGE_REVIEW in acts, recharge_hint),
        _task("close", "Close the alert", _close(case), _A.CLOSE_CHECK in acts),
    )


def bank_holidays_of(case: CaseFile) -> list[tuple[date, str]]:
    """The bank holidays within the 48 hours, while contact is still to be made."""
    if not case.is_check or case.contacted_at_utc:
        return []
    if case.decided_at_utc is None or case.due_at_utc is None:
        return []
    return bank_holidays_between(london(case.decided_at_utc).date(), london(case.due_at_utc).date())


def waiting_referrals(case: CaseFile) -> int:
    waits = ReferralState.WAITING_FOR_AGREEMENT
    return sum(referral.state is waits for referral in case.referrals)


def kept_of(case: CaseFile) -> list[tuple[str, str]]:
    """What stays when the alert is closed, line by line."""
    return [
        ("Outcome", in_words(case.outcome) if case.outcome else "–"),
        ("Contact", spoken(case.contacted_at_utc) if case.contacted_at_utc else "None made"),
        ("Attempts at contact", str(len(case.attempts))),
        ("DASH", in_words(case.dash_level) if case.dash_level else "None"),
        ("Referrals", str(len(case.referrals))),
        ("Recharge", "To be looked at again" if case.recharge_asked_at_utc else "Not asked"),
        ("Notes", str(len(case.notes))),
    ]


_How = tuple[Standing, str]
_LATER: _How = (Standing.LATER, "Cannot start yet")
_IF_NEEDED: _How = (Standing.IF_NEEDED, "If needed")


def _task(page: str, title: str, how: _How, can: bool, hint: str = "") -> Task:
    can_start = can and how[0] is not Standing.LATER
    return Task(f"welfare.{page}" if can_start else "", title, *how, hint)


def _plan(case: CaseFile) -> _How:
    if case.state is AlertState.WELFARE_CHECK:
        return _LATER
    return (Standing.DONE, "Done") if case.plan else (Standing.TO_DO, "Do this first")


def _attempts(case: CaseFile) -> _How:
    if case.plan is None:
        return _LATER
    return (Standing.DONE, "Logged") if case.first_attempt_at_utc else (Standing.TO_DO, "To do")


def _outcome(case: CaseFile) -> _How:
    if case.state not in states_for(AlertMove.RECORD_OUTCOME):
        return _LATER
    return (Standing.DONE, "Done") if case.outcome else (Standing.TO_DO, "To do")


def _dash(case: CaseFile) -> _How:
    if case.state not in ASSIGNED_STATES:
        return _LATER
    return (Standing.DONE, "Done") if case.dash_level else _IF_NEEDED


def _recharge(case: CaseFile) -> _How:
    return (Standing.DONE, "Asked") if case.recharge_asked_at_utc else _IF_NEEDED


def _referrals(case: CaseFile) -> Task:
    waiting = waiting_referrals(case)
    how = _IF_NEEDED
    if waiting:
        how = (Standing.TO_DO, f"{waiting} waiting")
    elif case.referrals:
        how = (Standing.DONE, f"{len(case.referrals)} made")
    endpoint = "referrals.of_alert" if case.is_check else ""
    return Task(endpoint, "Referrals", *how, "To the specialist, MARAC, children's or adults' team")


def _close(case: CaseFile) -> _How:
    ready = case.state is AlertState.OUTCOME_RECORDED and not waiting_referrals(case)
    return (Standing.TO_DO, "To do") if ready else _LATER
