"""One alert: why it is here, what could explain it, and what is decided."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from redflags.casework.acts import ask_colleague, case_notes, claim_alert, look_with_reason
from redflags.casework.acts.change_alert import CHANGED
from redflags.casework.policy.permissions import AlertAct, refusal
from redflags.casework.policy.who_can_take import who_can_take
from redflags.casework.reading.case_file import CaseFile, read_case, read_texts
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.people import CASE_ROLES, DECIDING_ROLES, OVERSEEING_ROLES, PersonName
from redflags.domain.plain_names import SIGNAL_NAMES, TABLE_WORDS, TELL_WORDS
from redflags.errors import CaseChanged, InvalidAct
from redflags.web.casework.alert_view import view_of
from redflags.web.casework.case_steps import case_known, show_version
from redflags.web.casework.decision import DONE, DecideForm
from redflags.web.casework.decision import decide as do_decide
from redflags.web.casework.timeline import in_a_sentence
from redflags.web.shell import forms, wording
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import current_person, looking, review, unit_of_work

pages = Blueprint("alert", __name__)
_WORDS = {
    "SIGNAL_WORDS": {sign: name.title for sign, name in SIGNAL_NAMES.items()},
    "TABLE_WORDS": TABLE_WORDS,
    "TELL_WORDS": TELL_WORDS,
    "ROLE_WORDS": wording.ROLE_WORDS,
    "in_a_sentence": in_a_sentence,
}
"""What the templates of an alert say it with."""


class NoteForm(forms.CaseForm):
    text = forms.long_text(
        "What do you want to note?",
        missing="Write your note",
        hint="Do not write names. Everybody working on this alert can read it.",
    )


class ReleaseForm(forms.CaseForm):
    reason = forms.long_text(
        "Why are you putting it back?",
        missing="Write why you are putting it back",
        hint="For example: I have been called away. The next person will read this.",
    )


class LookForm(forms.PageForm):
    reason = forms.long_text(
        "Why do you need to see it?",
        missing="Write why you need to see it",
        hint="This is kept, with your name and the time.",
    )


class AnswerForm(forms.CaseForm):
    text = forms.long_text("Your answer", missing="Write your answer")


@pages.get("/alerts/<alert_id>")
@allowed(*CASE_ROLES)
def show(alert_id: str) -> ResponseReturnValue:
    with unit_of_work() as work:
        case, people = _seen(work, alert_id)
    return _page(case, _decide_form(case, people))


@pages.post("/alerts/<alert_id>/claim")
@allowed(*DECIDING_ROLES)
def claim(alert_id: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as work:
            claim_alert.claim(work, alert_id)
    except InvalidAct as error:  # they hold enough already
        flash(f"{error.expected}.")
    return _to(alert_id)


@pages.post("/alerts/<alert_id>/decide")
@allowed(*DECIDING_ROLES)
def decide(alert_id: str) -> ResponseReturnValue:
    with looking() as connection:
        people = who_can_take(connection, alert_id)
    form = DecideForm()
    form.offer(people, current_person().person_id)
    if form.validate_on_submit() and forms.done(form, lambda work: do_decide(work, alert_id, form)):
        flash(DONE[form.decision.data], "success")
        return _to(alert_id)
    with unit_of_work() as work:
        case = read_case(work, alert_id)
        if not _decides(case):
            raise CaseChanged(CHANGED)
    return _page(case, form)


@pages.post("/alerts/<alert_id>/texts")
@allowed(*CASE_ROLES)
def texts(alert_id: str) -> ResponseReturnValue:
    """The job text, for this once: no address leads back to it."""
    with unit_of_work() as work:
        found = read_texts(work, alert_id)
    return render_template("casework/alert/texts.html", alert_id=alert_id, texts=found, **_WORDS)


@pages.route("/alerts/<alert_id>/note", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def note(alert_id: str) -> ResponseReturnValue:
    form = NoteForm()
    if form.validate_on_submit() and forms.done(
        form, lambda work: case_notes.add_note(work, alert_id, form.version.data, form.text.data)
    ):
        flash("Note added.", "success")
        return _to(alert_id)
    return _asking("casework/alert/note.html", form, alert_id, AlertAct.ADD_NOTE)


@pages.route("/alerts/<alert_id>/release", methods=["GET", "POST"])
@allowed(*DECIDING_ROLES)
def release(alert_id: str) -> ResponseReturnValue:
    form = ReleaseForm()
    if form.validate_on_submit() and forms.done(
        form, lambda work: claim_alert.release(work, alert_id, form.version.data, form.reason.data)
    ):
        flash("Alert put back. Somebody else can take it now.", "success")
        return redirect(url_for("queue.mine"))
    return _asking("casework/alert/release.html", form, alert_id, AlertAct.RELEASE)


@pages.route("/alerts/<alert_id>/look", methods=["GET", "POST"])
@allowed(*OVERSEEING_ROLES)
def look(alert_id: str) -> ResponseReturnValue:
    """A manager or a specialist says why they look; then they see it for a while (P13)."""
    form = LookForm()
    if form.validate_on_submit() and forms.done(
        form, lambda work: look_with_reason.look_with_reason(work, alert_id, form.reason.data)
    ):
        return _to(alert_id)
    case_known(alert_id, AlertAct.LOOK_WITH_REASON)
    minutes = review().times.manager_sees_evidence.value
    return render_template(
        "casework/alert/look.html", form=form, alert_id=alert_id, minutes=minutes
    )


@pages.route("/alerts/<alert_id>/answer", methods=["GET", "POST"])
@allowed(*CASE_ROLES)
def answer(alert_id: str) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit() and forms.done(
        form, lambda work: ask_colleague.answer(work, alert_id, form.version.data, form.text.data)
    ):
        flash("Your answer has been sent to your colleague.", "success")
        return redirect(url_for("queue.mine"))
    return _asking("casework/alert/answer.html", form, alert_id, AlertAct.ANSWER)


@pages.post("/alerts/<alert_id>/take-over")
@allowed(*DECIDING_ROLES)
def take_over(alert_id: str) -> ResponseReturnValue:
    form = forms.CaseForm()
    with unit_of_work() as work:
        ask_colleague.take_over(work, alert_id, form.version.data)
    flash("The alert is yours now.", "success")
    return _to(alert_id)


def _seen(work: UnitOfWork, alert_id: str) -> tuple[CaseFile, list[PersonName]]:
    """The case, and whom a decision may give it to; nobody for who decides nothing."""
    case = read_case(work, alert_id)
    return case, who_can_take(work.connection, alert_id) if _decides(case) else []


def _decides(case: CaseFile) -> bool:
    return refusal(AlertAct.DECIDE_WELFARE_CHECK, current_person(), case) is None


def _decide_form(case: CaseFile, people: list[PersonName]) -> DecideForm:
    form = DecideForm(version=case.version)
    form.offer(people, current_person().person_id)
    return form


def _page(case: CaseFile, form: DecideForm) -> ResponseReturnValue:
    view = view_of(case, current_person(), review())
    return render_template(
        "casework/alert/alert.html",
        case=case,
        view=view,
        form=form,
        **_WORDS,
    )


def _asking(
    template: str, form: forms.CaseForm, alert_id: str, act: AlertAct
) -> ResponseReturnValue:
    """A short form about an alert that one may read, opened or to be mended."""
    row = case_known(alert_id, AlertAct.READ, act)
    show_version(form, row.version)
    return render_template(template, form=form, alert_id=alert_id)


def _to(alert_id: str) -> ResponseReturnValue:
    return redirect(url_for("alert.show", alert_id=alert_id))
