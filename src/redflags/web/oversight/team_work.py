"""The team's work: who has how much, what is late, and giving alerts to somebody (P16)."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from redflags.casework import accounts
from redflags.casework.acts import give_alerts
from redflags.casework.policy.who_can_take import could_take_something
from redflags.casework.reading import alert_lists
from redflags.domain.alert import OPEN_STATES, AlertState
from redflags.domain.people import CASE_ROLES, Person, Role
from redflags.errors import InvalidAct
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.form_fields import NEVER_SEEN, PersonField
from redflags.web.shell.paging import page_number, pagination
from redflags.web.shell.request_context import current_person, looking, now, unit_of_work
from redflags.web.shell.wording import STATE_WORDS

pages = Blueprint("managers", __name__)

MOST_SHOWN = 50
"""Of what is late, or soon will be: who has more of it needs the list of all, not a longer page."""
NO_AREA = "(none)"
CANNOT_TAKE_ALL = (
    "They cannot take all of these. Choose somebody else, or give them fewer at a time"
)
_OPEN = {state: STATE_WORDS[state] for state in OPEN_STATES}


class TickedField(Field):  # type: ignore[misc]  # WTForms has no types
    """The references of the alerts that were ticked in a list."""

    data: list[str]

    def process_data(self, value: object) -> None:
        self.data = []

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[: alert_lists.PAGE_SIZE]


class SeenField(Field):  # type: ignore[misc]
    """Which version of each alert was in the list, so that nobody gives what changed meanwhile."""

    data: dict[str, int]

    def process_data(self, value: object) -> None:
        self.data = {}

    def process_formdata(self, valuelist: list[str]) -> None:
        pairs = (
            one.rpartition(":") for one in (valuelist or [""])[0].split()[: alert_lists.PAGE_SIZE]
        )
        self.data = {
            alert_id: int(version)
            for alert_id, _, version in pairs
            if version.isascii() and version.isdigit() and len(version) < 10
        }

    def show(self, rows: Iterable[alert_lists.QueueRow]) -> None:
        """Add what is seen now; what comes back from before keeps the version it was seen in."""
        self.data = {row.alert_id: row.version for row in rows} | self.data

    def of(self, alert_ids: Iterable[str]) -> dict[str, int]:
        return {alert_id: self.data.get(alert_id, NEVER_SEEN) for alert_id in alert_ids}

    def _value(self) -> str:
        return " ".join(f"{alert_id}:{version}" for alert_id, version in self.data.items())


class GiveForm(forms.PageForm):
    version = SeenField()
    alerts = TickedField("Alerts", [forms.Said("Tick at least one alert")])
    person = forms.somebody("Give them to", missing="Choose who gets them")
    reason = forms.long_text(
        "Why?",
        missing="Write why",
        hint="It is kept with each alert. Do not name anybody in the household.",
        rows=3,
    )


class FilterForm(forms.PageForm):
    """Which alerts to list; it changes nothing, so it is in the address."""

    class Meta:
        csrf = False

    state = PersonField("Where they are", "")
    area = PersonField("Area", "")
    person = PersonField("Who has them", "")

    def offer(self, areas: list[str], everybody: list[Person]) -> None:
        self.state.choices = [("", "Anywhere"), *((s.value, text) for s, text in _OPEN.items())]
        self.area.choices = [("", "Every area"), *((a or NO_AREA, a or "No area") for a in areas)]
        working = (one for one in everybody if _may_hold(one, self.person.data))
        self.person.choices = [("", "Anybody"), *((p.person_id, _named(p)) for p in working)]

    def chosen(self) -> alert_lists.CaseFilter:
        area = "" if self.area.data == NO_AREA else self.area.data or None
        state = AlertState(self.state.data) if self.state.data else None
        return alert_lists.CaseFilter(state, area, self.person.data or None)


@pages.get("/manage")
@allowed(Role.MANAGER)
def load() -> ResponseReturnValue:
    """What is late first; then what is due within a day, and who has how much."""
    with looking() as connection:
        found = alert_lists.load(connection, current_person(), now())
    return render_template("oversight/team/load.html", load=found, most=MOST_SHOWN, no_area=NO_AREA)


@pages.get("/manage/alerts")
@allowed(Role.MANAGER)
def alerts() -> ResponseReturnValue:
    """Every open alert, or those that were filtered for, with boxes to tick."""
    return _list(GiveForm(formdata=None))


@pages.post("/manage/give")
@allowed(Role.MANAGER)
def give() -> ResponseReturnValue:
    """Give what was ticked to somebody: all of it, or nothing."""
    form = GiveForm()
    with looking() as connection:
        form.person.offer(_takers(accounts.people(connection)))
    if form.validate_on_submit() and _given(form):
        flash("Alerts given to your colleague.", "success")
        return redirect(url_for("managers.alerts", **_asked()))
    return _list(form)


def _given(form: GiveForm) -> bool:
    """False, with the error at its field, when somebody cannot take every one of them."""
    try:
        with unit_of_work() as work:
            seen = form.version.of(form.alerts.data)
            give_alerts.give(work, seen, form.person.data, form.reason.data)
    except InvalidAct as error:
        # one answer, whatever the reason: an area, a day off, or a household they must not see
        is_person = error.field == "person"
        forms.put_error(form, InvalidAct("person", CANNOT_TAKE_ALL) if is_person else error)
        return False
    return True


def _list(form: GiveForm) -> ResponseReturnValue:
    chosen = FilterForm(formdata=request.args)
    shown = alert_lists.Page((), 0, 1, alert_lists.PAGE_SIZE)
    with looking() as connection:
        everybody = accounts.people(connection)
        chosen.offer(alert_lists.open_areas(connection, current_person()), everybody)
        if chosen.validate():
            person, page = current_person(), page_number()
            shown = alert_lists.open_cases(connection, person, chosen.chosen(), page)
    form.person.offer(_takers(everybody))
    form.version.show(shown.rows)
    return render_template(
        "oversight/team/alerts.html",
        form=chosen if chosen.errors else form,
        give=form,
        chosen=chosen,
        asked=_asked() | ({"page": shown.page} if shown.page > 1 else {}),
        shown=shown,
        pagination=pagination(shown, "Pages of the list", "managers.alerts", **_asked()),
    )


def _asked() -> dict[str, Any]:
    """What the list is filtered by, as it stands in the address."""
    return {
        name: request.args[name] for name in ("state", "area", "person") if request.args.get(name)
    }


def _may_hold(one: Person, asked_for: str) -> bool:
    """Whoever works on alerts, or did; and whoever a link of the team's load names."""
    return one.has(*CASE_ROLES) or one.person_id == asked_for


def _named(one: Person) -> str:
    return one.name if one.is_active else f"{one.name} (account disabled)"


def _takers(everybody: list[Person]) -> list[tuple[str, str]]:
    """Who could take an alert at all. Whether they can take this one is found out by giving it."""
    return [(one.person_id, one.name) for one in everybody if could_take_something(one)]
