"""The welfare check: who makes it, the plan, the attempts, what came of it, and the end."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from redflags.casework.acts import (
    assign_check,
    close_alert,
    log_contact_attempt,
    plan_contact,
    recharge_review,
    record_dash,
    record_outcome,
    reopen_alert,
)
from redflags.casework.policy.permissions import AlertAct, permitted
from redflags.domain.people import CASE_ROLES, OVERSEEING_ROLES
from redflags.domain.welfare_check import SafeContactPlan
from redflags.web.casework.case_steps import (
    back_to_check,
    case_known,
    case_read,
    offer_takers,
    sent,
    show_version,
)
from redflags.web.casework.welfare_check_forms import (
    AssignForm,
    AttemptForm,
    CloseForm,
    DashForm,
    OutcomeForm,
    PlanForm,
    RechargeForm,
    ReopenForm,
    StopForm,
)
from redflags.web.casework.welfare_check_tasks import (
    bank_holidays_of,
    kept_of,
    tasks_of,
)
from redflags.web.shell.access import allowed
from redflags.web.shell.forms import CaseForm
from redflags.web.shell.request_context import current_person

pages = Blueprint("welfare", __name__)


@pages.get("/alerts/<alert_id>/check")
@allowed(*CASE_ROLES)
def check(alert_id: str) -> ResponseReturnValue:
    """How the check stands and what is next; what is private only for who may read it."""
    case = case_read(alert_id, AlertAct.SEE_CHECK)
    acts = permitted(current_person(), case)
    return render_template(
        "casework/welfare/check.html",
        case=case,
        acts=acts,
        tasks=tasks_of(case, acts),
        bank_holidays=bank_holidays_of(case),
    )


@pages.route("/alerts/<alert_id>/check/assign", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def assign(alert_id: str) -> ResponseReturnValue:
    """Say who makes the check, or hand it over."""
    form = AssignForm()
    case = case_known(alert_id, AlertAct.ASSIGN)
    offer_takers(form.person, alert_id)
    if sent(
        form,
        lambda work: assign_check.assign(
            work, alert_id, form.version.data, form.person.data, form.reason.data
        ),
    ):
        return back_to_check(alert_id, "Welfare check assigned.")
    show_version(form, case.version)
    return _page("assign", alert_id, form, is_given=bool(case.assigned_to))


@pages.route("/alerts/<alert_id>/check/plan", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def plan(alert_id: str) -> ResponseReturnValue:
    """How contact is made without making anything worse; required before the first attempt."""
    form = PlanForm()
    if sent(
        form, lambda work: plan_contact.make_plan(work, alert_id, form.version.data, _plan(form))
    ):
        return back_to_check(alert_id, "Plan saved.")
    return _page_of_the_maker("plan", alert_id, form, AlertAct.PLAN_CONTACT)


@pages.route("/alerts/<alert_id>/check/attempt", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def attempt(alert_id: str) -> ResponseReturnValue:
    """One attempt at contact, with the plan above it."""
    form = AttemptForm()
    if sent(
        form,
        lambda work: log_contact_attempt.log_attempt(
            work,
            alert_id,
            form.version.data,
            form.attempted_at.data,
            form.channel.data,
            form.result.data,
            form.note.data,
        ),
    ):
        return back_to_check(alert_id, "Attempt logged.")
    return _page_of_the_maker("attempt", alert_id, form, AlertAct.LOG_ATTEMPT)


@pages.route("/alerts/<alert_id>/check/outcome", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def outcome(alert_id: str) -> ResponseReturnValue:
    """What came of the check."""
    form = OutcomeForm()
    if sent(
        form,
        lambda work: record_outcome.record_outcome(
            work, alert_id, form.version.data, form.outcome.data, form.note.data
        ),
    ):
        return back_to_check(alert_id, "Outcome recorded.")
    return _page_of_the_maker("outcome", alert_id, form, AlertAct.RECORD_OUTCOME)


@pages.route("/alerts/<alert_id>/check/dash", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def dash(alert_id: str) -> ResponseReturnValue:
    """That a DASH was done, when, and what it came to; its answers stay where they belong."""
    form = DashForm()
    if sent(
        form,
        lambda work: record_dash.record_dash(
            work, alert_id, form.version.data, form.done_on.data, form.level.data
        ),
    ):
        return back_to_check(alert_id, "DASH recorded.")
    case = case_known(alert_id, AlertAct.READ, AlertAct.RECORD_DASH)
    show_version(form, case.version)
    return _page("dash", alert_id, form)


@pages.route("/alerts/<alert_id>/check/recharge", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def recharge(alert_id: str) -> ResponseReturnValue:
    """Ask that the cost of the damage be looked at again (P19)."""
    form = RechargeForm()
    if sent(
        form,
        lambda work: recharge_review.ask_recharge_review(
            work, alert_id, form.version.data, form.reason.data
        ),
    ):
        return back_to_check(alert_id, "Request recorded. Now tell the rents team yourself.")
    case = case_known(alert_id, AlertAct.READ, AlertAct.ASK_RECHARGE_REVIEW)
    show_version(form, case.version)
    return _page("recharge", alert_id, form)


@pages.route("/alerts/<alert_id>/check/close", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def close(alert_id: str) -> ResponseReturnValue:
    """The end of the check, with its reason; what will be kept is shown first (P15)."""
    form = CloseForm()
    if sent(
        form,
        lambda work: close_alert.close(
            work, alert_id, form.version.data, form.reason.data, form.watched_until.data
        ),
    ):
        flash("Alert closed.", "success")
        return redirect("/")
    return _page_of_the_maker("close", alert_id, form, AlertAct.CLOSE_CHECK)


@pages.route("/alerts/<alert_id>/check/stop", methods=["GET", "POST"])
@allowed(*OVERSEEING_ROLES)
def stop(alert_id: str) -> ResponseReturnValue:
    """Close a check before anybody tried to make contact."""
    form = StopForm()
    if sent(
        form,
        lambda work: close_alert.stop(
            work, alert_id, form.version.data, form.outcome.data, form.reason.data
        ),
    ):
        return back_to_check(alert_id, "Welfare check stopped and alert closed.")
    case = case_known(alert_id, AlertAct.STOP_CHECK)
    show_version(form, case.version)
    return _page("stop", alert_id, form)


@pages.route("/alerts/<alert_id>/reopen", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def reopen(alert_id: str) -> ResponseReturnValue:
    """Put a closed alert back on the waiting list."""
    form = ReopenForm()
    if sent(
        form, lambda work: reopen_alert.reopen(work, alert_id, form.version.data, form.reason.data)
    ):
        flash("Alert reopened. It is back on the waiting list.", "success")
        return redirect(url_for("alert.show", alert_id=alert_id))
    case = case_known(alert_id, AlertAct.REOPEN)
    show_version(form, case.version)
    return _page("reopen", alert_id, form)


def _plan(form: PlanForm) -> SafeContactPlan:
    return SafeContactPlan(
        form.channel.data,
        form.when.data,
        form.not_told.data,
        form.neutral_reason.data,
        form.no_messages_left.data,
    )


def _page_of_the_maker(
    name: str, alert_id: str, form: CaseForm, act: AlertAct
) -> ResponseReturnValue:
    """A page for who makes the check, with the case on it."""
    case = case_read(alert_id, AlertAct.READ, act)
    if name == "attempt" and case.plan is None:
        return redirect(url_for("welfare.plan", alert_id=alert_id))
    show_version(form, case.version)
    return _page(name, alert_id, form, case=case, kept=kept_of(case))


def _page(name: str, alert_id: str, form: CaseForm, **shown: object) -> ResponseReturnValue:
    return render_template(f"casework/welfare/{name}.html", alert_id=alert_id, form=form, **shown)
