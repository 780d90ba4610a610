"""Charts of the nights and of the areas, and the sentence said about those that are unusual."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redflags.analysis.monitoring.control_limits import Limits
from redflags.analysis.monitoring.small_number_suppression import at_most, is_small
from redflags.domain.night_figures import ROWS

NAMED_AT_MOST = 5
NO_AREA = "no area"


@dataclass(frozen=True, slots=True)
class Point:
    """One night on a chart; no limits while the baseline is learned."""

    as_of: date
    value: float
    limits: Limits | None

    @property
    def is_outside(self) -> bool:
        return self.limits is not None and not self.limits.hold(self.value)


@dataclass(frozen=True, slots=True)
class Chart:
    """The latest nights of one measure. `unit` is "rows", "per cent" or the like."""

    code: str
    title: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One area last night: homes a rule spoke of, per thousand. `count` is for who may know."""

    name: str
    count: int
    homes: int
    limits: Limits

    @property
    def is_outside(self) -> bool:
        return not self.limits.hold(self.count / self.homes)


def _outside(charts: Sequence[Chart], measure: str) -> list[tuple[str, Point, Limits]]:
    """The charts of a measure whose last night is outside: their part, the night, its limits."""
    found = []
    for chart in charts:
        kind, _, part = chart.code.partition(".")
        last = chart.points[-1]
        if kind == measure and last.limits is not None and last.is_outside:
            found.append((part, last, last.limits))
    return found


def volume_warning(charts: Sequence[Chart]) -> str:
    said = [
        f"{part} {last.value:,.0f} (usually {limits.low:,.0f} to {limits.high:,.0f})"
        for part, last, limits in _outside(charts, ROWS)
    ]
    return f"more or fewer new rows than usual: {', '.join(said)}" if said else ""


def share_warning(charts: Sequence[Chart], measure: str, words: str, up: bool = False) -> str:
    """About a measure of one part; `up` when less of it is no trouble."""
    for _, last, limits in _outside(charts, measure):
        if not up or last.value > limits.high:
            usually = f"usually {limits.low:.1f}% to {limits.high:.1f}%"
            return f"{words}: {last.value:.1f}% ({usually})"
    return ""


def score_warning(charts: Sequence[Chart]) -> str:
    for _, last, limits in _outside(charts, "scores"):
        words = f"the scores of homes have moved: index {last.value:.2f}, above {limits.high:g}"
        return f"{words}; a new rule set or model needs a new baseline"
    return ""


def area_warning(areas: Sequence[Area], small: int) -> str:
    outside = [area for area in areas if area.is_outside]
    if not outside:
        return ""
    named = [f"{area.name or NO_AREA} {_rate(area, small)}" for area in outside[:NAMED_AT_MOST]]
    more = f" and {len(outside) - NAMED_AT_MOST} more" if len(outside) > NAMED_AT_MOST else ""
    return f"rules flag more or fewer homes than usual in {', '.join(named)}{more}"


def _rate(area: Area, small: int) -> str:
    usually = f"usually {1000 * area.limits.low:.0f} to {1000 * area.limits.high:.0f}"
    return f"({rate_in_words(area, small)} in 1,000 homes, {usually})"


def rate_in_words(area: Area, small: int) -> str:
    """Homes in a thousand, unless the homes meant are so few that they could be told apart."""
    if is_small(area.count, small):
        return at_most(1000 * small / area.homes)
    return f"{1000 * area.count / area.homes:.0f}"
