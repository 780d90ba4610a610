"""For administrators: who works here, what they may do, their links, and whom they must not see."""

import hashlib
import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from redflags.casework import accounts
from redflags.casework.policy.notification_audience import count_unseen
from redflags.domain.people import InterestKind, Person, Role
from redflags.errors import CaseChanged, InvalidAct
from redflags.web.admin.people_forms import (
    BarrierForm,
    ButtonForm,
    ChangeForm,
    PersonForm,
    RightsForm,
)
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import current_person, looking, unit_of_work, workplace
from redflags.web.shell.wording import DUTY_WORDS

if TYPE_CHECKING:
    from redflags.casework.unit_of_work import UnitOfWork

pages = Blueprint("people", __name__)

LIFTED = "If this home was hidden from them, it no longer is."
BARRED = "They will not see alerts about this home."
NOT_KNOWN = (
    "We do not recognise this reference, but it has been saved. "
    "Check it. If it was wrong, send the right one too."
)


@pages.get("/people")
@allowed(Role.ADMIN)
def everybody() -> str:
    with looking() as connection:
        listed = accounts.people(connection)
        unseen = count_unseen(connection, current_person())
    return render_template("admin/everybody.html", people=listed, unseen=unseen)


@pages.route("/people/add", methods=["GET", "POST"])
@allowed(Role.ADMIN)
def add() -> ResponseReturnValue:
    form = PersonForm()
    link = ""

    def act(work: "UnitOfWork") -> None:
        nonlocal link
        _refuse_areas(work.connection, form)
        person = accounts.add_person(
            work.connection,
            work.person.actor,
            work.now,
            email=form.email.data,
            name=form.name.data,
            roles=form.roles.data,
            patches=form.areas,
            every_patch=form.every_patch.data,
        )
        link = _new_link(work, person.person_id)

    if form.validate_on_submit() and forms.done(form, act):
        return render_template("admin/link.html", link=link, name=form.name.data)
    return render_template("admin/add.html", form=form, areas=_known_areas(), duties=DUTY_WORDS)


@pages.route("/people/<person_id>", methods=["GET", "POST"])
@allowed(Role.ADMIN)
def one(person_id: str) -> ResponseReturnValue:
    person = _person(person_id)
    form = ChangeForm(
        version=_rights_of(person),
        roles=person.roles,
        every_patch=person.every_patch,
        patches="\n".join(sorted(person.patches)),
    )

    def act(work: "UnitOfWork") -> None:
        _refuse_areas(work.connection, form)
        _refuse_unseen(work, person_id)
        accounts.change_person(
            work.connection,
            work.person.actor,
            work.now,
            person_id,
            roles=form.roles.data,
            patches=form.areas,
            every_patch=form.every_patch.data,
        )

    if form.validate_on_submit() and forms.done(form, act):
        flash("Saved. If anything changed, they have to log in again.", "success")
        return redirect(url_for("people.one", person_id=person_id))
    return render_template(
        "admin/one.html",
        form=form,
        shown=person,
        areas=_known_areas(),
        duties=DUTY_WORDS,
        button=ButtonForm(),
    )


@pages.post("/people/<person_id>/off")
@allowed(Role.ADMIN)
def off(person_id: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as work:
            accounts.disable_person(work.connection, work.person.actor, work.now, person_id)
    except InvalidAct as error:
        flash(f"{error.expected}.")
    else:
        flash("Account disabled. Their work stays with them until a manager reassigns it.")
    return redirect(url_for("people.one", person_id=person_id))


@pages.post("/people/<person_id>/on")
@allowed(Role.ADMIN)
def on(person_id: str) -> ResponseReturnValue:
    with unit_of_work() as work:
        accounts.enable_person(work.connection, work.person.actor, work.now, person_id)
    flash("Account enabled. Their password has not changed.", "success")
    return redirect(url_for("people.one", person_id=person_id))


@pages.post("/people/<person_id>/link")
@allowed(Role.ADMIN)
def link(person_id: str) -> ResponseReturnValue:
    """Shown once, in the answer to the button; nothing here can show it again or send it."""
    name = _person(person_id).name
    try:
        with unit_of_work() as work:
            made = _new_link(work, person_id)
    except InvalidAct as error:
        flash(f"{error.expected}.")
        return redirect(url_for("people.one", person_id=person_id))
    return render_template("admin/link.html", link=made, name=name)


@pages.route("/people/<person_id>/barrier", methods=["GET", "POST"])
@allowed(Role.ADMIN)
def barrier(person_id: str) -> ResponseReturnValue:
    """Write only: nobody can see which barriers there are, administrators included."""
    person = _person(person_id)
    form = BarrierForm()
    is_known = True

    def act(work: "UnitOfWork") -> None:
        nonlocal is_known
        is_known = _bar_or_lift(work, person, form)

    if form.validate_on_submit() and forms.done(form, act):
        flash(BARRED if form.what.data == "bar" else LIFTED, "success")
        if not is_known:
            flash(NOT_KNOWN)
        return redirect(url_for("people.one", person_id=person_id))
    return render_template("admin/barrier.html", form=form, shown=person)


def _bar_or_lift(work: "UnitOfWork", person: Person, form: BarrierForm) -> bool:
    """Whether the reference is one we know, or need not be."""
    who, ref = work.person.actor, form.ref.data
    if form.what.data == "lift":
        accounts.withdraw(work.connection, person, ref, who, work.now)
        return True
    return accounts.declare(work.connection, person, ref, InterestKind.BARRED, who, work.now)


def _person(person_id: str) -> Person:
    """Raises LookupError when there is nobody of that id."""
    with looking() as connection:
        found = accounts.person(connection, person_id)
    if found is None:
        raise LookupError("nobody has this id")
    return found


def _rights_of(person: Person) -> str:
    """The same for the same rights; what they are stays here."""
    rights = [sorted(person.roles), sorted(person.patches), person.every_patch]
    return hashlib.sha256(json.dumps(rights).encode()).hexdigest()[:16]


def _refuse_unseen(work: "UnitOfWork", person_id: str) -> None:
    """Raises CaseChanged when another administrator changed their rights meanwhile."""
    work.take_turn()
    found = accounts.person(work.connection, person_id)
    is_own = person_id == work.person.person_id  # refused anyway, with its own words
    if found and not is_own and request.form.get("version") != _rights_of(found):
        raise CaseChanged("Somebody else has changed what they can do since you opened this page")


def _known_areas() -> list[str]:
    with looking() as connection:
        return accounts.known_patches(connection)


def _refuse_areas(connection: Connection, form: RightsForm) -> None:
    roles: Collection[Role] = form.roles.data
    for fault in accounts.area_faults(connection, roles, form.areas, form.every_patch.data):
        raise fault


def _new_link(work: "UnitOfWork", person_id: str) -> str:
    holds = work.review.times.invitation_holds
    token = accounts.invite(work.connection, work.person.actor, person_id, work.now, holds)
    address = workplace().program.settings.review_url.rstrip("/")
    return address + url_for("auth.welcome", token=token)
