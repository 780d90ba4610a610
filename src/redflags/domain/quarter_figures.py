"""The counts of a quarter: plain numbers, before anything is held back (P17)."""

from collections.abc import Mapping
from dataclasses import dataclass

from redflags.domain.alert import Origin, Priority
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import ClosingVerdict, Contact
from redflags.domain.welfare_check import Basis, ReferralKind


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened within a span; every mapping has all its keys.

    Each alert raised is in each of the first three cuts once. `without_check` are alerts closed
    before anybody tried to make contact, a check that was called off included; `ended` are those
    closed after it was tried. `contact` says what became of the checks decided on, and
    `hours_to_contact` has one entry for each of them that led to contact, the shortest first.
    `late_decisions` and `late_contacts` are what was overdue when the span ended.
    """

    by_priority: Mapping[Priority, int]
    by_patch: Mapping[str, int]
    by_origin: Mapping[Origin, int]
    without_check: Mapping[Outcome, int]
    contact: Mapping[Contact, int]
    hours_to_contact: tuple[float, ...]
    ended: Mapping[Outcome, int]
    referrals_by_kind: Mapping[ReferralKind, int]
    referrals_by_basis: Mapping[Basis, int]
    concerns: int
    closings_checked: Mapping[ClosingVerdict, int]
    below_line_checked: int
    late_decisions: int
    late_contacts: int
