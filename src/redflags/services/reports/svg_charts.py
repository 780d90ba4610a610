"""Charts as SVG text, made by plain functions: no scripts, no styles, nothing fetched.

A chart never stands alone: the table beside it says the same. Colours come from classes, so that a
page and a print may each have their own; the attributes given here are for where there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

WIDTH = 640
_ROW, _BAR, _TOP = 34, 20, 8
_LABELS, _WORDS = 250, 110
_ROOM = WIDTH - _LABELS - _WORDS
_LETTER = 8.4
"""Width of an ordinary letter at 14 units in a wide font, for labels that need a second line."""
_LINE = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. Without a `value` there is only what is `said` of it."""

    label: str
    said: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Range:
    """A share with its interval, each from 0 to 1; `said` is told beside it."""

    label: str
    said: str
    value: float | None = None
    low: float = 0.0
    high: float = 1.0


def bars(chart_id: str, title: str, rows: Sequence[Bar]) -> str:
    """Lying bars from nought, one a row. `chart_id` is unique on its page."""
    most = max((row.value or 0 for row in rows), default=0) or 1
    drawn = [_bar(place, row, most) for place, row in enumerate(rows)]
    said = [f"{row.label}: {row.said}" for row in rows]
    return _chart(chart_id, title, "; ".join(said), len(rows), drawn)


def ranges(chart_id: str, title: str, rows: Sequence[Range]) -> str:
    """Shares as dots on a line from 0 to 100%, each with its interval as a line."""
    drawn = [_scale(len(rows)), *(_range(place, row) for place, row in enumerate(rows))]
    said = [f"{row.label}: {row.said}" for row in rows]
    return _chart(chart_id, title, "; ".join(said), len(rows), drawn)


def _chart(chart_id: str, title: str, said: str, rows: int, drawn: Sequence[str]) -> str:
    height = 2 * _TOP + rows * _ROW
    name = escape(chart_id, quote=True)
    return (
        f'<svg class="rf-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="{name}-t {name}-d" '
        'font-family="Helvetica Neue, Arial, sans-serif" font-size="14">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(said)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _bar(place: int, row: Bar, most: float) -> str:
    if row.value is None:
        return _label(place, row.label) + _words(place, _LABELS, row.said)
    width = round(_ROOM * row.value / most, 1)
    bar = (
        f'<rect class="rf-chart__bar" x="{_LABELS}" y="{_y(place) - _BAR / 2:g}" '
        f'width="{width:g}" height="{_BAR}" fill="#0b5c66"/>'
    )
    return _label(place, row.label) + bar + _words(place, _LABELS + width, row.said)


def _range(place: int, row: Range) -> str:
    if row.value is None:
        return _label(place, row.label) + _words(place, _LABELS, row.said)
    low, value, high = (round(_LABELS + _ROOM * x, 1) for x in (row.low, row.value, row.high))
    y = f"{_y(place):g}"
    return (
        _label(place, row.label)
        + f'<line class="rf-chart__range" x1="{low:g}" x2="{high:g}" y1="{y}" y2="{y}" '
        'stroke="#0b5c66" stroke-width="3"/>'
        f'<circle class="rf-chart__dot" cx="{value:g}" cy="{y}" r="6" fill="#0b5c66"/>'
        + _words(place, _LABELS + _ROOM, row.said)
    )


def _scale(rows: int) -> str:
    """Thin lines at nought, half and all."""
    places = (_LABELS, _LABELS + _ROOM / 2, _LABELS + _ROOM)
    return "".join(
        f'<line class="rf-chart__scale" x1="{x:g}" x2="{x:g}" y1="{_TOP}" '
        f'y2="{_TOP + rows * _ROW}" stroke="#b1b4b6"/>'
        for x in places
    )


def _label(place: int, label: str) -> str:
    """In two lines where one is too short; cut where both are."""
    fits = int((_LABELS - 12) / _LETTER)
    lines = wrap(label, fits, max_lines=2, placeholder=" …")
    first = _y(place) - _LINE * (len(lines) - 1) / 2
    return "".join(
        f'<text x="{_LABELS - 10}" y="{first + number * _LINE:g}" text-anchor="end" '
        f'dominant-baseline="middle">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _words(place: int, x: float, said: str) -> str:
    return f'<text x="{x + 8:g}" y="{_y(place):g}" dominant-baseline="middle">{escape(said)}</text>'


def _y(place: int) -> float:
    return _TOP + (place + 0.5) * _ROW
