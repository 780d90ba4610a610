"""Looking at our own work: closed alerts, homes below the line, and what each rule finds (P16)."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from redflags.casework.acts import quality_sample as store
from redflags.casework.policy.visibility import NO_SUCH_ALERT
from redflags.casework.reading.rule_yields import Yield, rule_yields
from redflags.domain.people import OVERSEEING_ROLES
from redflags.domain.plain_names import rule_words
from redflags.domain.quality_verdicts import BelowLineVerdict
from redflags.errors import NotForYou
from redflags.services.reports.svg_charts import Range, ranges
from redflags.web.casework.case_steps import sent
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import (
    current_person,
    looking,
    now,
    review,
    unit_of_work,
    workplace,
)
from redflags.web.shell.wording import BELOW_LINE_WORDS, CLOSING_VERDICT_WORDS

pages = Blueprint("quality", __name__)

YIELD_OVER = timedelta(days=365)
"""A year: every season is in it once, and rules that were changed long ago are not."""
NOT_ENOUGH = "not enough yet"
_HIGHEST_RANK = 1_000_000
_TOLD = {
    BelowLineVerdict.LEAVE: "Recorded that you have looked at this home.",
    BelowLineVerdict.RAISE: "The home is now in the queue.",
}


class ClosingForm(forms.PageForm):
    verdict = forms.choice(
        "Would you have decided the same?", CLOSING_VERDICT_WORDS, missing="Choose an answer"
    )
    note = forms.long_text(
        "Why?",
        hint="Needed unless you would have decided the same. Do not name anybody in the household.",
    )


class HomeForm(forms.PageForm):
    verdict = forms.choice(
        "What should happen?", BELOW_LINE_WORDS, missing="Choose what should happen"
    )


@pages.get("/quality")
@allowed(*OVERSEEING_ROLES)
def samples() -> ResponseReturnValue:
    """What chance drew for a second look, and how often each rule finds a need."""
    person = current_person()
    with looking() as connection:
        closed = store.quality_list(connection, person)
        homes = store.below_line_list(connection, person)
        yields = rule_yields(connection, person, now() - YIELD_OVER)
    found = (yields.overall, *yields.by_rule)
    return render_template(
        "oversight/quality/samples.html",
        closed=closed,
        homes=homes,
        yields=[(_what(one), _in_words(one)) for one in found],
        chart=ranges(
            "chart-yields", "How often a welfare check found a need", [_range(y) for y in found]
        ),
        at_triage=yields.overall.at_triage,
        enough=review().quality.enough_checks.value,
    )


@pages.route("/quality/closed/<check_id>", methods=["GET", "POST"])
@allowed(*OVERSEEING_ROLES)
def closed(check_id: str) -> ResponseReturnValue:
    """One closed alert: where to read it, and whether one would have decided the same."""
    form = ClosingForm()
    if sent(
        form,
        lambda work: store.record_quality_check(work, check_id, form.verdict.data, form.note.data),
    ):
        flash("Answer recorded.", "success")
        return redirect(url_for("quality.samples"))
    return render_template("oversight/quality/closed.html", form=form, drawn=_drawn(check_id))


@pages.post("/quality/homes/<as_of>/<int:rank>")
@allowed(*OVERSEEING_ROLES)
def home(as_of: str, rank: int) -> ResponseReturnValue:
    """The references of one home, for this once: no address leads back to them."""
    return _home(HomeForm(formdata=None), *_place(as_of, rank))


@pages.post("/quality/homes/<as_of>/<int:rank>/verdict")
@allowed(*OVERSEEING_ROLES)
def home_verdict(as_of: str, rank: int) -> ResponseReturnValue:
    form = HomeForm()
    night, place = _place(as_of, rank)
    new_alert_id = workplace().program.new_alert_id
    if sent(
        form,
        lambda work: store.record_below_line_check(
            work, night, place, form.verdict.data, new_alert_id
        ),
    ):
        flash(_TOLD[form.verdict.data], "success")
        return redirect(url_for("quality.samples"))
    return _home(form, night, place)


def _home(form: HomeForm, night: date, rank: int) -> ResponseReturnValue:
    with unit_of_work() as work:
        found = store.read_below_line(work, night, rank)
    return render_template("oversight/quality/home.html", form=form, home=found)


def _place(as_of: str, rank: int) -> tuple[date, int]:
    """The night and the rank of an address. Raises NotFound for what is neither."""
    try:
        night = date.fromisoformat(as_of)
    except ValueError:
        raise NotFound from None
    if rank > _HIGHEST_RANK:
        raise NotFound
    return night, rank


def _drawn(check_id: str) -> store.DrawnAlert:
    with looking() as connection:
        waiting = store.quality_list(connection, current_person())
    for drawn in waiting:
        if drawn.check_id == check_id:
            return drawn
    raise NotForYou(NO_SUCH_ALERT)


def _what(one: Yield) -> str:
    return rule_words(one.rule_id) if one.rule_id else "All alerts"


def _in_words(one: Yield) -> str:
    counts = f"{one.found.hits:,} of {one.found.cases:,}"
    share = _range(one)
    if share.value is None:
        return f"{counts}: {NOT_ENOUGH}"
    return f"{counts} = {share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


def _range(one: Yield) -> Range:
    """The share with its interval, where there are enough checks to speak of one."""
    share = one.found.value
    if share is None or not one.is_enough(review().quality.enough_checks.value):
        return Range(_what(one), NOT_ENOUGH)
    return Range(_what(one), f"{share:.0%}", share, *one.found.interval)
