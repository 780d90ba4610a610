"""What a page works with: who asks, what time it is, and the two ways into the database.

::

    with unit_of_work() as work:  # one transaction of the person at work, with its audit entries
        claim_alert.claim(work, alert_id)
    with looking() as connection:  # one look, nothing kept
        rows = lists.waiting(connection, current_person(), now(), page=1)
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from flask import current_app, g
from flask_login import current_user
from sqlalchemy import Connection

from redflags.bootstrap import Program
from redflags.configuration.review_settings import ReviewSet
from redflags.domain.people import Person

if TYPE_CHECKING:
    from redflags.adapters.store import QueueStore
    from redflags.casework.unit_of_work import UnitOfWork, UnitsOfWork

_KEY = "redflags"


@dataclass(frozen=True)
class Workplace:
    """What one application works with from its start to its end."""

    program: Program
    store: "QueueStore"
    clock: Callable[[], datetime]

    @cached_property
    def units_of_work(self) -> "UnitsOfWork":
        return self.program.units_of_work(self.store)


@dataclass(frozen=True)
class LoggedIn:
    """Flask-Login's user: the person, and the token of the session, which is all a cookie says."""

    person: Person
    token: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def furnish(app_extensions: dict[str, object], workplace: Workplace) -> None:
    app_extensions[_KEY] = workplace


def workplace() -> Workplace:
    return cast(Workplace, current_app.extensions[_KEY])


def now() -> datetime:
    """The moment of this request, the same however often it is asked for."""
    if "now" not in g:
        g.now = workplace().clock()
    return cast(datetime, g.now)


def review() -> ReviewSet:
    return workplace().program.reviewset


def person_or_none() -> Person | None:
    user = current_user
    return user.person if user and user.is_authenticated else None


def current_person() -> Person:
    """Who is logged in. Raises RuntimeError on a page for anybody when nobody is."""
    person = person_or_none()
    if person is None:
        raise RuntimeError("nobody is logged in here; declare the page @logged_in or @allowed(…)")
    return person


def current_token() -> str:
    """The token of this session, to end the others and not this one; blank when nobody is in."""
    return current_user.token if person_or_none() else ""


def unit_of_work() -> "AbstractContextManager[UnitOfWork]":
    """One transaction of who asks, kept whole when the block ends without an error."""
    return workplace().units_of_work.begin(current_person(), now())


def looking() -> AbstractContextManager[Connection]:
    """One consistent look at the database; nothing done inside is kept."""
    return workplace().store.reading()


def store_writing() -> AbstractContextManager[Connection]:
    """A transaction of nobody in particular: logging in and out, and refusals."""
    return workplace().store.writing()
