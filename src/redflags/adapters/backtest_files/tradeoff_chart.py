"""The picture of a tuning: what more or fewer new households a night are worth."""

from typing import TYPE_CHECKING

from redflags.adapters.backtest_files.charts import COLOURS, drawing, svg_of, whole_numbers

if TYPE_CHECKING:
    from redflags.analysis.replay.threshold_search import OperatingPoint, Proposal


def tradeoff_chart(proposal: "Proposal", is_labelled: bool) -> str:
    """New households a night against what they are: rarity, or with labels episodes found."""
    with drawing(1, height=3.2) as (figure, (axes,)):
        curve = sorted(proposal.curve, key=lambda point: point.workload.mean)
        axes.plot(
            [point.workload.mean for point in curve],
            [_height(point) for point in curve],
            color=COLOURS[0],
            marker=".",
            label="thresholds tried",
        )
        marks = (("now", proposal.live, "s"), ("proposed", proposal.best, "D"))
        for number, (name, point, marker) in enumerate(marks, 1):
            place = (point.workload.mean, _height(point))
            axes.plot(
                *place, marker=marker, markersize=9, linestyle="", color=COLOURS[number], label=name
            )
        axes.axvline(proposal.goal.capacity, color="#555", linewidth=1, linestyle=":")
        axes.set_xlabel("new households a night (dotted: the capacity)")
        axes.set_ylabel("episodes found" if is_labelled else "mean score of those new")
        if is_labelled:
            whole_numbers(axes)
        axes.legend(frameon=False)
        return svg_of(figure)


def _height(point: "OperatingPoint") -> float:
    return point.workload.mean_score if point.found is None else point.found.found
