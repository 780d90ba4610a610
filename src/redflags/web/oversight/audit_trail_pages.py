"""For auditors: who did or saw what, and whether the trail is whole. Never what it was about."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from wtforms.validators import ValidationError

from redflags.casework import accounts
from redflags.casework.reading import audit_trail
from redflags.casework.reading.audit_trail import AuditEntry, AuditPage
from redflags.domain.clock import end_of_day_utc
from redflags.domain.people import Role
from redflags.errors import AuditChainBroken
from redflags.web.oversight.audit_wording import ACTOR_WORDS, action_words, details_words, who_words
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.csv_download import csv_of, download
from redflags.web.shell.form_fields import PersonField
from redflags.web.shell.paging import page_number, pagination
from redflags.web.shell.request_context import current_person, looking, unit_of_work, workplace

pages = Blueprint("audit", __name__)
for in_words in (action_words, details_words, who_words):
    pages.add_app_template_filter(in_words)

MOST_AT_ONCE = 10_000
"""Entries in one download: what fits a spreadsheet and the memory of a small server."""
COLUMNS = ("entry", "at_utc", "who", "actor", "what", "action", "alert", "details")
WHOLE = "Nobody has changed this list: every entry is as it was written."
TOO_MANY = f"There are more than {MOST_AT_ONCE:,} entries. Choose fewer days, then download them."
_A_DAY = timedelta(days=1)
_FIELDS = ("alert", "who", "since", "until")


class FilterForm(forms.PageForm):
    """Which entries; it changes nothing, so it is in the address."""

    class Meta:
        csrf = False

    alert = forms.short_text(
        "Alert",
        hint="Its reference, as shown in the list",
        most=64,
        classes="govuk-input--width-20",
    )
    who = PersonField("Who", "")
    since = forms.day("From")
    until = forms.day("To", hint="This day is included")

    def validate_until(self, field: object) -> None:
        if self.since.data and self.until.data and self.until.data < self.since.data:
            raise ValidationError("The last day must not be before the first")

    def offer(self, names: dict[str, str]) -> None:
        by_name = sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))
        persons = [(f"person:{person_id}", name) for person_id, name in by_name]
        self.who.choices = [("", "Everybody"), *persons, *ACTOR_WORDS.items()]

    def read(self, connection: Connection, page: int, size: int) -> AuditPage:
        return audit_trail.entries(
            connection,
            reader=current_person(),
            alert_id=self.alert.data or None,
            actor=self.who.data or None,
            since=_start_of(self.since.data),
            until=_end_of(self.until.data),
            page=page,
            size=size,
        )


@pages.get("/audit")
@allowed(Role.AUDITOR)
def entries() -> ResponseReturnValue:
    return _list()


@pages.post("/audit/check")
@allowed(Role.AUDITOR)
def check() -> ResponseReturnValue:
    """Walk the whole chain. A broken one is left as it is: not even the check is written down."""
    try:
        workplace().store.verify_audit()
    except AuditChainBroken as error:
        return render_template("oversight/audit/broken.html", what=str(error))
    with unit_of_work() as work:
        work.write("audit_checked")
    flash(WHOLE, "success")
    return redirect(url_for("audit.entries", **_asked()))


@pages.post("/audit/csv")
@allowed(Role.AUDITOR)
def export() -> ResponseReturnValue:
    """The entries that were filtered for; that they were taken away is written down."""
    form = FilterForm(formdata=request.args)
    with looking() as connection:
        form.offer(accounts.names(connection))
        if not form.validate():
            return _list()
        found = form.read(connection, 1, MOST_AT_ONCE)
    if found.total > MOST_AT_ONCE:
        flash(TOO_MANY)
        return redirect(url_for("audit.entries", **_asked()))
    with unit_of_work() as work:
        work.write("audit_exported", entries=found.total)
    return download(csv_of(COLUMNS, map(_row, found.entries)), "who-did-what.csv")


def _list() -> ResponseReturnValue:
    form = FilterForm(formdata=request.args)
    shown = AuditPage((), 0, 1, audit_trail.PAGE_SIZE)
    with looking() as connection:
        form.offer(accounts.names(connection))
        if form.validate():
            shown = form.read(connection, page_number(), audit_trail.PAGE_SIZE)
    return render_template(
        "oversight/audit/entries.html",
        form=form,
        shown=shown,
        asked=_asked(),
        pagination=pagination(shown, "Pages of the list", "audit.entries", **_asked()),
    )


def _asked() -> dict[str, Any]:
    """What the list is filtered by, as it stands in the address."""
    return {name: request.args.getlist(name) for name in _FIELDS if any(request.args.getlist(name))}


def _start_of(day: date | None) -> datetime | None:
    return None if day is None else end_of_day_utc(day - _A_DAY)


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else end_of_day_utc(day)


def _row(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.entry_no,
        entry.at_utc.isoformat(timespec="seconds"),
        who_words(entry),
        entry.actor,
        action_words(entry.action),
        entry.action,
        entry.alert_id,
        details_words(entry),
    )
