"""The backtest as one page that needs nothing beside it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from redflags.adapters.backtest_files import charts
from redflags.analysis.monitoring.confidence_intervals import in_words
from redflags.analysis.replay.backtest_measures import blast_radius
from redflags.analysis.replay.what_if import other_scores

if TYPE_CHECKING:
    from redflags.analysis.replay.backtest_verdict import BacktestReport, Verdict

MOST_ON_PAGE = 50


def backtest_page(report: "BacktestReport") -> str:
    """HTML with tables and charts; households are pseudonyms."""
    environment = Environment(
        loader=PackageLoader("redflags.adapters.backtest_files"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    first, *others = report.verdicts
    return environment.get_template("backtest.html").render(
        plan=report.plan,
        verdicts=report.verdicts,
        set_aside=report.set_aside,
        labelled=report.is_labelled,
        rows=[*_ROWS, *(_LABELLED_ROWS if report.is_labelled else [])],
        load_chart=Markup(charts.load_chart(report)),  # noqa: S704  # drawn here, from numbers
        stability_chart=Markup(charts.stability_chart(report)),  # noqa: S704
        rule_chart=lambda verdict: Markup(charts.rule_chart(verdict)),  # noqa: S704
        changes=[
            (
                v,
                other_scores(first.ruleset, v.name, v.ruleset),
                *blast_radius(first.nights, v.nights),
            )
            for v in others
        ],
        most=MOST_ON_PAGE,
        said=in_words,
    )


def _days(verdict: "Verdict") -> str:
    wait = None if verdict.found is None else verdict.found.nights_to_alert
    return "" if wait is None else f"{wait:.0f} days"


def _average(verdict: "Verdict") -> str:
    value = None if verdict.found is None else verdict.found.average_precision
    return "" if value is None else f"{value:.3f}"


Row = tuple[str, "Callable[[Verdict], str]"]
_ROWS: list[Row] = [
    ("alerts", lambda v: f"{v.weeks['raised'].sum():,}"),
    ("alerts a night", lambda v: f"{v.weeks['raised'].mean():.1f}"),
    ("most in a night", lambda v: f"{v.weeks['raised'].max()}"),
    ("beyond capacity in the end", lambda v: f"{v.weeks['waiting'].iloc[-1]}"),
    ("about a household alerted before", lambda v: in_words(v.repeats)),
]
_LABELLED_ROWS: list[Row] = [
    ("precision at capacity", lambda v: in_words(v.found.precision) if v.found else ""),
    ("recall of all episodes", lambda v: in_words(v.found.recall) if v.found else ""),
    ("average precision", _average),
    ("median time to alert", _days),
]
