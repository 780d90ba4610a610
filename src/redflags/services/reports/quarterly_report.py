"""The report of a quarter for boards and residents' panels, with small numbers held back (P17).

Before a quarter is over its numbers are told in steps of ten: two reports a day apart could else be
subtracted from each other, and the difference would be the households of a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, inf

from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.monitoring.small_number_suppression import (
    DisclosedCount,
    Disclosure,
    at_most,
    suppress,
)
from redflags.configuration.review_settings import Quality
from redflags.domain.clock import spoken
from redflags.domain.quarter import Quarter
from redflags.domain.quarter_figures import Figures
from redflags.services.reports.report_tables import Draft, Entry, drafts, sums_of

HELD_BACK = "not shown"
NOT_YET = "when the quarter is over"
PER_CENT, HOURS = "per cent", "hours"
STEP = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One count as it may be read. `value` is None where it may not, or not exactly."""

    code: str
    label: str
    level: int
    shown: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Some counts that belong together."""

    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A share (in per cent) or a time (in hours); its numbers are None where they are not told.

    `low` and `high` are the 95 % interval of a share.
    """

    code: str
    label: str
    shown: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says; it holds no number that may not be shown."""

    quarter: Quarter
    made_at_utc: datetime
    is_over: bool
    small: int
    tables: tuple[Table, ...]
    measures: tuple[Measure, ...]

    @property
    def title(self) -> str:
        return f"Welfare checks, {self.quarter.words}"

    @property
    def notes(self) -> tuple[str, ...]:
        """How to read it, and what it cannot say."""
        so_far = () if self.is_over else (SO_FAR.format(until=spoken(self.made_at_utc)),)
        return (*so_far, *(note.format(small=at_most(self.small)) for note in NOTES))


SO_FAR = (
    "So far: this quarter is not over. It counts up to {until}, in steps of ten, so that nobody "
    "can work out single days by subtracting one report from another. Shares and times are shown "
    "once the quarter, and the 48 hours of its last welfare check, are over."
)
NOTES = (
    "“{small}” may also mean none. Where a number would let somebody work out such a "
    "small one by adding or subtracting, only a range is shown: “39 to 44”.",
    "A quarter is three months of the calendar year, in London time. Alerts count when they were "
    "raised, decisions when they were made, outcomes when the welfare check ended. So the numbers "
    "in one table need not add up to those in another.",
    "The 48 hours run from the decision on a welfare check, nights, weekends and bank holidays "
    "included; until they are over, a check without contact does not count yet. A check that was "
    "called off before contact was tried counts as closed without one.",
    "Each share is shown with a range: how far it could be from what we would see in the long run "
    "(95% interval by Wilson’s method). Where its counts are not shown, only the range is.",
    "The numbers for a past quarter change a little when a case is reopened, or an attempt at "
    "contact is recorded late. Keep the report that was issued.",
)


def make_report(figures: Figures, quarter: Quarter, now: datetime, quality: Quality) -> Report:
    """Hold back what has to be held back, and say the rest.

    Raises ConfigurationError when the limit for small numbers is none that could be kept.
    """
    is_over = quarter.is_over(now)
    tables = drafts(figures)
    counts = {entry.name: entry.count for table in tables for entry in table.entries}
    known = suppress(counts, sums_of(tables), quality.small_number.value)
    teller = _Teller(
        counts, known, quality.small_number.value, quality.enough_checks.value, is_over
    )
    return Report(
        quarter=quarter,
        made_at_utc=now,
        is_over=is_over,
        small=quality.small_number.value,
        tables=tuple(teller.table(table) for table in tables),
        measures=(*teller.shares(), *teller.times(figures.hours_to_contact)),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Says everything from what may be known; `counts` are for what that allows to be told."""

    counts: Mapping[str, int]
    known: Mapping[str, DisclosedCount]
    small: int
    enough: int
    is_over: bool

    def table(self, table: Draft) -> Table:
        return Table(table.code, table.title, tuple(self._line(entry) for entry in table.entries))

    def shares(self) -> Sequence[Measure]:
        return (
            self._share("share_in_time", "Contact within 48 hours", "in_time", "not_in_time"),
            self._share("share_without", "Closed without a welfare check", "without", "checks"),
            self._share("share_need", "Found a need, where we know", "need", "no_concern"),
        )

    def times(self, hours: Sequence[float]) -> Sequence[Measure]:
        return (
            self._hours("hours_median", "Half of all checks: contact within", 0.5, hours),
            self._hours("hours_most", "Nine in ten of all checks: contact within", 0.9, hours),
        )

    def _line(self, entry: Entry) -> Line:
        what = self.known[entry.name]
        value = int(what.low) if what.is_shown and self.is_over else None
        return Line(entry.name, entry.label, entry.level, self._shown(what), value)

    def _shown(self, what: DisclosedCount) -> str:
        match what.disclosure:
            case Disclosure.SMALL:
                return at_most(self.small)
            case Disclosure.SHOWN if self.is_over:
                return f"{what.low:,}"
            case Disclosure.SHOWN:
                return _in_steps(int(what.low))
            case Disclosure.HELD_BACK if self.is_over:
                return _between(what)
            case _:
                return HELD_BACK

    def _share(self, code: str, label: str, part: str, rest: str) -> Measure:
        """`part` of `part` and `rest`: exactly when both are shown, else what can be worked out."""
        some, others = self.known[part], self.known[rest]
        if not self.is_over:
            return Measure(code, label, NOT_YET, PER_CENT)
        if not (some.is_shown and others.is_shown):
            return Measure(code, label, _bounds(some, others), PER_CENT)
        share = Share(int(some.low), int(some.low + others.low))
        value, low, high = (100 * share.hits / share.cases, *(100 * x for x in share.interval))
        words = f"{share.hits:,} of {share.cases:,} = {value:.0f}% ({low:.0f}% to {high:.0f}%)"
        return Measure(code, label, words, PER_CENT, *(round(x, 1) for x in (value, low, high)))

    def _hours(self, code: str, label: str, part: float, hours: Sequence[float]) -> Measure:
        """The time within which `part` of all checks led to contact, by nearest rank.

        Told up to 48 hours and no further, and only where a reader of the tables can tell whether
        it is within them: so it says nothing of how many were reached late, or how many in time.
        """
        checks, in_time = self.known["checks"], self.known["in_time"]
        if not self.is_over or checks.low < self.enough:
            return Measure(code, label, HELD_BACK if self.is_over else NOT_YET, HOURS)
        if in_time.low >= part * checks.high:
            value = ceil(hours[ceil(part * self.counts["checks"]) - 1])
            return Measure(code, label, f"{value} hours", HOURS, value)
        too_few = in_time.high < part * checks.low
        return Measure(code, label, "more than 48 hours" if too_few else HELD_BACK, HOURS)


def _in_steps(count: int) -> str:
    return f"{count // STEP * STEP:,} or more" if count >= STEP else f"fewer than {STEP}"


def _between(what: DisclosedCount) -> str:
    """What anybody can work out of a count that is held back."""
    return f"{what.low:,} or more" if what.high == inf else f"{what.low:,} to {what.high:,}"


def _bounds(some: DisclosedCount, others: DisclosedCount) -> str:
    """What anybody can work out of a share; each is least when the other is most."""
    least = some.low / (some.low + others.high) if some.low else 0.0
    most = 1 / (1 + others.low / some.high) if some.high else 0.0
    low, high = floor(100 * least), ceil(100 * most)
    if (low, high) == (0, 100):
        return HELD_BACK
    if high == 100:
        return f"{low}% or more"
    return f"{high}% or less" if low == 0 else f"{low}% to {high}%"
