"""What the page of an alert shows beside the case itself, and what may be done from it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from redflags.casework.policy.permissions import AlertAct, permitted
from redflags.casework.reading.case_views import CaseFile
from redflags.configuration.review_settings import ReviewSet
from redflags.domain.alert import Evidence
from redflags.domain.people import Person
from redflags.domain.plain_names import signal_words
from redflags.web.casework.timeline import Timeline, timeline
from redflags.web.casework.welfare_check_tasks import bank_holidays_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """What could explain a sign innocently, and how to check that."""

    sign: str
    could_be: str
    check: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """Everything that follows from the case, the person and the configuration.

    `acts` is what this person may do with the alert now; the act asks again when it is done.
    """

    acts: frozenset[AlertAct]
    timeline: Timeline | None
    explanations: tuple[Explanation, ...]
    housing_system: str
    bank_holidays: list[tuple[date, str]]


def view_of(case: CaseFile, person: Person, review: ReviewSet) -> AlertView:
    evidence = [record for reason in case.reasons for record in reason.evidence]
    link = review.links.housing_system if case.may_read else ""
    return AlertView(
        acts=permitted(person, case),
        timeline=timeline(evidence, case.raised_on),
        explanations=_explanations(case, evidence, review),
        housing_system=housing_system(link, case.tenancy_ref, case.property_ref),
        bank_holidays=bank_holidays_of(case),
    )


def housing_system(template: str, tenancy_ref: str, property_ref: str) -> str:
    """The household in the landlord's own system; blank when no link was set up."""
    for name, ref in (("tenancy_ref", tenancy_ref), ("property_ref", property_ref)):
        template = template.replace(f"{{{name}}}", quote(ref, safe=""))
    return template


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
