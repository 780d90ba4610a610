"""Who may use which page: said at the page, checked before it, refused where nothing is said.

A page names who may use it once, under its route::

    @pages.get("/queue")
    @allowed(Role.REVIEWER, Role.SPECIALIST)
    def waiting() -> str: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, flash, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from werkzeug.exceptions import Forbidden

from redflags.casework.accounts import person_of_session, touch_session
from redflags.domain.people import Role
from redflags.web.shell import request_context
from redflags.web.shell.request_context import LoggedIn

View = TypeVar("View", bound=Callable[..., object])

_ATTRIBUTE = "redflags_access"
_TOUCHED = "touched"
_TOUCH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a page: anybody at all, or who is logged in and has one of `roles`."""

    roles: frozenset[Role] = frozenset(Role)
    needs_login: bool = True

    def __str__(self) -> str:
        if not self.needs_login:
            return "anybody"
        return "logged in" if self.roles == frozenset(Role) else " ".join(sorted(self.roles))


def allowed(*roles: Role) -> Callable[[View], View]:
    """Only who has one of `roles`."""
    return _declaring(Access(frozenset(roles)))


def logged_in(view: View) -> View:
    """Whoever has an account, whatever their role."""
    return _declaring(Access())(view)


def anybody(view: View) -> View:
    """No login: for the login itself, one-time links and static files, and nothing else."""
    return _declaring(Access(needs_login=False))(view)


def access_of(view: object) -> Access | None:
    """What was said at the page, None when nothing was."""
    return getattr(view, _ATTRIBUTE, None)


def guard(app: Flask) -> None:
    """Check every request before its page runs, and know who is asking by their session."""
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # it guesses by address and browser; our sessions are kept
    manager.user_loader(_who)
    anybody(app.view_functions["static"])
    app.before_request(_check)


def start_session(token: str) -> None:
    """Put a new session's token into the cookie, and nothing of what was there before."""
    session.clear()
    session["_user_id"] = token
    session[_TOUCHED] = int(request_context.now().timestamp())


def safe_next(target: str | None) -> str:
    """`target` when it is a path of ours, else the front page: no link leads out of here.

    Browsers read a backslash as a slash and drop control characters, so both are refused.
    """
    front = "/"
    if not target or not target.startswith("/") or target.startswith("//"):
        return front
    if "\\" in target or any(not character.isprintable() for character in target):
        return front
    try:
        parts = urlsplit(target)
    except ValueError:
        return front
    return target if not parts.scheme and not parts.netloc else front


def _declaring(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, access)
        return view

    return declare


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # there is no such page, or not with this method: routing says so
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise Forbidden
    if not access.needs_login:
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if not current_user.person.has(*access.roles):
        raise Forbidden
    _touch()
    return None


def _who(token: str) -> LoggedIn | None:
    with request_context.looking() as connection:
        quiet = request_context.review().times.session
        person = person_of_session(connection, token, request_context.now(), quiet)
    return None if person is None else LoggedIn(person, token)


def _touch() -> None:
    """Note that somebody is at work, at most once a minute: a page more is not a write more."""
    seconds = int(request_context.now().timestamp())
    if 0 <= seconds - session.get(_TOUCHED, 0) < _TOUCH_SECONDS:
        return
    with request_context.store_writing() as connection:
        touch_session(connection, current_user.token, request_context.now())
    session[_TOUCHED] = seconds


def _to_login() -> ResponseReturnValue:
    """To the login, and back afterwards; why, when there was a session."""
    was_logged_in = "_user_id" in session
    last_seen = datetime.fromtimestamp(session.get(_TOUCHED, 0), UTC)
    session.clear()
    if was_logged_in:
        flash(_why_signed_out(last_seen))
    target = safe_next(_path_to_come_back_to())
    return redirect("/login" if target == "/" else f"/login?{urlencode({'next': target})}")


def _why_signed_out(last_seen: datetime) -> str:
    quiet = request_context.review().times.session
    if request_context.now() - last_seen < quiet:
        return "You were signed out. Log in again."
    minutes = int(quiet.total_seconds() // 60)
    return f"You were signed out because you did nothing for {minutes} minutes."


def _path_to_come_back_to() -> str:
    """Where they were, if one can simply go there: a form that was sent cannot be sent again."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return "/"
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
