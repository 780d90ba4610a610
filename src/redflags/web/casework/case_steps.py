"""The short pages of a case: each shows the version that was seen, does one thing and leads back.

Whether an alert is there for somebody is found out first, always: a form that is wrong gets the
same answer as one that is right where there is no alert for them.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from redflags.casework.acts.open_alert import case_of
from redflags.casework.policy.permissions import AlertAct, enforce
from redflags.casework.policy.who_can_take import who_can_take
from redflags.casework.reading.case_file import CaseFile, read_case
from redflags.casework.unit_of_work import UnitOfWork
from redflags.web.shell import forms
from redflags.web.shell.request_context import current_person, looking, unit_of_work


def sent(form: forms.PageForm, act: Callable[[UnitOfWork], object]) -> bool:
    """Whether the form was sent, was filled in well, and its act was done."""
    return bool(form.validate_on_submit()) and forms.done(form, act)


def case_read(alert_id: str, *acts: AlertAct) -> CaseFile:
    """The case, for who may do `acts` with it; where it is shown, that it was read is written down.

    Raises NotForYou, and what `permissions.enforce` raises.
    """
    with unit_of_work() as work:
        case = read_case(work, alert_id)
        _enforce(acts, case)  # in here, so that a refusal is no reading
    return case


def case_known(alert_id: str, *acts: AlertAct) -> Row[Any]:
    """The alert's row for a page that shows nothing private. Raises as `case_read` does."""
    with unit_of_work() as work:
        case = case_of(work, alert_id, lock=False)
        _enforce(acts, case)
    return case


def show_version(form: forms.CaseForm, version: int) -> None:
    """Put the version that is seen now into the form, unless it comes back with an older one."""
    if not form.is_submitted():
        form.version.data = version


def offer_takers(field: Any, alert_id: str) -> None:
    """Let `field` choose among who can take the alert; oneself first."""
    me = current_person().person_id
    with looking() as connection:
        people = who_can_take(connection, alert_id)
    mine = [(p.person_id, f"Me ({p.name})") for p in people if p.person_id == me]
    field.offer([*mine, *((p.person_id, p.name) for p in people if p.person_id != me)])


def back_to_check(alert_id: str, told: str) -> ResponseReturnValue:
    flash(told, "success")
    return redirect(url_for("welfare.check", alert_id=alert_id))


def _enforce(acts: tuple[AlertAct, ...], case: CaseFile | Row[Any]) -> None:
    for act in acts:
        enforce(act, current_person(), case)
