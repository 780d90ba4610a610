"""A colleague's concern goes straight to the queue, no detection needed (P5).

Whoever logs one gets the same answer whatever there was before: that something is known about a
household is not theirs to learn.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from redflags.adapters.store import home_directory
from redflags.adapters.store.case_tables import CONCERNS
from redflags.casework.acts.raise_by_hand import NO_RULES, raise_or_grow
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.alert import Alert, AlertState, Evidence, Origin, Priority, Reason, Routing
from redflags.domain.clock import day_of_month, london
from redflags.domain.people import Role
from redflags.domain.property_reference import Home, plain_ref
from redflags.errors import InvalidAct, NotAllowed

REPORTING_ROLES = (Role.REPAIRS, Role.REVIEWER, Role.SPECIALIST, Role.MANAGER)
"""Who may log a concern; the first of them that somebody has is told to the reviewer."""
TABLE, SIGNAL, SOURCE = "concerns", "staff_concern", "housing-queue"
LONGEST_REF, LONGEST_SEEN, LONGEST_FORM_ID = 100, 4_000, 44
NOT_KNOWN = "We do not recognise the reference they gave, so first find out which home it was."
NOT_YET_KNOWN = "The list of homes was not available yet, so first find out which home it was."
IN_DANGER = "They said that somebody may be in danger now."


@dataclass(frozen=True, slots=True)
class _Concern:
    """What the form says, checked and in one spelling."""

    form_id: str
    property_ref: str
    observed_on: date
    seen: str
    in_danger: bool

    @property
    def sent_as(self) -> str:
        """The same for the same form with the same words, and for nothing else."""
        words = (self.property_ref, self.observed_on.isoformat(), str(self.in_danger), self.seen)
        digest = hashlib.sha256("\0".join((self.form_id, *words)).encode("utf-8", "surrogatepass"))
        return f"{self.form_id}.{digest.hexdigest()[:12]}"


def log_concern(
    work: UnitOfWork,
    form_id: str,
    property_ref: str,
    observed_on: date,
    seen: str,
    in_danger: bool,
    new_alert_id: Callable[[], str],
) -> None:
    """Put what a colleague saw before a reviewer: on the household's open alert, or a new one.

    The same words by the same `form_id` twice are once; a form that was gone back to, and sent with
    other words, is another concern, or what they say would be lost.

    Where several households share the reference, each of them gets it, since nobody knows whom it
    was about; but where one of them is the specialist's alone, only the specialist hears of it. A
    reference nobody knows is raised all the same.

    Raises NotAllowed without a role that logs concerns, InvalidAct for a field that is wrong.
    """
    concern = _Concern(form_id, plain_ref(property_ref), observed_on, seen.strip(), in_danger)
    _refuse_wrong(work, concern)
    work.take_turn()
    if _is_logged(work, concern.sent_as):
        return
    there, about_the_ref = _concerned(work, concern.property_ref)
    for number, home in enumerate(there, start=1):
        concern_id = _concern_id(concern.sent_as, number)
        reason = _reason(work, concern, concern_id, about_the_ref)
        alert = _alert(work, home, reason, new_alert_id(), in_danger)
        _write(work, concern, number, home, raise_or_grow(work, alert))


def seen_key(concern_id: str) -> str:
    """What the sealed words of a concern are bound to."""
    return f"{TABLE}/{concern_id}/seen"


def _refuse_wrong(work: UnitOfWork, concern: _Concern) -> None:
    if not work.person.has(*REPORTING_ROLES):
        raise NotAllowed("Only people who work with homes and households can log a concern")
    ref = concern.property_ref
    if not ref or len(ref) > LONGEST_REF or not ref.isprintable():
        raise InvalidAct("property_ref", "Enter the property reference of the home")
    if concern.observed_on > london(work.now).date():
        raise InvalidAct("observed_on", "The day must be today or in the past")
    if not concern.seen:
        raise InvalidAct("seen", "Say what you saw or heard")
    if len(concern.seen) > LONGEST_SEEN:
        raise InvalidAct("seen", f"Use {LONGEST_SEEN:,} characters or fewer")
    if not 0 < len(concern.form_id) <= LONGEST_FORM_ID:
        raise InvalidAct("form_id", "Open the form again")


def _is_logged(work: UnitOfWork, sent_as: str) -> bool:
    query = select(CONCERNS.c.concern_id).where(CONCERNS.c.form_id == sent_as)
    return work.connection.execute(query).one_or_none() is not None


def _concerned(work: UnitOfWork, property_ref: str) -> tuple[list[Home], str]:
    """Whose alert it goes to, never nobody's, and what is to be said of the reference.

    Words about a home that two households share may be about the protected one, so the specialist
    reads them first. Before the first night nobody knows who is protected: the specialist again.
    """
    there = home_directory.homes_at(work.connection, property_ref)
    if there:
        return [home for home in there if home.routing is Routing.SPECIALIST] or there, ""
    if home_directory.is_published(work.connection):
        return [Home(property_ref, property_ref, "", Routing.GENERAL)], NOT_KNOWN
    return [Home(property_ref, property_ref, "", Routing.SPECIALIST)], NOT_YET_KNOWN


def _concern_id(sent_as: str, number: int) -> str:
    """The same for the same form and household, so that what is sent twice is one record."""
    digest = hashlib.sha256(f"{sent_as}/{number}".encode()).digest()
    return "C-" + base64.b32encode(digest[:10]).decode()


def _reason(work: UnitOfWork, concern: _Concern, concern_id: str, about_the_ref: str) -> Reason:
    logged = f"A colleague logged a concern on {day_of_month(london(work.now).date())}."
    danger = IN_DANGER if concern.in_danger else ""
    record = Evidence(concern.observed_on, TABLE, concern_id, SIGNAL, source=SOURCE)
    return Reason(SIGNAL, " ".join(filter(None, (logged, danger, about_the_ref))), (record,))


def _alert(work: UnitOfWork, home: Home, reason: Reason, alert_id: str, in_danger: bool) -> Alert:
    look_within = work.review.times.look_within(Priority.FIRST.label)
    return Alert(
        alert_id=alert_id,
        tenancy_ref=home.household_ref,
        raised_on=london(work.now).date(),
        priority=Priority.FIRST,
        score=0.0,
        state=AlertState.RAISED,
        ruleset_hash=NO_RULES,
        signals_hash=NO_RULES,
        model_version=NO_RULES,
        property_ref=home.property_ref,
        patch=home.patch,
        routing=home.routing,
        origin=Origin.STAFF_CONCERN,
        reasons=(reason,),
        look_by_at_utc=work.now if in_danger else work.now + look_within,
    )


def _write(work: UnitOfWork, concern: _Concern, number: int, home: Home, alert_id: str) -> None:
    concern_id = _concern_id(concern.sent_as, number)
    values = {
        "concern_id": concern_id,
        "form_id": concern.sent_as if number == 1 else f"{concern.sent_as}/{number}",
        "property_ref": home.property_ref,
        "observed_on": concern.observed_on,
        "seen_sealed": work.seal(concern.seen, seen_key(concern_id)),
        "in_danger": concern.in_danger,
        "reporter_role": next(role for role in REPORTING_ROLES if work.person.has(role)),
        "logged_by": work.person.person_id,
        "logged_at_utc": work.now,
        "alert_id": alert_id,
    }
    work.connection.execute(insert(CONCERNS).values(**values))
    work.write("concern_logged", alert_id, in_danger=concern.in_danger)
