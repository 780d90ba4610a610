"""Reading one case: its header for whoever may know of it, the rest for whoever may read it.

Every reading of what is private is written down in the same transaction (P13).
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from redflags.adapters.store.case_tables import ALERT_TEXTS
from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.tables import ALERT_EVIDENCE, ALERT_REASONS
from redflags.casework.acts.open_alert import case_of
from redflags.casework.policy.permissions import AlertAct, enforce
from redflags.casework.policy.visibility import may_know
from redflags.casework.reading.case_parts import Names, named, views_of
from redflags.casework.reading.case_record import record_of
from redflags.casework.reading.case_views import CaseFile, EvidenceText, ReasonView
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import (
    ASSIGNED_STATES,
    IN_HAND_STATES,
    AlertState,
    Evidence,
    Origin,
    Priority,
    Routing,
)
from redflags.domain.alert_deadlines import has_lapsed
from redflags.domain.outcome import Outcome
from redflags.domain.people import PersonName
from redflags.domain.welfare_check import DashLevel

__all__ = ["CaseFile", "EvidenceText", "read_case", "read_texts"]
_HANDS = ("claimed_by", "asked_person", "assigned_to", "decided_by", "closed_by")


def read_case(work: UnitOfWork, alert_id: str) -> CaseFile:
    """The case as this person may see it. Raises NotForYou.

    Where they may read it, "evidence_read" is written down in the same transaction, each time.
    """
    case = case_of(work, alert_id, lock=False)
    if not case.may_read:
        return CaseFile(**_header(work, case, _names(work, [case])))
    parts = record_of(work.connection, case, may_know(work.person))
    names = _names(work, [case], *parts.values())
    mine = _is_mine(work, case)
    work.write("evidence_read", alert_id, state=case.state, held=mine)
    return CaseFile(
        **_header(work, case, names),
        **_inside(case),
        **views_of(work, case, parts, names),
        reasons=_reasons(work, alert_id),
    )


def read_texts(work: UnitOfWork, alert_id: str) -> list[EvidenceText]:
    """The job text behind the alert, oldest first; each reading is written down.

    Raises NotForYou, NotAllowed for who may know of it and not read it.
    """
    case = case_of(work, alert_id, lock=False)
    enforce(AlertAct.READ, work.person, case)
    c = ALERT_TEXTS.c
    rows = work.connection.execute(
        select(c.table_name, c.ref, c.occurred_on, c.text_sealed)
        .where(c.alert_id == alert_id)
        .order_by(c.occurred_on, c.table_name, c.ref, c.source)
    ).all()
    work.write("job_text_read", alert_id, records=len(rows))
    return [
        EvidenceText(table, ref, day, work.text_sealer.open(sealed, f"{table}/{ref}"))
        for table, ref, day, sealed in rows
    ]


def _header(work: UnitOfWork, case: Row[Any], names: Names) -> dict[str, Any]:
    lapsed = _has_lapsed(work, case)
    hands = {hand: named(getattr(case, hand), names) for hand in _HANDS}
    if lapsed:
        hands |= {"claimed_by": None, "asked_person": None}
    as_they_are = {name: getattr(case, name) for name in _AS_THEY_ARE}
    return {
        **as_they_are,
        **hands,
        "priority": Priority(case.priority),
        "routing": Routing(case.routing),
        "origin": Origin(case.origin),
        "state": AlertState.RAISED if lapsed else AlertState(case.state),
        "claim_lapses_at_utc": None if lapsed else case.claim_lapses_at_utc,
        "mine": _is_mine(work, case),
    }


_AS_THEY_ARE = (
    "alert_id",
    "patch",
    "raised_on",
    "version",
    "look_by_at_utc",
    "due_at_utc",
    "decided_at_utc",
    "first_attempt_at_utc",
    "contacted_at_utc",
    "closed_on",
    "reopened_at_utc",
    "may_read",
)


def _inside(case: Row[Any]) -> dict[str, Any]:
    return {
        "tenancy_ref": case.tenancy_ref,
        "property_ref": case.property_ref,
        "outcome": case.outcome and Outcome(case.outcome),
        "watched_until": case.watched_until,
        "dash_done_on": case.dash_done_on,
        "dash_level": case.dash_level and DashLevel(case.dash_level),
        "recharge_asked_at_utc": case.recharge_asked_at_utc,
    }


def _is_mine(work: UnitOfWork, case: Row[Any]) -> bool:
    """They hold the alert or were asked; not that they once did, or gave a reason to look."""
    me, state = work.person.person_id, AlertState(case.state)
    if _has_lapsed(work, case):
        return False
    if state in ASSIGNED_STATES:
        return bool(case.assigned_to == me)
    return state in IN_HAND_STATES and me in (case.claimed_by, case.asked_person)


def _has_lapsed(work: UnitOfWork, case: Row[Any]) -> bool:
    return has_lapsed(AlertState(case.state), case.claim_lapses_at_utc, work.now)


def _names(work: UnitOfWork, *lists: Iterable[Row[Any]]) -> Names:
    """Everybody who is mentioned, in one query."""
    mentioned = (
        getattr(row, column, None)
        for rows in lists
        for row in rows
        for column in (*_HANDS, "by_id", "second_id")
    )
    ids = sorted({person_id for person_id in mentioned if person_id})
    rows = work.connection.execute(
        select(PEOPLE.c.person_id, PEOPLE.c.name).where(PEOPLE.c.person_id.in_(ids))
    )
    return {row.person_id: PersonName(row.person_id, row.name) for row in rows}


def _reasons(work: UnitOfWork, alert_id: str) -> tuple[ReasonView, ...]:
    r, e = ALERT_REASONS.c, ALERT_EVIDENCE.c
    behind = (e.alert_id == r.alert_id) & (e.reason_no == r.reason_no)
    rows = work.connection.execute(
        select(r.reason_no, r.rule_id, r.sentence, r.added_on, *_EVIDENCE)
        .outerjoin_from(ALERT_REASONS, ALERT_EVIDENCE, behind)
        .where(r.alert_id == alert_id)
        .order_by(r.reason_no, e.evidence_no)
    )
    return tuple(_reason(list(same)) for _, same in groupby(rows, lambda row: row.reason_no))


_EVIDENCE = tuple(
    ALERT_EVIDENCE.c[name]
    for name in ("occurred_on", "table_name", "ref", "signal", "tell", "source")
)


def _reason(rows: list[Row[Any]]) -> ReasonView:
    evidence = tuple(Evidence(*row[4:]) for row in rows if row.ref is not None)
    return ReasonView(rows[0].rule_id, rows[0].sentence, rows[0].added_on, evidence)
