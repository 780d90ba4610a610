"""Logging in and out, and the one-time link by which an account gets its password."""

from datetime import timedelta

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from redflags.casework import accounts
from redflags.domain.people import Person
from redflags.errors import InvalidAct
from redflags.web.shell import forms
from redflags.web.shell.access import anybody, logged_in, safe_next, start_session
from redflags.web.shell.request_context import (
    current_person,
    current_token,
    looking,
    now,
    person_or_none,
    review,
    store_writing,
    workplace,
)

pages = Blueprint("auth", __name__)

WRONG = "The email address, password or code is wrong. Try again with a new code"
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code"}


class LoginForm(forms.PageForm):
    email = forms.short_text(
        "Email address", missing="Enter your email address", most=254, autocomplete="username"
    )
    password = forms.password("Password", missing="Enter your password")
    code = forms.short_text(
        "Code from your app",
        missing="Enter the 6-digit code from your app",
        hint="6 digits. Each code works once.",
        classes="govuk-input--width-5",
        most=20,
        **CODE,
    )


class WelcomeForm(forms.PageForm):
    password = forms.password(
        "New password",
        missing="Choose a password",
        hint="At least 12 characters. Use three or four words that only you would put together.",
        is_new=True,
    )
    again = forms.password("Repeat the password", missing="Enter the password again", is_new=True)
    code = forms.short_text(
        "Code from your app",
        missing="Enter the 6-digit code from your app",
        classes="govuk-input--width-5",
        most=20,
        **CODE,
    )


@pages.route("/login", methods=["GET", "POST"])
@anybody
def login() -> ResponseReturnValue:
    if person_or_none() is not None and request.method == "GET":
        return redirect(safe_next(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form)
    entry = _try_to_enter(form)
    if entry is accounts.Refusal.WAIT:
        forms.put_error(form, InvalidAct("wait", too_many()))
        return _login_page(form), 429
    if not isinstance(entry, accounts.Entry):
        forms.put_error(form, InvalidAct("login", WRONG))
        return _login_page(form)
    answer = make_response(let_in(entry, request.args.get("next")))
    _know_this_browser(answer, entry.person)
    return answer


@pages.post("/logout")
@logged_in
def logout() -> ResponseReturnValue:
    with store_writing() as connection:
        accounts.log_out(connection, current_person(), current_token(), now())
    session.clear()
    return redirect("/login")


@pages.route("/welcome/<token>", methods=["GET", "POST"])
@anybody
def welcome(token: str) -> ResponseReturnValue:
    """Looking at it uses nothing up: mail programs open links before people do."""
    with looking() as connection:
        invited = accounts.invited_person(connection, token, now())
    if invited is None:
        return _no_such_link()
    form = WelcomeForm()
    if form.validate_on_submit() and (entry := _accepted(form, token)):
        return let_in(entry)
    secret = workplace().program.account_keys.enrolment_secret(token)
    return render_template(
        "login/welcome.html",
        form=form,
        invited=invited,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        picture=_picture(accounts.setup_address(secret, invited.email)),
    )


def let_in(entry: accounts.Entry, wanted: str | None = None) -> ResponseReturnValue:
    """Begin the new session, end the one this browser had, and go where they wanted."""
    if token := current_token():
        with store_writing() as connection:
            accounts.end_session(connection, token, now())
    start_session(entry.token)
    return redirect(safe_next(wanted))


def too_many() -> str:
    minutes = review().logins.failure_window.value
    return f"Too many attempts. Wait {minutes} minutes, then try again"


def _login_page(form: LoginForm) -> str:
    outside = bool(workplace().program.settings.oidc_issuer)
    return render_template(
        "login/login.html", form=form, outside=outside, next=safe_next(request.args.get("next"))
    )


def _try_to_enter(form: LoginForm) -> accounts.Entry | accounts.Refusal:
    place = workplace()
    attempt = accounts.Attempt(
        email=form.email.data,
        password=form.password.data,
        code=form.code.data,
        address=request.remote_addr or "",
        mark=request.cookies.get(_mark_name(form.email.data), ""),
    )
    keys = place.program.account_keys
    return accounts.log_in(place.store, keys, review().logins, attempt, now())


def _know_this_browser(answer: Response, person: Person) -> None:
    """Leave a mark, so that strangers' wrong passwords do not make this browser wait."""
    holds: timedelta = review().logins.browser_holds
    answer.set_cookie(
        _mark_name(person.email),
        accounts.browser_mark(workplace().program.account_keys, person.email, now()),
        max_age=holds,
        path="/login",
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def _mark_name(email: str) -> str:
    """One for each account: colleagues may share a computer."""
    account = workplace().program.account_keys.trace(accounts.plain_email(email))
    return f"redflags-browser-{account[:8]}"


def _accepted(form: WelcomeForm, token: str) -> accounts.Entry | None:
    if form.again.data != form.password.data:
        forms.put_error(form, InvalidAct("again", "The two passwords are not the same"))
        return None
    acceptance = accounts.Acceptance(token, form.password.data, form.code.data)
    try:
        with store_writing() as connection:
            keys = workplace().program.account_keys
            return accounts.accept_invitation(connection, keys, acceptance, now())
    except InvalidAct as error:
        forms.put_error(form, error)
        return None


def _no_such_link() -> ResponseReturnValue:
    """One page for a link that was used, is too old or never was."""
    with store_writing() as connection:
        accounts.refuse_link(connection, now())
    return render_template("login/no_link.html"), 404


def _picture(address: str) -> Markup:
    """The square to scan, drawn into the page: no file of it is left anywhere."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=2, light="#fff")
    return Markup(drawn)  # noqa: S704  # drawn by us: squares, and nothing that was typed
