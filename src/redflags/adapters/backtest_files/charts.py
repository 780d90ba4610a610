"""Charts of a backtest as SVG, drawn by matplotlib without a screen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from redflags.analysis.replay.backtest_verdict import BacktestReport, Verdict

COLOURS = ("#00625f", "#b3541e", "#4c3d8f", "#8a6d00", "#a0195b")
"""Told apart in grey and by people who see red and green alike."""
STYLES = ("-", "--", "-.", ":")


def load_chart(report: "BacktestReport") -> str:
    """Alerts raised and households beyond capacity, night by night."""
    with drawing(2) as (figure, (raised, waiting)):
        for number, verdict in enumerate(report.verdicts):
            _line(raised, verdict, "raised", number)
            _line(waiting, verdict, "waiting", number)
        raised.axhline(report.plan.capacity, color="#555", linewidth=1, linestyle=":")
        raised.set_ylabel("alerts raised")
        waiting.set_ylabel("beyond capacity")
        for axes in (raised, waiting):
            most = max(axes.get_ylim()[1], 1)
            axes.set_ylim(-0.03 * most, most)  # a line of noughts is seen beside its axis
            whole_numbers(axes)
        _legend(raised, report.verdicts)
        return svg_of(figure)


def stability_chart(report: "BacktestReport") -> str:
    """What share of a night's flagged households the night before flagged too."""
    with drawing(1) as (figure, (axes,)):
        for number, verdict in enumerate(report.verdicts):
            _line(axes, verdict, "stability", number)
        axes.set_ylim(0, 1.02)
        axes.set_ylabel("flagged the night before")
        _legend(axes, report.verdicts)
        return svg_of(figure)


def rule_chart(verdict: "Verdict") -> str:
    """Alerts each rule spoke on, and how many of them no other rule spoke on."""
    rules = list(reversed(verdict.yields))
    with drawing(1, height=0.32 * len(rules) + 0.8) as (figure, (axes,)):
        names = [rule.rule_id.replace("_", " ") for rule in rules]
        axes.barh(names, [rule.alerts for rule in rules], color="#9fc5c3", label="spoke")
        axes.barh(names, [rule.alone for rule in rules], color=COLOURS[0], label="spoke alone")
        axes.set_xlabel("alerts")
        axes.legend(frameon=False)
        return svg_of(figure)


@contextmanager
def drawing(rows: int, height: float = 2.4) -> "Iterator[tuple[Figure, Sequence[Axes]]]":
    """A figure with axes one above the other, plain."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height * rows), layout="constrained")
    axes = [figure.add_subplot(rows, 1, number + 1) for number in range(rows)]
    for part in axes:
        part.spines[["top", "right"]].set_visible(False)
        part.grid(axis="both", color="#ddd", linewidth=0.6)
        part.set_axisbelow(True)
    yield figure, axes


def whole_numbers(axes: "Axes") -> None:
    """Let the axis of heights name counts, of which there are no halves."""
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True))


def _line(axes: "Axes", verdict: "Verdict", column: str, number: int) -> None:
    axes.plot(
        verdict.weeks["as_of"],
        verdict.weeks[column],
        color=COLOURS[number % len(COLOURS)],
        linestyle=STYLES[number % len(STYLES)],
        label=verdict.name,
    )


def _legend(axes: "Axes", verdicts: "Sequence[Verdict]") -> None:
    if len(verdicts) > 1:
        axes.legend(frameon=False)


def svg_of(figure: "Figure") -> str:
    """The picture alone, without the XML head, the date and matplotlib's own metadata."""
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "redflags"}):
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
