"""Control charts as SVG text: the nights, the band of what is usual, and who is outside of it.

Like `services.reports.svg_charts`: no scripts, no styles, and never without the table that says the
same.
"""

from html import escape

from redflags.services.monitoring.chart_series import Chart, Point

WIDTH, HEIGHT = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 14, 14, 30
_BRAND, _ODD, _BAND = "#0b5c66", "#d4351c", "#d9e8ea"
TOLD_NIGHTS = 14


def draw(chart: Chart) -> str:
    """The whole chart; blank where there is no night."""
    if not chart.points:
        return ""
    name = "chart-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in chart.code)
    frame = _Frame(chart)
    drawn = (frame.band(), frame.axes(), frame.line(), *map(frame.dot, range(len(chart.points))))
    return (
        f'<svg class="rf-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="{name}-t {name}-d" '
        'font-family="Helvetica Neue, Arial, sans-serif" font-size="14">'
        f'<title id="{name}-t">{escape(chart.title)}</title>'
        f'<desc id="{name}-d">{escape(in_words(chart))}</desc>{"".join(drawn)}</svg>'
    )


def in_words(chart: Chart) -> str:
    """What the picture shows, for who cannot see it."""
    last, outside = chart.points[-1], sum(point.is_outside for point in chart.points)
    usually = f", usually {usual_in_words(chart, last)}" if last.limits else ""
    nights = f"{outside} of {len(chart.points)} nights are outside."
    return f"Last night {amount(chart, last.value)}{usually}. {nights}"


def latest_points(chart: Chart) -> list[Point]:
    """The nights for the table, newest first: the latest, and those before that are outside."""
    before = [point for point in chart.points[:-TOLD_NIGHTS] if point.is_outside]
    return [*before, *chart.points[-TOLD_NIGHTS:]][::-1]


def usual_in_words(chart: Chart, point: Point) -> str:
    """The band of a night; blank while it is learned."""
    if point.limits is None:
        return ""
    low, high = (amount(chart, limit) for limit in (point.limits.low, point.limits.high))
    return f"{low} to {high}"


def amount(chart: Chart, value: float) -> str:
    match chart.unit:
        case "per cent":
            return f"{value:.1f}%"
        case "index":
            return f"{value:.2f}"
        case _:
            return f"{value:,.0f}"


class _Frame:
    """Where nights and values are on the picture."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        highs = [p.limits.high for p in chart.points if p.limits is not None]
        self._top = 1.08 * max([*highs, *(point.value for point in chart.points)]) or 1.0
        self._first = chart.points[0].as_of
        self._days = max((chart.points[-1].as_of - self._first).days, 1)

    def band(self) -> str:
        within = [(p, p.limits) for p in self._chart.points if p.limits is not None]
        if not within:
            return ""
        above = [f"{self._x(p)},{self._y(limits.high)}" for p, limits in within]
        below = [f"{self._x(p)},{self._y(limits.low)}" for p, limits in reversed(within)]
        centre = " ".join(f"{self._x(p)},{self._y(limits.centre)}" for p, limits in within)
        return (
            f'<polygon class="rf-chart__band" points="{" ".join([*above, *below])}" '
            f'fill="{_BAND}"/><polyline class="rf-chart__scale" points="{centre}" fill="none" '
            'stroke="#b1b4b6"/>'
        )

    def axes(self) -> str:
        bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
        last = self._chart.points[-1].as_of
        days = (self._first,) if last == self._first else (self._first, last)
        ends = zip(days, ((_LEFT, "start"), (right, "end")), strict=False)
        return (
            f'<line class="rf-chart__scale" x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}" '
            'stroke="#b1b4b6"/>'
            + _text(_LEFT - 8, bottom, amount(self._chart, 0), "end")
            + _text(_LEFT - 8, _TOP + 6, amount(self._chart, self._top), "end")
            + "".join(
                _text(x, HEIGHT - 8, f"{day.day} {day:%b %Y}", anchor) for day, (x, anchor) in ends
            )
        )

    def line(self) -> str:
        places = " ".join(
            f"{self._x(point)},{self._y(point.value)}" for point in self._chart.points
        )
        return f'<polyline class="rf-chart__line" points="{places}" fill="none" stroke="{_BRAND}"/>'

    def dot(self, place: int) -> str:
        point = self._chart.points[place]
        x, y = self._x(point), self._y(point.value)
        if not point.is_outside:
            return f'<circle class="rf-chart__dot" cx="{x}" cy="{y}" r="2.5" fill="{_BRAND}"/>'
        # another shape, too: not everybody tells the colours apart
        corners = f"{x},{y - 7} {x + 7},{y} {x},{y + 7} {x - 7},{y}"
        return f'<polygon class="rf-chart__odd" points="{corners}" fill="{_ODD}"/>'

    def _x(self, point: Point) -> float:
        part = (point.as_of - self._first).days / self._days
        return round(_LEFT + part * (WIDTH - _LEFT - _RIGHT), 1)

    def _y(self, value: float) -> float:
        return round(HEIGHT - _BOTTOM - value / self._top * (HEIGHT - _TOP - _BOTTOM), 1)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'
