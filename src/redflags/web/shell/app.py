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
from redflags.web.shell import access, error_pages, request_context, security
from redflags.web.shell.forms import error_list
from redflags.web.shell.navigation import navigation
from redflags.web.shell.request_context import Workplace
from redflags.web.shell.template_filters import BlankUnlessOurs, add_filters

if TYPE_CHECKING:
    from redflags.adapters.store import QueueStore

PAGES = (
    "shell.front_page",
    "login.log_in_pages",
    "login.oidc",
    "login.own_account",
    "admin.people_pages",
    "casework.your_work",
    "casework.alert_page",
    "casework.welfare_check_pages",
    "casework.referral_pages",
    "concerns.concern_form",
    "oversight.team_work",
    "oversight.quality_samples",
    "oversight.report_figures",
    "oversight.fairness_page",
    "oversight.control_chart_page",
    "oversight.audit_trail_pages",
    "bench.rules_page",
)
"""One module for each task of somebody, each with its blueprint `pages`."""

_STATIC = Path(__file__).parents[1] / "static"


def create_app(
    program: Program,
    store: "QueueStore",
    *,
    now: Callable[[], datetime] = utc_now,
    testing: bool = False,
) -> Flask:
    """The application on an open store. `now` is the clock it goes by (aware, UTC)."""
    app = error_pages.ReviewApp(__name__, static_folder=str(_STATIC), template_folder=None)
    app.testing = testing
    request_context.furnish(app.extensions, Workplace(program, store, now))
    _set_the_table(app)
    security.secure(app, program.settings, program.secret)
    access.guard(app)
    security.refuse_forgery(app)
    error_pages.tell_errors(app)
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
        "quick_exit": request_context.review().links.quick_exit,
    }


def _shown_person() -> Person | None:
    """Who is logged in; nobody while the database does not answer, so that a page can say so."""
    try:
        return request_context.person_or_none()
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
