"""One's own account: who one is here, the password, being away, and households not to be seen."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from redflags.casework import accounts
from redflags.domain.people import InterestKind
from redflags.errors import InvalidAct
from redflags.web.login.log_in_pages import too_many
from redflags.web.shell import forms
from redflags.web.shell.access import logged_in
from redflags.web.shell.request_context import (
    current_person,
    current_token,
    looking,
    now,
    review,
    unit_of_work,
    workplace,
)

if TYPE_CHECKING:
    from redflags.casework.unit_of_work import UnitOfWork

pages = Blueprint("account", __name__)

KEPT = "You will not see alerts about this home."
NOT_KNOWN = (
    "We do not recognise this reference, but it has been saved. "
    "Check it. If it was wrong, send the right one too."
)
WHY = {
    "own home": "I live there, or used to",
    "family or friend": "Family or a friend lives there",
    "other": "Another reason",
}


class PasswordForm(forms.PageForm):
    old = forms.password("Current password", missing="Enter your current password")
    password = forms.password(
        "New password",
        missing="Choose a password",
        hint="At least 12 characters. Use three or four words that only you would put together.",
        is_new=True,
    )
    again = forms.password("Repeat the password", missing="Enter the password again", is_new=True)


class InterestForm(forms.PageForm):
    ref = forms.short_text(
        "Property or tenancy reference",
        missing="Enter the reference of a home or of a tenancy",
        hint="As shown in the housing system.",
        most=100,
        classes="govuk-input--width-20",
    )
    why = forms.choice("Why should you not see it?", WHY, missing="Choose why")


class AwayForm(forms.PageForm):
    """Nothing but its token: the button says what it does."""


@pages.get("/account")
@logged_in
def me() -> str:
    with looking() as connection:
        has_password = accounts.has_password(connection, current_person())
    return render_template("login/account/me.html", form=AwayForm(), has_password=has_password)


@pages.post("/account/away")
@logged_in
def away() -> ResponseReturnValue:
    """Set to what the button said, so that pressing it twice is pressing it once."""
    is_away = request.form.get("is_away") == "yes"
    with unit_of_work() as work:
        accounts.set_away(work.connection, work.person, is_away, work.now)
    flash(
        "You are marked as away. Nobody can give you new work." if is_away else "Welcome back.",
        "success",
    )
    return redirect(url_for("account.me"))


@pages.route("/account/password", methods=["GET", "POST"])
@logged_in
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit() and _is_changed(form):
        flash("Password changed. You have been signed out everywhere else.", "success")
        return redirect(url_for("account.me"))
    waits = bool(form.form_errors)
    return render_template("login/account/password.html", form=form), 429 if waits else 200


@pages.route("/account/interest", methods=["GET", "POST"])
@logged_in
def interest() -> ResponseReturnValue:
    """Takes a household and never shows one: the answer is the same whatever is stored."""
    form = InterestForm()
    is_known = True

    def declare(work: "UnitOfWork") -> None:
        nonlocal is_known
        kind = InterestKind.LIVES_THERE if form.why.data == "own home" else InterestKind.DECLARED
        is_known = accounts.declare(
            work.connection, work.person, form.ref.data, kind, work.person.actor, work.now
        )

    if form.validate_on_submit() and forms.done(form, declare):
        flash(KEPT, "success")
        if not is_known:
            flash(NOT_KNOWN)
        return redirect(url_for("account.me"))
    return render_template("login/account/interest.html", form=form)


def _is_changed(form: PasswordForm) -> bool:
    """Change it; False, with the error on the form, when it cannot be."""
    if form.again.data != form.password.data:
        forms.put_error(form, InvalidAct("again", "The two passwords are not the same"))
        return False
    place = workplace()
    change = accounts.NewPassword(form.old.data, form.password.data, current_token())
    keys, limits = place.program.account_keys, review().logins
    try:
        refusal = accounts.change_password(
            place.store, keys, limits, current_person(), change, now()
        )
    except InvalidAct as error:
        forms.put_error(form, error)
        return False
    if refusal is accounts.Refusal.WAIT:
        forms.put_error(form, InvalidAct("wait", too_many()))
    elif refusal is accounts.Refusal.WRONG:
        forms.put_error(form, InvalidAct("old", "This is not your current password"))
    return refusal is None
