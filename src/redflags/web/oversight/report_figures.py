"""The figures of a quarter: aggregates, with small numbers held back (P17)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from redflags.casework.reading.quarter_figures import figures_of
from redflags.domain.clock import london
from redflags.domain.people import Role
from redflags.domain.quarter import Quarter
from redflags.services.reports.quarterly_report import Report, make_report
from redflags.services.reports.report_files import chart_of, figures_csv
from redflags.web.shell import forms
from redflags.web.shell.access import allowed
from redflags.web.shell.csv_download import download
from redflags.web.shell.form_fields import PersonField
from redflags.web.shell.request_context import looking, now, review, unit_of_work

pages = Blueprint("reports", __name__)

READERS = (Role.MANAGER, Role.ANALYST, Role.AUDITOR)
OFFERED = 9
"""Two years to choose from, and the quarter that is not over."""


class QuarterForm(forms.PageForm):
    """Which quarter; it changes nothing, so it is in the address."""

    class Meta:
        csrf = False

    quarter = PersonField("Which quarter", "")


@pages.get("/reports")
@allowed(*READERS)
def figures() -> ResponseReturnValue:
    wanted = _wanted()
    form = QuarterForm(formdata=None, quarter=str(wanted))
    form.quarter.choices = [(str(one), _named(one)) for one in _offered(wanted)]
    report = _report(wanted)
    charts = {table.code: chart_of(table) for table in report.tables}
    return render_template(
        "oversight/reports/figures.html", choose=form, report=report, charts=charts
    )


@pages.post("/reports/csv")
@allowed(*READERS)
def numbers() -> ResponseReturnValue:
    """The same figures for a spreadsheet; that they were taken away is written down."""
    report = _report(_wanted())
    with unit_of_work() as work:
        work.write("report_made", quarter=str(report.quarter))
    return download(figures_csv(report), f"figures-{report.quarter}.csv")


def _report(quarter: Quarter) -> Report:
    with looking() as connection:
        found = figures_of(connection, quarter.span(now()))
    return make_report(found, quarter, now(), review().quality)


def _wanted() -> Quarter:
    """The quarter of the address, else the last one that is over.

    Raises NotFound for what is no quarter, or one that has not begun.
    """
    if "quarter" not in request.args:
        return _last_over()
    try:
        quarter = Quarter.parse(request.args["quarter"])
    except ValueError:
        raise NotFound from None
    if not quarter.has_begun(now()):
        raise NotFound
    return quarter


def _current() -> Quarter:
    return Quarter.of(london(now()).date())


def _last_over() -> Quarter:
    quarter = _current().previous
    return quarter if quarter.is_over(now()) else quarter.previous


def _offered(wanted: Quarter) -> list[Quarter]:
    """The latest quarters, newest first, and the one that is shown wherever it is."""
    found = [_current()]
    while len(found) < OFFERED:
        found.append(found[-1].previous)
    return sorted({*found, wanted}, reverse=True)


def _named(quarter: Quarter) -> str:
    return quarter.words if quarter.is_over(now()) else f"{quarter.words} (so far)"
