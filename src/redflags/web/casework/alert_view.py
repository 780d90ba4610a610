"""What the page of an alert shows beside the case itself, and what may be done from it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from redflags.adapters.bank_holidays import bank_holidays_between
from redflags.casework.reading.case_views import CaseFile
from redflags.configuration.review_settings import ReviewSet
from redflags.domain.alert import CHECK_STATES, AlertState, Evidence
from redflags.domain.clock import london
from redflags.domain.people import DECIDING_ROLES, OVERSEEING_ROLES, Person, PersonName
from redflags.web.casework.timeline import Timeline, timeline
from redflags.web.shell.wording import signal_words


@dataclass(frozen=True, slots=True)
class Explanation:
    """What could explain a sign innocently, and how to check that."""

    sign: str
    could_be: str
    check: str


@dataclass(frozen=True, slots=True)
class Acts:
    """What this person may do with the alert now; the server asks again when it is done."""

    claim: bool
    release: bool
    answer: bool
    take_over: bool
    note: bool
    look: bool
    check: bool
    reopen: bool


@dataclass(frozen=True, slots=True)
class AlertView:
    """Everything that follows from the case, the person and the configuration."""

    acts: Acts
    timeline: Timeline | None
    explanations: tuple[Explanation, ...]
    housing_system: str
    bank_holidays: tuple[tuple[date, str], ...]


def view_of(case: CaseFile, person: Person, review: ReviewSet) -> AlertView:
    evidence = [record for reason in case.reasons for record in reason.evidence]
    link = review.links.housing_system if case.may_read else ""
    return AlertView(
        acts=acts_of(case, person),
        timeline=timeline(evidence, case.raised_on),
        explanations=_explanations(case, evidence, review),
        housing_system=housing_system(link, case.tenancy_ref, case.property_ref),
        bank_holidays=_bank_holidays(case),
    )


def acts_of(case: CaseFile, person: Person) -> Acts:
    decides, oversees = person.has(*DECIDING_ROLES), person.has(*OVERSEEING_ROLES)
    claims, is_asked = _is(case.claimed_by, person), _is(case.asked_person, person)
    asked, closed = case.state is AlertState.ASKED, case.state is AlertState.CLOSED
    return Acts(
        claim=case.state is AlertState.RAISED and decides,
        release=case.state is AlertState.CLAIMED and claims and decides,
        answer=asked and is_asked,
        take_over=asked and (claims or is_asked) and decides,
        note=case.may_read and not closed,
        look=not case.may_read and oversees,
        check=case.state in CHECK_STATES,
        reopen=closed and (oversees or _is(case.closed_by, person)),
    )


def housing_system(template: str, tenancy_ref: str, property_ref: str) -> str:
    """The household in the landlord's own system; blank when no link was set up."""
    for name, ref in (("tenancy_ref", tenancy_ref), ("property_ref", property_ref)):
        template = template.replace(f"{{{name}}}", quote(ref, safe=""))
    return template


def _is(somebody: PersonName | None, person: Person) -> bool:
    return somebody is not None and somebody.person_id == person.person_id


def _explanations(
    case: CaseFile, evidence: list[Evidence], review: ReviewSet
) -> tuple[Explanation, ...]:
    """One for each sign there is, once, in the order in which the reasons give them.

    A rule may speak of a sum (how many repairs, what they cost), which no record says by itself.
    """
    signs = [reason.rule_id for reason in case.reasons] + [record.signal for record in evidence]
    known = [sign for sign in dict.fromkeys(signs) if sign in review.innocent]
    return tuple(
        Explanation(signal_words(sign), review.innocent[sign].could_be, review.innocent[sign].check)
        for sign in known
    )


def _bank_holidays(case: CaseFile) -> tuple[tuple[date, str], ...]:
    """Those within the 48 hours, as long as contact is still to be made."""
    if case.decided_at_utc is None or case.due_at_utc is None or case.contacted_at_utc:
        return ()
    if case.state not in CHECK_STATES:
        return ()
    first, last = london(case.decided_at_utc).date(), london(case.due_at_utc).date()
    return tuple(bank_holidays_between(first, last))
