"""The front page leads everybody to where their work is."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from redflags.web.shell.access import anybody, logged_in
from redflags.web.shell.navigation import navigation
from redflags.web.shell.request_context import current_person

pages = Blueprint("home", __name__)


@pages.get("/")
@logged_in
def front() -> ResponseReturnValue:
    """To the first place one may go; to a page that says so when there is none."""
    links = navigation(current_person())
    return redirect(links[0]["href"]) if links else render_template("shell/front/front.html")


@pages.get("/health")
@anybody
def health() -> ResponseReturnValue:
    """For whatever watches the service: it answers. Says nothing else."""
    return {"status": "ok"}
