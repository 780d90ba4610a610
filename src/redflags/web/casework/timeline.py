"""The picture of a household's records over the months: one row a sign, one mark a day.

Here is only where things stand; `_timeline.html` of the same room draws it. Places along the time
are shares of the width in per cent, so that the picture fits a phone and its letters stay legible.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from redflags.domain.alert import Evidence
from redflags.domain.plain_names import signal_words

ROW_HEIGHT = 46
AXIS_HEIGHT = 26
MOST_TICKS = 3
"""More months than this run into each other at 320 pixels."""
_LEFT, _RIGHT = 3.0, 97.0
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Mark:
    """The records of one sign on one day. `tells`: at least one speaks of force or fear."""

    x: float
    occurred_on: date
    count: int
    tells: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One sign: its name, where it stands, and its marks from left to right."""

    label: str
    y: int
    marks: tuple[Mark, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month, named under the picture."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture; `height` is in pixels, `x` everywhere in per cent of the width."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    records: tuple[Evidence, ...]
    first: date
    last: date
    height: int


def timeline(evidence: Iterable[Evidence], until: date) -> Timeline | None:
    """The picture from the month of the first record to `until`; None when there is none.

    A record that stands behind several reasons is drawn once for each sign it counts to.
    """
    records = _once(evidence)
    if not records:
        return None
    first = records[0].occurred_on.replace(day=1)
    last = max(until, records[-1].occurred_on)
    signals = sorted({record.signal for record in records}, key=signal_words)
    rows = tuple(
        _row([r for r in records if r.signal == signal], signal, number, first, last)
        for number, signal in enumerate(signals)
    )
    height = ROW_HEIGHT * len(rows) + AXIS_HEIGHT
    return Timeline(rows, _ticks(first, last), tuple(records), first, last, height)


def _once(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted({(record.key, record.signal): record for record in evidence}.values())


def _row(records: Sequence[Evidence], signal: str, number: int, first: date, last: date) -> Row:
    per_day = Counter(record.occurred_on for record in records)
    telling = {record.occurred_on for record in records if record.tell}
    marks = tuple(
        Mark(_x(day, first, last), day, count, day in telling)
        for day, count in sorted(per_day.items())
    )
    return Row(signal_words(signal), number * ROW_HEIGHT, marks, len(records))


def _x(day: date, first: date, last: date) -> float:
    span = max((last - first).days, 1)
    return round(_LEFT + (_RIGHT - _LEFT) * (day - first).days / span, 2)


def _ticks(first: date, last: date) -> tuple[Tick, ...]:
    """At most MOST_TICKS months, evenly apart, the first among them."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = months // MOST_TICKS + 1
    days = [_months_on(first, number) for number in range(0, months + 1, step)]
    return tuple(_tick(day, first, last) for day in days)


def _tick(day: date, first: date, last: date) -> Tick:
    x = _x(day, first, last)
    return Tick(x, f"{_MONTHS[day.month - 1]} {day.year}", _anchor(x))


def _anchor(x: float) -> str:
    """Names at the edges stay inside the picture."""
    if x < 15:
        return "start"
    return "end" if x > 85 else "middle"


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def in_a_sentence(rows: Collection[Row]) -> str:
    """``3 × Lock change, 1 × Report of noise``: the picture for who does not see it."""
    return ", ".join(f"{row.records} × {row.label}" for row in rows)
