"""The analyst's bench: the rule set in words, what its rules gave, and other thresholds tried.

Sums only: nobody here sees a household or an alert, and small counts are held back.
"""

import json
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from redflags.adapters.store import ruleset_register
from redflags.analysis.monitoring.small_number_suppression import in_words, is_small
from redflags.casework.reading.alerts_by_week import alerts_by_week
from redflags.casework.reading.rule_yields import rule_yields
from redflags.domain.clock import london
from redflags.domain.people import Role
from redflags.services.reports.svg_charts import Bar, bars
from redflags.web.bench import bench_wording as said
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import looking, now, review, workplace

pages = Blueprint("analyst", __name__)

WEEKS_SHOWN = 12
SHADOW_NIGHTS_SHOWN = 14
YIELD_OVER = timedelta(days=365)


@pages.get("/analyst")
@allowed(Role.ANALYST, Role.MANAGER)
def bench() -> ResponseReturnValue:
    """One page; thresholds to try are in its address, so that it can be kept and passed on."""
    ruleset, small = workplace().program.ruleset, review().quality.small_number.value
    tried = workplace().program.threshold_preview.preview(_proposed_values())
    with looking() as connection:
        weeks = alerts_by_week(connection, london(now()).date(), WEEKS_SHOWN)
        yields = rule_yields(connection, None, now() - YIELD_OVER)
        known = ruleset_register.known_rulesets(connection)
        shadow = ruleset_register.shadow_nights(connection, SHADOW_NIGHTS_SHOWN)
    capacity = ruleset.queue.capacity_per_night.value * 7
    return render_template(
        "bench/bench.html",
        ruleset=ruleset,
        rules=said.rule_rows(ruleset),
        score_words=said.score_words(ruleset),
        weeks=said.week_rows(weeks, capacity, small),
        chart=_chart(weeks, small),
        capacity=capacity,
        yields=said.yield_rows(yields, list(ruleset.rules), review().quality, small),
        known=said.known_rows(known, ruleset),
        live_is_known=any(one.is_live and one.ruleset_hash == ruleset.hash for one in known),
        shadow=said.shadow_rows(shadow, small),
        tried=None if tried is None else said.preview_view(tried, small),
        small=small,
    )


def _proposed_values() -> dict[tuple[str, str], float]:
    """Values of the address named ``<rule>.<threshold>``; what is no number is left out."""
    proposed = {}
    for key in request.args:
        rule_id, _, name = key.rpartition(".")
        value = request.args.get(key, type=float)
        if rule_id and value is not None:
            proposed[rule_id, name] = value
    return proposed


def _chart(weeks: list[tuple[date, int]], small: int) -> str:
    rows = [
        Bar(said.short_day(end), in_words(count, small), None if is_small(count, small) else count)
        for end, count in weeks
    ]
    return bars("weeks", "Alerts raised for the team, by week", rows)


pages.add_app_template_filter(json.dumps, "as_json")
