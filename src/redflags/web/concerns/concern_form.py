"""The staff concern: one short form on a phone, straight to the queue (P5)."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from redflags.adapters.secrets import derive
from redflags.casework.acts.log_concern import LONGEST_REF, REPORTING_ROLES, log_concern
from redflags.casework.unit_of_work import UnitOfWork
from redflags.domain.clock import london
from redflags.web.casework.case_steps import sent
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import current_person, now, workplace

pages = Blueprint("concern", __name__)

MOST_LETTERS = 2_000
TODAY, YESTERDAY, ANOTHER_DAY = "today", "yesterday", "another"
_WHEN: Mapping[str, str] = {
    TODAY: "Today",
    YESTERDAY: "Yesterday",
    ANOTHER_DAY: "Another day",
}
_YES = "yes"


class ConcernForm(forms.PageForm):
    """Nothing is preset; `form_id` makes sending twice the same as once."""

    form_id = HiddenField()
    in_danger = forms.choice(
        "Is anyone in danger right now?",
        {_YES: "Yes", "no": "No, or I do not know"},
        missing="Say whether anyone is in danger right now",
        hints={_YES: "Call 999 now. Then send this form."},
    )
    property_ref = forms.short_text(
        "Property reference",
        missing="Enter the property reference",
        hint="As shown on the job sheet.",
        most=LONGEST_REF,
        classes="govuk-input--width-20",
        autocapitalize="characters",
    )
    seen = forms.long_text(
        "What did you see or hear?",
        missing="Say what you saw or heard",
        hint="Write what you saw or heard, not what you think it means. Do not write names.",
        most=MOST_LETTERS,
        rows=6,
    )
    when = forms.choice("When was it?", _WHEN, missing="Say when it was")
    observed_on = forms.day("If it was another day, which day?")

    def validate_observed_on(self, field: Field) -> None:
        if self.when.data == ANOTHER_DAY and field.data is None:
            raise ValidationError("Enter the day, for example 3 11 2026")

    def validate_form_id(self, field: Field) -> None:
        if _number_of(field.data) is None:
            field.data = _new_form_id()
            raise ValidationError("This form has expired. Check it and send it again")


@pages.route("/concern", methods=["GET", "POST"])
@allowed(*REPORTING_ROLES)
def log() -> ResponseReturnValue:
    """The form; whatever there was before, whoever sends it is told the same."""
    form = ConcernForm()
    if sent(form, lambda work: _log(work, form)):
        return redirect(url_for("concern.thanks"))
    if not form.is_submitted():
        form.form_id.data = _new_form_id()
    return render_template("concerns/form.html", form=form)


@pages.get("/concern/thanks")
@allowed(*REPORTING_ROLES)
def thanks() -> ResponseReturnValue:
    return render_template("concerns/thanks.html")


def _log(work: UnitOfWork, form: ConcernForm) -> None:
    log_concern(
        work,
        str(_number_of(form.form_id.data)),
        form.property_ref.data,
        _observed_on(form),
        form.seen.data,
        form.in_danger.data == _YES,
        workplace().program.new_alert_id,
    )


def _observed_on(form: ConcernForm) -> date:
    today = london(now()).date()
    if form.when.data == ANOTHER_DAY:
        day: date = form.observed_on.data
        return day
    return today if form.when.data == TODAY else today - timedelta(days=1)


def _new_form_id() -> str:
    """A number that only this person can send, so that nobody can use up another's."""
    return _signer().dumps([current_person().person_id, secrets.token_hex(16)])


def _number_of(form_id: str | None) -> str | None:
    """The number in a form of this person; None for anybody else's, or none of ours."""
    try:
        person_id, number = _signer().loads(form_id or "")
    except (BadSignature, ValueError, TypeError):
        return None
    return str(number) if person_id == current_person().person_id else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(derive(workplace().program.secret, "concern forms"))
