"""The nights on control charts: what is unusual, in sums."""

from dataclasses import dataclass, replace

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from redflags.adapters.store.monitoring_store import read_record
from redflags.domain.clock import london
from redflags.domain.night_figures import ROWS, RULES
from redflags.domain.people import Role
from redflags.domain.plain_names import TABLE_WORDS, rule_words
from redflags.services.monitoring import control_chart_svg
from redflags.services.monitoring.chart_series import Chart, rate_in_words
from redflags.services.monitoring.unusual_nights import LATEST_NIGHTS, judge_nights
from redflags.web.shell.access import allowed
from redflags.web.shell.request_context import looking, now, review

pages = Blueprint("watching", __name__)

READERS = (Role.ANALYST, Role.MANAGER, Role.AUDITOR)


@dataclass(frozen=True)
class Shown:
    """A chart with its picture and its table."""

    chart: Chart
    picture: str
    rows: list[tuple[str, str, str, bool]]


@pages.get("/watching")
@allowed(*READERS)
def charts() -> ResponseReturnValue:
    settings, small = review().watching, review().quality.small_number.value
    with looking() as connection:
        nights = settings.baseline_nights.value
        record = read_record(connection, nights, london(now()).date(), LATEST_NIGHTS)
    judged = judge_nights(record, settings, small)
    areas = [(area, rate_in_words(area, small)) for area in judged.areas if area.is_outside]
    return render_template(
        "oversight/control_charts/charts.html",
        judged=judged,
        last=record.latest[-1].as_of if record.latest else None,
        shown=[_shown(chart) for chart in judged.charts],
        areas=areas,
    )


def _shown(chart: Chart) -> Shown:
    named = replace(chart, title=_title(chart))
    rows = [
        (
            f"{point.as_of.day} {point.as_of:%b %Y}",
            control_chart_svg.amount(chart, point.value),
            control_chart_svg.usual_in_words(chart, point),
            point.is_outside,
        )
        for point in control_chart_svg.latest_points(chart)
    ]
    return Shown(named, control_chart_svg.draw(named), rows)


def _title(chart: Chart) -> str:
    """In the words of the pages, where the chart is of a table or of a rule."""
    measure, _, part = chart.code.partition(".")
    if measure == ROWS:
        return f"New rows: {TABLE_WORDS.get(part, part)}"
    return f"Homes flagged by a rule: {rule_words(part)}" if measure == RULES else chart.title
