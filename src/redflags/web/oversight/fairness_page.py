"""Whether some groups of homes are alerted or visited more than others, small numbers held back."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from redflags.domain.people import Role
from redflags.domain.quarter import last_over
from redflags.services.reports.fairness_files import HEADS, cells_of, chart_of, numbers_of
from redflags.services.reports.fairness_report import FairnessReport
from redflags.web.shell.access import allowed
from redflags.web.shell.csv_download import download
from redflags.web.shell.request_context import looking, now, unit_of_work, workplace

pages = Blueprint("fairness", __name__)

READERS = (Role.MANAGER, Role.ANALYST, Role.AUDITOR)


@pages.get("/fairness")
@allowed(*READERS)
def groups() -> ResponseReturnValue:
    report = _report()
    tables = [
        (table, chart_of(table), [cells_of(one) for one in table.lines]) for table in report.tables
    ]
    return render_template(
        "oversight/fairness/groups.html", report=report, tables=tables, heads=HEADS
    )


@pages.post("/fairness/csv")
@allowed(*READERS)
def numbers() -> ResponseReturnValue:
    """The same for a spreadsheet; that it was taken away is written down."""
    report = _report()
    with unit_of_work() as work:
        work.write("report_made", quarter=str(report.quarter), about="fairness")
    return download(numbers_of(report), f"fairness-{report.quarter}.csv")


def _report() -> FairnessReport:
    """Of the year to the last quarter that is over: there is no other to subtract from it."""
    with looking() as connection:
        return workplace().program.make_fairness_report(connection, last_over(now()), now())
