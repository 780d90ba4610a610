"""The web application: its pages, and what holds for all of them."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app, url_for
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from redflags.bootstrap import Program, utc_now
from redflags.domain.people import Person
from redflags.errors import StoreBusy, StoreUnusable
from redflags.web import access, context, errors, security
from redflags.web.context import Workplace
from redflags.web.filters import BlankUnlessOurs, add_filters
from redflags.web.forms import error_list
from redflags.web.navigation import navigation

if TYPE_CHECKING:
    from redflags.adapters.store import QueueStore

PAGES = (
    "home",
    "auth",
    "oidc",
    "account",
    "people",
    "queue",
    "alert",
    "welfare",
    "referrals",
    "concern",
    "managers",
    "quality",
    "reports",
    "fairness",
    "watching",
    "audit",
    "analyst",
)
"""One module for each task of somebody, each with its blueprint `pages`."""

_STATIC = Path(__file__).parent / "static"


def create_app(
    program: Program,
    store: "QueueStore",
    *,
    now: Callable[[], datetime] = utc_now,
    testing: bool = False,
) -> Flask:
    """The application on an open store. `now` is the clock it goes by (aware, UTC)."""
    app = errors.ReviewApp(__name__, static_folder=str(_STATIC), template_folder="templates")
    app.testing = testing
    context.furnish(app.extensions, Workplace(program, store, now))
    _set_the_table(app)
    security.secure(app, program.settings, program.secret)
    access.guard(app)
    security.refuse_forgery(app)
    errors.tell_errors(app)
    _register_pages(app)
    return app


def _set_the_table(app: Flask) -> None:
    """What templates find: components, filters, names."""
    app.jinja_env.undefined = BlankUnlessOurs
    app.jinja_env.loader = ChoiceLoader(
        [
            PackageLoader("redflags.web"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    WTFormsHelpers(app)
    add_filters(app)
    app.add_template_global(asset)
    app.add_template_global(error_list, "errors_of")
    app.context_processor(_for_every_page)


def _for_every_page() -> dict[str, object]:
    person = _shown_person()
    return {
        "person": person,
        "navigation": navigation(person) if person else [],
        "endpoints": current_app.view_functions,
        "quick_exit": context.review().links.quick_exit,
    }


def _shown_person() -> Person | None:
    """Who is logged in; nobody while the database does not answer, so that a page can say so."""
    try:
        return context.person_or_none()
    except (StoreBusy, StoreUnusable):
        return None


def asset(name: str) -> str:
    """The address of a static file, with its version: a new file has a new address."""
    return url_for("static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def _register_pages(app: Flask) -> None:
    for name in PAGES:
        app.register_blueprint(import_module(f"redflags.web.{name}").pages)
