"""What was read of a case, part by part, as a page shows it: text opened, people named."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from redflags.casework.acts.case_notes import note_key
from redflags.casework.acts.log_concern import seen_key
from redflags.casework.acts.log_contact_attempt import attempt_key
from redflags.casework.acts.plan_contact import plan_key
from redflags.casework.acts.referrals import referral_key
from redflags.casework.reading import case_record as record
from redflags.casework.reading.case_record import Parts
from redflags.casework.reading.case_views import (
    AttemptView,
    ConcernView,
    EarlierAlert,
    NoteView,
    ReferralView,
)
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.people import PersonName
from redflags.domain.welfare_check import (
    AttemptResult,
    Basis,
    Channel,
    ReferralKind,
    ReferralState,
    SafeContactPlan,
)

Names = Mapping[str, PersonName]


def views_of(work: UnitOfWork, case: Row[Any], parts: Parts, names: Names) -> dict[str, Any]:
    """The fields of a CaseFile that come from `parts`."""
    return {
        **_plan(work, case, parts, names),
        "attempts": tuple(_attempt(work, case, row, names) for row in parts[record.ATTEMPTS]),
        "referrals": tuple(_referral(work, row, names) for row in parts[record.REFERRED]),
        "notes": tuple(_note(work, case, row, names) for row in parts[record.NOTES]),
        "concerns": tuple(_concern(work, row) for row in parts[record.CONCERNED]),
        "earlier": tuple(_earlier(row) for row in parts[record.EARLIER]),
        "has_texts": any(row.no for row in parts[record.TEXTS]),
    }


def named(person_id: str | None, names: Names) -> PersonName | None:
    """Their name, or their id where there is no such account; None for nobody."""
    return _named(person_id, names) if person_id else None


def _plan(work: UnitOfWork, case: Row[Any], parts: Parts, names: Names) -> dict[str, Any]:
    """The last plan of the check that is under way; one of an earlier check is none."""
    plans = parts[record.PLANS]
    if not plans or case.decided_at_utc is None or plans[-1].at_utc < case.decided_at_utc:
        return {}
    row = plans[-1]

    def text(part: str, sealed: bytes) -> str:
        return work.open(sealed, plan_key(case.alert_id, row.no, part))

    plan = SafeContactPlan(
        channel=Channel(row.kind),
        when=text("when", row.first_sealed),
        not_told=text("not_told", row.second_sealed),
        neutral_reason=text("neutral_reason", row.third_sealed),
        no_messages_left=row.flag,
    )
    made_by = _named(row.by_id, names)
    return {"plan": plan, "plan_made_by": made_by, "plan_made_at_utc": row.at_utc}


def _attempt(work: UnitOfWork, case: Row[Any], row: Row[Any], names: Names) -> AttemptView:
    return AttemptView(
        attempted_at_utc=row.at_utc,
        channel=Channel(row.kind),
        result=AttemptResult(row.result),
        note=work.open(row.first_sealed, attempt_key(case.alert_id, row.no)),
        by=_named(row.by_id, names),
        logged_at_utc=row.second_at_utc,
    )


def _referral(work: UnitOfWork, row: Row[Any], names: Names) -> ReferralView:
    sealed = row.first_sealed
    return ReferralView(
        referral_id=row.key,
        kind=ReferralKind(row.kind),
        basis=Basis(row.result),
        state=ReferralState(row.state),
        reason=work.open(sealed, referral_key(row.key)) if sealed is not None else "",
        consent_taken_by=row.consent_by or "",
        consent_taken_at_utc=row.consent_at_utc,
        asked_by=_named(row.by_id, names),
        asked_at_utc=row.at_utc,
        answered_by=named(row.second_id, names),
        answered_at_utc=row.second_at_utc,
    )


def _note(work: UnitOfWork, case: Row[Any], row: Row[Any], names: Names) -> NoteView:
    text = work.open(row.first_sealed, note_key(case.alert_id, row.no))
    return NoteView(NoteKind(row.kind), text, _named(row.by_id, names), row.at_utc)


def _concern(work: UnitOfWork, row: Row[Any]) -> ConcernView:
    seen = work.open(row.first_sealed, seen_key(row.key))
    return ConcernView(seen, row.began_on, row.kind, row.flag)


def _earlier(row: Row[Any]) -> EarlierAlert:
    outcome = Outcome(row.result) if row.result else None
    return EarlierAlert(row.key, row.began_on, row.ended_on, outcome)


def _named(person_id: str, names: Names) -> PersonName:
    return names.get(person_id, PersonName(person_id, person_id))
