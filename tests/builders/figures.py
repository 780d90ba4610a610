"""A quarter's counts with only those that matter; the rest are nought."""

from collections.abc import Mapping

from redflags.domain.alert import Origin, Priority
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import ClosingVerdict, Contact
from redflags.domain.quarter_figures import Figures
from redflags.domain.welfare_check import Basis, ReferralKind


def some_figures(  # noqa: PLR0917
    by_patch: Mapping[str, int] | None = None,
    by_priority: Mapping[Priority, int] | None = None,
    by_origin: Mapping[Origin, int] | None = None,
    without_check: Mapping[Outcome, int] | None = None,
    contact: Mapping[Contact, int] | None = None,
    hours_to_contact: tuple[float, ...] = (),
    ended: Mapping[Outcome, int] | None = None,
    referrals: Mapping[ReferralKind, int] | None = None,
    by_consent: int | None = None,
    closings_checked: Mapping[ClosingVerdict, int] | None = None,
    **singles: int,
) -> Figures:
    """All alerts came from the records as routine, and all referrals by consent, unless told."""
    raised = sum((by_patch or by_priority or by_origin or {}).values())
    referred = sum((referrals or {}).values())
    consent = referred if by_consent is None else by_consent
    return Figures(
        by_priority=dict.fromkeys(Priority, 0) | (by_priority or {Priority.ROUTINE: raised}),
        by_patch=by_patch or {"north": raised},
        by_origin=dict.fromkeys(Origin, 0) | (by_origin or {Origin.DETECTED: raised}),
        without_check=dict.fromkeys(Outcome, 0) | (without_check or {}),
        contact=dict.fromkeys(Contact, 0) | (contact or {}),
        hours_to_contact=hours_to_contact,
        ended=dict.fromkeys(Outcome, 0) | (ended or {}),
        referrals_by_kind=dict.fromkeys(ReferralKind, 0) | (referrals or {}),
        referrals_by_basis={Basis.CONSENT: consent, Basis.SAFEGUARDING: referred - consent},
        closings_checked=dict.fromkeys(ClosingVerdict, 0) | (closings_checked or {}),
        **{"concerns": 0, "below_line_checked": 0, "late_decisions": 0, "late_contacts": 0}
        | singles,
    )
