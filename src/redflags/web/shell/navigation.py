"""The links at the top of every page: what somebody's roles let them do, and nothing else."""

from typing import TypedDict

from flask import current_app, request, url_for

from redflags.domain.people import Person
from redflags.web.shell.access import access_of

LINKS = (
    ("queue.mine", "Your work"),
    ("concern.log", "Log a concern"),
    ("referrals.waiting", "Referrals to agree"),
    ("managers.load", "Team's work"),
    ("quality.samples", "Quality"),
    ("audit.entries", "Who did what"),
    ("reports.figures", "Figures"),
    ("analyst.bench", "Rules"),
    ("fairness.groups", "Fairness"),
    ("watching.charts", "The nights"),
    ("people.everybody", "People"),
)
"""Endpoint and words. Who may go there is said at the page (web/shell/access.py), not here."""


class Link(TypedDict):
    """As GOV.UK's component wants it: `current` is the page itself, `active` one of its kind."""

    text: str
    href: str
    current: bool
    active: bool


def navigation(person: Person) -> list[Link]:
    """The links whose pages `person` may use, in the order above."""
    return [_link(endpoint, text) for endpoint, text in LINKS if _may_use(person, endpoint)]


def _link(endpoint: str, text: str) -> Link:
    return Link(
        text=text,
        href=url_for(endpoint),
        current=request.endpoint == endpoint,
        active=request.blueprint == endpoint.partition(".")[0],
    )


def _may_use(person: Person, endpoint: str) -> bool:
    access = access_of(current_app.view_functions.get(endpoint))
    return access is not None and person.has(*access.roles)
