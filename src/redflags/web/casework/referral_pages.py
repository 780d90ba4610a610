"""Referrals: with consent, or with a reason and a second person who agrees (P10, P11)."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from redflags.casework.accounts import person
from redflags.casework.acts.referrals import (
    answer_referral,
    ask_for_agreement,
    read_request,
    refer_with_consent,
    waiting_for_agreement,
    withdraw_referral,
)
from redflags.casework.policy.permissions import AlertAct, permitted
from redflags.domain.people import CASE_ROLES, OVERSEEING_ROLES
from redflags.domain.plain_names import REFERRAL_WORDS
from redflags.domain.welfare_check import Consent
from redflags.web.casework.case_steps import case_known, case_read, sent, show_version
from redflags.web.casework.welfare_check_forms import NO_NAMES
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import current_person, unit_of_work

pages = Blueprint("referrals", __name__)


class ConsentForm(forms.CaseForm):
    kind = forms.choice(
        "Where are you referring them?",
        REFERRAL_WORDS,
        missing="Choose where you are referring them",
    )
    consent_taken_by = forms.short_text(
        "Who asked them, and heard them agree?",
        missing="Say who asked them",
        hint="The name of a colleague or a professional. Never the household's.",
    )
    consent_taken_at = forms.moment("When did they agree?", missing="Say when they agreed")


class SafeguardingForm(forms.CaseForm):
    kind = forms.choice(
        "Where are you referring them?",
        REFERRAL_WORDS,
        missing="Choose where you are referring them",
    )
    reason = forms.long_text(
        "Who is at risk, and why can it not wait for them to agree?",
        missing="Write who is at risk and why",
        hint=f"A manager or a specialist will read this before they agree. {NO_NAMES}",
    )


class WithdrawForm(forms.CaseForm):
    reason = forms.long_text(
        "Why are you withdrawing it?", missing="Write why you are withdrawing it", hint=NO_NAMES
    )


class AnswerForm(forms.PageForm):
    agreed = forms.choice(
        "Do you agree?",
        {"yes": "I agree to this referral", "no": "I do not agree"},
        missing="Choose whether you agree",
    )
    reason = forms.long_text("Why?", missing="Write why, in your own words", hint=NO_NAMES)


@pages.get("/alerts/<alert_id>/referrals")
@allowed(*CASE_ROLES)
def of_alert(alert_id: str) -> ResponseReturnValue:
    """The referrals of one alert, for who works on it."""
    case = case_read(alert_id, AlertAct.READ)
    may_add = AlertAct.REFER in permitted(current_person(), case)
    return render_template(
        "casework/referrals/list.html", case=case, alert_id=alert_id, may_add=may_add
    )


@pages.route("/alerts/<alert_id>/referrals/consent", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def with_consent(alert_id: str) -> ResponseReturnValue:
    form = ConsentForm()
    if sent(
        form,
        lambda work: refer_with_consent(
            work, alert_id, form.version.data, form.kind.data, _consent(form)
        ),
    ):
        return _back(alert_id, "Referral recorded. Now make it.")
    return _adding("consent", alert_id, form)


@pages.route("/alerts/<alert_id>/referrals/safeguarding", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def for_safety(alert_id: str) -> ResponseReturnValue:
    form = SafeguardingForm()
    if sent(
        form,
        lambda work: ask_for_agreement(
            work, alert_id, form.version.data, form.kind.data, form.reason.data
        ),
    ):
        return _back(alert_id, "A second person must agree. Tell a manager or a specialist now.")
    return _adding("safeguarding", alert_id, form)


@pages.route("/alerts/<alert_id>/referrals/<referral_id>/withdraw", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def withdraw(alert_id: str, referral_id: str) -> ResponseReturnValue:
    """Withdraw a referral that nobody has answered yet."""
    form = WithdrawForm()
    if sent(
        form,
        lambda work: withdraw_referral(
            work, alert_id, form.version.data, referral_id, form.reason.data
        ),
    ):
        return _back(alert_id, "Referral withdrawn.")
    return _adding("withdraw", alert_id, form)


@pages.get("/referrals")
@allowed(*OVERSEEING_ROLES)
def waiting() -> ResponseReturnValue:
    """What this person may agree to: reference and age, nothing of what it is about."""
    with unit_of_work() as work:
        rows = waiting_for_agreement(work)
    return render_template("casework/referrals/waiting.html", rows=rows)


@pages.route("/referrals/<referral_id>", methods=["GET", "POST"])
@allowed(*OVERSEEING_ROLES)
def answer(referral_id: str) -> ResponseReturnValue:
    """What is asked and why, and the answer of the second person; each reading is written down."""
    form = AnswerForm()
    if sent(
        form,
        lambda work: answer_referral(
            work, referral_id, form.agreed.data == "yes", form.reason.data
        ),
    ):
        flash("Answer recorded.", "success")
        return redirect(url_for("referrals.waiting"))
    with unit_of_work() as work:
        asked = read_request(work, referral_id)
        asker = person(work.connection, asked.asked_by)
    return render_template("casework/referrals/answer.html", form=form, asked=asked, asker=asker)


def _consent(form: ConsentForm) -> Consent:
    return Consent(form.consent_taken_by.data, form.consent_taken_at.data)


def _adding(name: str, alert_id: str, form: forms.CaseForm) -> ResponseReturnValue:
    case = case_known(alert_id, AlertAct.READ, AlertAct.REFER)
    show_version(form, case.version)
    return render_template(f"casework/referrals/{name}.html", alert_id=alert_id, form=form)


def _back(alert_id: str, told: str) -> ResponseReturnValue:
    flash(told, "success")
    return redirect(url_for("referrals.of_alert", alert_id=alert_id))
