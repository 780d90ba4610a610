"""Referrals: nothing is recorded without consent, or a reason and a second person (P10, P11).

The software records; a person refers.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from redflags.adapters.store.case_tables import REFERRALS
from redflags.adapters.store.tables import ALERTS
from redflags.casework.acts.case_notes import write_note
from redflags.casework.acts.change_alert import change
from redflags.casework.acts.open_alert import case_of, open_for
from redflags.casework.policy.permissions import AlertAct, enforce, has_role_for, refuse_unless
from redflags.casework.policy.visibility import NO_SUCH_ALERT, may_know
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.outcome import NoteKind
from redflags.domain.welfare_check import (
    Basis,
    Consent,
    ReferralKind,
    ReferralState,
    checked_consent,
    said,
)
from redflags.errors import CaseChanged, NotForYou

SECOND_PERSON = "Only a second person can do this, not the one who asked"
ANSWERED = "This referral was answered already"


@dataclass(frozen=True, slots=True)
class WaitingReferral:
    """A referral that waits for a second person: what may be shown in a list."""

    referral_id: str
    alert_id: str
    asked_at_utc: datetime


@dataclass(frozen=True, slots=True)
class ReferralRequest:
    """What the second person is asked to agree to."""

    referral_id: str
    alert_id: str
    kind: ReferralKind
    reason: str
    asked_by: str
    asked_at_utc: datetime
    state: ReferralState


def refer_with_consent(
    work: UnitOfWork, alert_id: str, version: int, kind: ReferralKind, consent: Consent
) -> str:
    """Record a referral that was agreed to; its id. Raises InvalidAct for an unsound consent."""
    case = open_for(work, alert_id, version, AlertAct.REFER)
    given = checked_consent(consent, work.now)
    values = {
        "basis": Basis.CONSENT,
        "state": ReferralState.RECORDED,
        "consent_taken_by": given.taken_by.strip(),
        "consent_taken_at_utc": given.taken_at_utc,
    }
    referral_id = _insert(work, alert_id, _new_id(), kind, values)
    details = {"referral": referral_id, "kind": kind.value, "basis": Basis.CONSENT.value}
    change(work, case, "referral_recorded", details)
    return referral_id


def ask_for_agreement(
    work: UnitOfWork, alert_id: str, version: int, kind: ReferralKind, reason: str
) -> str:
    """Ask a second person to agree to a referral for safety's sake; its id. Nothing is recorded
    as referred before they do. Raises InvalidAct for a blank reason."""
    case = open_for(work, alert_id, version, AlertAct.REFER)
    text = said("reason", reason)
    referral_id = _new_id()
    values = {
        "basis": Basis.SAFEGUARDING,
        "state": ReferralState.WAITING_FOR_AGREEMENT,
        "reason_sealed": work.seal(text, referral_key(referral_id)),
    }
    _insert(work, alert_id, referral_id, kind, values)
    change(work, case, "referral_asked", {"referral": referral_id, "kind": kind.value})
    return referral_id


def answer_referral(work: UnitOfWork, referral_id: str, agreed: bool, reason: str) -> None:
    """Agree to somebody else's referral, or not, saying why.

    Raises NotForYou for no such referral or an alert one may not know, NotAllowed for who asked
    and for other roles, CaseChanged when it was answered already, InvalidAct without a reason.
    """
    case, asked = _asked(work, referral_id, lock=True)
    text = said("reason", reason)
    state = ReferralState.RECORDED if agreed else ReferralState.NOT_AGREED
    connection, me = work.connection, work.person.person_id
    if asked.state != ReferralState.WAITING_FOR_AGREEMENT:
        raise CaseChanged(ANSWERED)
    connection.execute(
        update(REFERRALS)
        .where(REFERRALS.c.referral_id == referral_id)
        .values(state=state, answered_by=me, answered_at_utc=work.now)
    )
    action = "referral_agreed" if agreed else "referral_not_agreed"
    change(work, case, action, {"referral": referral_id, "kind": asked.kind})
    write_note(work, case.alert_id, NoteKind.REFERRAL_ANSWER, text)


def withdraw_referral(
    work: UnitOfWork, alert_id: str, version: int, referral_id: str, reason: str
) -> None:
    """Withdraw a referral that waits, so that the case can be closed where nobody can agree.

    For who works on the alert. Raises NotForYou for a referral of another alert, CaseChanged when
    it was answered already, InvalidAct without a reason.
    """
    case = open_for(work, alert_id, version, AlertAct.REFER)
    text = said("reason", reason)
    this = (REFERRALS.c.referral_id == referral_id) & (REFERRALS.c.alert_id == alert_id)
    found = work.connection.execute(select(REFERRALS).where(this)).one_or_none()
    if found is None:
        raise NotForYou(NO_SUCH_ALERT)
    if found.state != ReferralState.WAITING_FOR_AGREEMENT:
        raise CaseChanged(ANSWERED)
    back = update(REFERRALS).where(this).values(state=ReferralState.WITHDRAWN)
    work.connection.execute(back)
    change(work, case, "referral_withdrawn", {"referral": referral_id, "kind": found.kind})
    write_note(work, alert_id, NoteKind.REFERRAL_ANSWER, text)


def read_request(work: UnitOfWork, referral_id: str) -> ReferralRequest:
    """What is asked and why, for the second person; the reading is written down.

    Once it is answered, it is for who may read the case and nobody else. Raises as
    `answer_referral` does.
    """
    case, asked = _asked(work, referral_id, lock=False)
    if asked.state != ReferralState.WAITING_FOR_AGREEMENT and not case.may_read:
        raise CaseChanged(ANSWERED)
    work.write("referral_read", case.alert_id, referral=referral_id)
    return ReferralRequest(
        referral_id,
        case.alert_id,
        ReferralKind(asked.kind),
        work.open(asked.reason_sealed, referral_key(referral_id)),
        asked.asked_by,
        asked.asked_at_utc,
        ReferralState(asked.state),
    )


def waiting_for_agreement(work: UnitOfWork) -> list[WaitingReferral]:
    """What this person could agree to, oldest first; none for who may not agree to any."""
    if not has_role_for(AlertAct.ANSWER_REFERRAL, work.person):
        return []
    rows = work.connection.execute(
        select(REFERRALS.c.referral_id, REFERRALS.c.alert_id, REFERRALS.c.asked_at_utc)
        .join(ALERTS, ALERTS.c.alert_id == REFERRALS.c.alert_id)
        .where(
            REFERRALS.c.state == ReferralState.WAITING_FOR_AGREEMENT,
            REFERRALS.c.asked_by != work.person.person_id,
            may_know(work.person),
        )
        .order_by(REFERRALS.c.asked_at_utc, REFERRALS.c.referral_id)
    )
    return [WaitingReferral(*row) for row in rows]


def referral_key(referral_id: str) -> str:
    """What the reason for a referral is bound to."""
    return f"referrals/{referral_id}/reason"


def _asked(work: UnitOfWork, referral_id: str, *, lock: bool) -> tuple[Row[Any], Row[Any]]:
    """The alert and the referral on safeguarding grounds, for a second person."""
    this = select(REFERRALS).where(
        REFERRALS.c.referral_id == referral_id, REFERRALS.c.basis == Basis.SAFEGUARDING
    )
    if lock:  # so that it is not answered by somebody else meanwhile
        work.take_turn()
    found = work.connection.execute(this).one_or_none()
    if found is None:
        raise NotForYou(NO_SUCH_ALERT)
    case = case_of(work, found.alert_id, lock=lock)
    enforce(AlertAct.ANSWER_REFERRAL, work.person, case)
    refuse_unless(found.asked_by != work.person.person_id, SECOND_PERSON)
    return case, found


def _insert(
    work: UnitOfWork,
    alert_id: str,
    referral_id: str,
    kind: ReferralKind,
    values: Mapping[str, object],
) -> str:
    common = {
        "referral_id": referral_id,
        "alert_id": alert_id,
        "kind": kind,
        "asked_by": work.person.person_id,
        "asked_at_utc": work.now,
    }
    work.connection.execute(insert(REFERRALS).values(**common, **values))
    return referral_id


def _new_id() -> str:
    return f"R-{secrets.token_hex(8)}"
