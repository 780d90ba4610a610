"""Fairness of alerts and checks between groups, with small numbers held back (P17, P18).

Counts are told to the nearest five and for whole quarters only, so that nobody finds out about a
few homes by taking one report from another. A count that is small, or that would give a small one
away, is not told at all (`analysis.monitoring.small_number_suppression`), and neither is what is
made of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.monitoring.group_rates import Group, Ratio, ecological, unfair
from redflags.analysis.monitoring.small_number_suppression import Sum, is_small, suppress
from redflags.configuration.review_settings import ReviewSet
from redflags.domain.night_figures import AREA, PROPERTY_TYPE, TENURE
from redflags.domain.quarter import Quarter
from redflags.services.reports.group_shares import Shares

TITLES = {AREA: "By area", PROPERTY_TYPE: "By kind of home", TENURE: "By kind of tenancy"}
UNTOLD = "too few to say"
NOT_GIVEN = "Not given"
EVERYBODY = "All"
FEWEST_AREAS = 3

NOTES = (
    "This compares groups of homes, for the year that ends with the quarter. Counts are to the "
    "nearest five. “Too few to say” is also shown "
    "where a number would let somebody work out a small one.",
    "Alerts are homes that the nightly search put in the queue; colleagues' concerns are not "
    "counted. Checks are welfare checks where somebody found out whether there was a need.",
    "Ranges show how far a rate could be from what we would see in the long run (95%, Wilson).",
    "The program does not hold anybody's age, sex, ethnic origin, disability or belief.",
)
ECOLOGICAL_NOTE = (
    "The landlord's own figures on groups of people say what share of each area they make up. "
    "They can say that areas with more of a group have more alerts. They cannot say that homes of "
    "that group do."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One group as it may be read; the shares are None where they are not told."""

    name: str
    homes: str
    alerted: str
    alert_rate: Share | None
    checks: str
    found: Share | None

    @property
    def alert_words(self) -> str:
        return UNTOLD if self.alert_rate is None else _words(self.alert_rate, 1000, " in 1,000")

    @property
    def found_words(self) -> str:
        return UNTOLD if self.found is None else _words(self.found, 100, "%")


@dataclass(frozen=True, slots=True)
class Table:
    """One way to group homes; `warning` is blank where no group fares worse."""

    code: str
    title: str
    lines: tuple[Line, ...]
    warning: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    """Areas with more and with less of a group that the landlord told about."""

    group: str
    areas: int
    more: str
    less: str


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """Everything a report says; it holds no number that may not be shown."""

    quarter: Quarter
    made_at_utc: datetime
    tables: tuple[Table, ...]
    handed_in: tuple[AreaLine, ...]

    @property
    def title(self) -> str:
        return f"Fairness, the year to the end of {self.quarter.words.split(' to ')[1]}"

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(table.warning for table in self.tables if table.warning)

    @property
    def notes(self) -> tuple[str, ...]:
        return (*NOTES, ECOLOGICAL_NOTE) if self.handed_in else NOTES


def year_to(quarter: Quarter) -> tuple[date, date]:
    """The first day of the year that ends with `quarter`, and the day after its last."""
    return quarter.previous.previous.previous.first_day, quarter.next.first_day


def make_fairness_report(
    groups: Mapping[str, Sequence[Group]],
    shares: Shares,
    quarter: Quarter,
    now: datetime,
    review: ReviewSet,
) -> FairnessReport:
    """Compare, hold back what has to be held back, and say the rest."""
    tables = tuple(_table(code, groups[code], review) for code in TITLES)
    small = review.quality.small_number.value
    lines = (_area_line(name, by_area, groups[AREA], small) for name, by_area in shares.items())
    return FairnessReport(quarter, now, tables, tuple(line for line in lines if line is not None))


def _table(code: str, groups: Sequence[Group], review: ReviewSet) -> Table:
    small = review.quality.small_number.value
    everybody = _together(groups)
    rates = _told(groups, everybody, ("homes", "alerted"), small)
    checks = _told(groups, everybody, ("need", "no_concern"), small)
    lines = (
        _line(group, group.name in rates, group.name in checks, small)
        for group in (everybody, *groups)
    )
    found = unfair(groups, review.fairness.times_as_often.value, review.quality.enough_checks.value)
    warning = "" if found is None else _warning(found, TITLES[code], {*checks})
    return Table(code, TITLES[code], tuple(lines), warning)


def _together(groups: Sequence[Group]) -> Group:
    counts = ("homes", "alerted", "need", "no_concern")
    return Group(EVERYBODY, *(sum(getattr(group, name) for group in groups) for name in counts))


def _told(
    groups: Sequence[Group], everybody: Group, kinds: Sequence[str], small: int
) -> frozenset[str]:
    """Groups of which all of `kinds` may be shown. To show less of a kind gives away no more."""
    names = {f"group.{group.name}": group for group in groups} | {"all": everybody}
    told = set(names)
    for kind in kinds:
        counts = {name: getattr(group, kind) for name, group in names.items()}
        parts = tuple(name for name in names if name != "all")
        known = suppress(counts, [Sum("all", parts)] if parts else [], small)
        told &= {name for name, what in known.items() if what.is_shown}
    return frozenset(names[name].name for name in told)


def _line(group: Group, is_rate_told: bool, is_found_told: bool, step: int) -> Line:
    homes, alerted = _near(group.homes, step), _near(group.alerted, step)
    need, no_concern = _near(group.need, step), _near(group.no_concern, step)
    checks = need + no_concern
    return Line(
        name=group.name or NOT_GIVEN,
        homes=f"{homes:,}" if is_rate_told else UNTOLD,
        alerted=f"{alerted:,}" if is_rate_told else UNTOLD,
        alert_rate=Share(min(alerted, homes), homes) if is_rate_told else None,
        checks=f"{checks:,}" if is_found_told else UNTOLD,
        found=Share(need, checks) if is_found_told else None,
    )


def _near(count: int, step: int) -> int:
    return step * round(count / step)


def _warning(ratio: Ratio, title: str, told: set[str]) -> str:
    more, less = ratio.more or NOT_GIVEN, ratio.less or NOT_GIVEN
    start = f"{title}: checks that found no concern were more frequent in “{more}” than in “{less}”"
    if not {ratio.more, ratio.less} <= told:
        return f"{start}, more than chance explains."
    often = (
        f"{ratio.value:.1f} times as often for as many homes ({ratio.low:.1f} to {ratio.high:.1f})"
    )
    return f"{start}: {often}."


def _area_line(
    name: str, by_area: Mapping[str, float], areas: Sequence[Group], small: int
) -> AreaLine | None:
    """None where too few areas or alerts are known."""
    found = ecological(name, by_area, areas)
    fewest = min(found.with_group.hits, found.without_group.hits)
    if found.areas < FEWEST_AREAS or is_small(fewest, small):
        return None
    return AreaLine(
        name, found.areas, _per_thousand(found.with_group), _per_thousand(found.without_group)
    )


def _per_thousand(share: Share) -> str:
    return f"{1000 * (share.value or 0):.0f} in 1,000"


def _words(share: Share, times: int, unit: str) -> str:
    value, low, high = (times * part for part in (share.value or 0.0, *share.interval))
    return f"{value:.0f}{unit} ({low:.0f} to {high:.0f})"
