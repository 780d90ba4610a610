"""A case with something in every list of its page."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import insert

from builders.cases import MONDAY, Office, close
from builders.store import AS_OF, an_alert
from redflags.adapters.store.case_tables import ALERT_TEXTS
from redflags.casework.acts import case_notes, record_dash, record_outcome, referrals
from redflags.casework.acts.log_concern import log_concern
from redflags.domain.alert import AlertState, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.people import Role
from redflags.domain.property_reference import Home
from redflags.domain.welfare_check import Consent, DashLevel, ReferralKind


def keep_text(office: Office, ref: str, text: str, day: date = AS_OF) -> None:
    with office.units_of_work.begin(office.reviewer, office.now) as work:
        row = {
            "alert_id": "a1",
            "table_name": "repairs",
            "ref": ref,
            "occurred_on": day,
            "text_sealed": work.text_sealer.seal(text, f"repairs/{ref}"),
        }
        work.connection.execute(insert(ALERT_TEXTS).values(**row))


def full_case(office: Office) -> None:
    """A case with something in every list."""
    office.raises(an_alert("a0", "T-a1"))
    close(office.store, "a0", Outcome.ALREADY_SUPPORTED, closed_on=MONDAY.date())
    office.brings_to(AlertState.WELFARE_CHECK)
    office.assigns()
    office.plans()
    office.tries()
    seeing = ("form-1", "P-1", MONDAY.date(), "A fist-shaped hole in the door", False)
    trade = office.hire("tom", Role.REPAIRS)
    with office.store.queue_transaction(AS_OF, "night", office.now) as queue:
        queue.publish_homes([Home("T-a1", "P-1", "north", Routing.GENERAL)])
    office.does(trade, log_concern, *seeing, lambda: "a-new")
    acts: list[tuple[Callable[..., object], tuple[object, ...]]] = [
        (case_notes.add_note, ("The bell is broken",)),
        (record_dash.record_dash, (MONDAY.date(), DashLevel.MEDIUM)),
        (referrals.refer_with_consent, (ReferralKind.MARAC, Consent("Rita", office.now))),
        (referrals.ask_for_agreement, (ReferralKind.CHILDREN, "A child was there")),
        (record_outcome.record_outcome, (Outcome.OTHER_NEED, "")),
    ]
    for act, arguments in acts:
        office.acts(office.reviewer, act, *arguments)
    keep_text(office, "R-1", "new cylinder, kicked in")
