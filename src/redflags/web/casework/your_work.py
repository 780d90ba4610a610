"""Your work: what one has in hand, what waits, and the link of a reminder."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from redflags.casework.acts import claim_alert
from redflags.casework.acts.open_alert import case_of
from redflags.casework.acts.write_reminders import linked_alert
from redflags.casework.policy.permissions import AlertAct, has_role_for
from redflags.casework.reading import alert_lists
from redflags.domain.people import CASE_ROLES, DECIDING_ROLES
from redflags.errors import InvalidAct, NotForYou
from redflags.web.shell import durations
from redflags.web.shell.access import allowed, anybody
from redflags.web.shell.paging import page_number, pagination
from redflags.web.shell.request_context import (
    current_person,
    looking,
    now,
    person_or_none,
    unit_of_work,
)

pages = Blueprint("queue", __name__)
for in_words in (durations.age, durations.time_left):
    pages.add_app_template_filter(in_words)
pages.add_app_template_test(durations.is_late, "late")


@pages.get("/work")
@allowed(*CASE_ROLES)
def mine() -> ResponseReturnValue:
    """What this person has in hand, by what is due first; then what waits for anybody."""
    person = current_person()
    with looking() as connection:
        work = alert_lists.mine(connection, person, now())
        waiting = alert_lists.waiting(connection, person, now(), page_number())
    return render_template(
        "casework/queue/work.html",
        work=work,
        checks=sorted(work.checks, key=lambda row: row.contacted_at_utc is not None),
        waiting=waiting,
        may_take=has_role_for(AlertAct.CLAIM, person),
        pagination=pagination(
            waiting, "Pages of the waiting list", "queue.mine", _anchor="waiting"
        ),
    )


@pages.post("/take-next")
@allowed(*DECIDING_ROLES)
def take_next() -> ResponseReturnValue:
    """The next alert becomes theirs, or they are told why not."""
    try:
        with unit_of_work() as work:
            alert_id = claim_alert.take_next(work)
    except InvalidAct as error:
        flash(f"{error.expected}.")
        return redirect(url_for("queue.mine"))
    if alert_id is None:
        flash("No alert is waiting for you. Nothing was changed.")
        return redirect(url_for("queue.mine"))
    return redirect(url_for("alert.show", alert_id=alert_id))


@pages.get("/go/<link_id>")
@anybody
def follow_reminder(link_id: str) -> ResponseReturnValue:
    """From a reminder's link to its alert, for who may know of it; for all others to the front.

    A link in an e-mail comes from another site, so that the browser keeps the session's cookie
    back the first time: one step by ourselves shows whether there is a session.
    """
    if person_or_none() is None:
        if "again" not in request.args:
            return render_template("casework/queue/bounce.html", link_id=link_id)
        return redirect(
            url_for("auth.login", next=url_for("queue.follow_reminder", link_id=link_id))
        )
    return redirect(_where_it_leads(link_id))


def _where_it_leads(link_id: str) -> str:
    try:
        with unit_of_work() as work:
            alert_id = linked_alert(work.connection, link_id)
            if alert_id is None:
                return "/"
            case_of(work, alert_id, lock=False)
    except NotForYou:
        return "/"
    return url_for("alert.show", alert_id=alert_id)
