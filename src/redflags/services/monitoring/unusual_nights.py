"""Control charts of the nights, and what is said about one that is unusual. Pure, no libraries.

There is one warning for each kind of trouble at most, however many tables or areas have it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from redflags.analysis.monitoring.control_limits import (
    Limits,
    Observed,
    Usual,
    is_odd_silence,
    moved,
    usual,
)
from redflags.configuration.review_settings import MonitoringSettings
from redflags.domain.night_figures import (
    ALERTS,
    AREA,
    CODES,
    FLAGGED,
    RAISED,
    ROWS,
    RULES,
    TEXTS,
    UNMAPPED,
    WITH_TELL,
    MonitoringRecord,
    NightFigures,
)
from redflags.services.monitoring import chart_series
from redflags.services.monitoring.chart_series import Area, Chart, Point

LATEST_NIGHTS = 90
NOTE = "monitoring: "
FEWEST_USUAL = 3
"""Twice of less than this is one household more."""


@dataclass(frozen=True, slots=True)
class JudgedNights:
    """Everything there is to say; `learned` nights of `to_learn` for the baseline."""

    learned: int
    to_learn: int
    charts: tuple[Chart, ...]
    areas: tuple[Area, ...]
    warnings: tuple[str, ...]

    @property
    def learning(self) -> str:
        if self.learned >= self.to_learn:
            return ""
        return f"still learning what is usual: {self.learned} of {self.to_learn} nights"


def judge_nights(
    record: MonitoringRecord, settings: MonitoringSettings, small: int
) -> JudgedNights:
    """Compare the latest nights with the baseline; counts of areas up to `small` go unsaid."""
    judging = _NightJudge(record, settings)
    charts = tuple(chart for chart in judging.charts() if chart.points)
    areas = tuple(judging.areas())
    warnings = (
        chart_series.volume_warning(charts),
        chart_series.share_warning(
            charts, CODES, "more codes than usual are in no entry of signals.toml", up=True
        ),
        chart_series.share_warning(
            charts, TEXTS, "the share of texts with words of force, fear or a partner moved"
        ),
        chart_series.score_warning(charts),
        judging.alerts(),
        chart_series.area_warning(areas, small),
    )
    to_learn = settings.baseline_nights.value
    told = tuple(warning for warning in warnings if warning)
    return JudgedNights(len(record.baseline), to_learn, charts, areas, told)


def notes_of(judged: JudgedNights) -> list[str]:
    """What the operator reads in the morning."""
    lines = [judged.learning, *judged.warnings]
    return [f"{NOTE}{line}" for line in lines if line]


@dataclass(frozen=True)
class _NightJudge:
    record: MonitoringRecord
    settings: MonitoringSettings

    @property
    def is_learned(self) -> bool:
        return len(self.record.baseline) >= self.settings.baseline_nights.value

    def charts(self) -> Iterable[Chart]:
        yield self._chart(ALERTS, RAISED, "Alerts raised", "alerts")
        yield self._chart(ALERTS, FLAGGED, "Homes flagged by a rule", "per cent")
        yield self._score_chart()
        yield self._chart(CODES, UNMAPPED, "Codes that are not mapped", "per cent")
        tells = "Texts that mention force, fear or a partner"
        yield self._chart(TEXTS, WITH_TELL, tells, "per cent")
        for table in self._parts(ROWS):
            yield self._chart(ROWS, table, f"New rows: {table}", "rows")
        for rule in self._parts(RULES):
            yield self._chart(RULES, rule, f"Homes flagged by a rule: {rule}", "per cent")

    def areas(self) -> Iterable[Area]:
        if not (self.is_learned and self.record.latest):
            return
        last, parts = self.record.latest[-1], self._parts(AREA)
        # so many comparisons in one night are allowed one false alarm together
        tail = NormalDist().cdf(-self.settings.limit_sds.value) / max(len(parts), 1)
        for part in parts:
            count, homes = last.at(AREA, part)
            found = self._usual(AREA, part)
            if homes and found is not None:
                night = Observed(last.as_of, count, homes)
                yield Area(part, count, homes, found.limits(night, -NormalDist().inv_cdf(tail)))

    def alerts(self) -> str:
        """None at all, or twice as many as usual: raised last night, or spoken of by a rule."""
        said = (
            self._none_or_twice(RAISED, "alerts were raised"),
            self._none_or_twice(FLAGGED, "homes were flagged by a rule"),
        )
        return "; ".join(words for words in said if words)

    def _none_or_twice(self, part: str, words: str) -> str:
        latest = [night.at(ALERTS, part)[0] for night in self.record.latest]
        days = {night.as_of for night in self.record.latest[-1:]}
        before = [n.at(ALERTS, part)[0] for n in self.record.baseline if n.as_of not in days]
        if not latest or not before:
            return ""
        often = fmean(before)
        silent = next((n for n, count in enumerate(reversed(latest)) if count), len(latest))
        if is_odd_silence(often, silent, self.settings.odd_silence.value):
            nights = "last night" if silent == 1 else f"for {silent} nights"
            return f"no {words} {nights} (usually {often:.{0 if often >= 1 else 1}f} a night)"
        if often < FEWEST_USUAL or latest[-1] < self.settings.times_usual.value * often:
            return ""
        return f"{latest[-1]:,} {words} (usually {often:.0f}): twice the usual or more"

    def _chart(self, measure: str, part: str, title: str, unit: str) -> Chart:
        found = self._usual(measure, part) if self.is_learned else None
        times = 100.0 if unit == "per cent" else 1.0
        nights = self._observed(self.record.latest, measure, part)
        points = (self._point(night, found, times) for night in nights)
        return Chart(f"{measure}.{part}", title, unit, tuple(points))

    def _point(self, night: Observed, found: Usual | None, times: float) -> Point:
        value = times * (night.count / night.out_of if night.out_of else night.count)
        if found is None:
            return Point(night.as_of, value, None)
        at = found.limits(night, self.settings.limit_sds.value)
        return Point(night.as_of, value, Limits(times * at.low, times * at.centre, times * at.high))

    def _score_chart(self) -> Chart:
        expected = [
            sum(bins) for bins in zip(*(n.scores for n in self.record.baseline), strict=True)
        ]
        limits = Limits(0.0, 0.0, self.settings.moved_score.value)
        points = (
            Point(night.as_of, moved(expected, night.scores), limits if self.is_learned else None)
            for night in self.record.latest
            if len(night.scores) == len(expected)
        )
        title = "How far the scores have moved from the baseline"
        return Chart("scores", title, "index", tuple(points))

    def _usual(self, measure: str, part: str) -> Usual | None:
        observed = self._observed(self.record.baseline, measure, part)
        return usual(observed, self.settings.limit_sds.value) if observed else None

    def _observed(self, nights: Sequence[NightFigures], measure: str, part: str) -> list[Observed]:
        """A share of nothing is no share; a count of nothing is one."""
        is_share = measure != ROWS and part != RAISED
        return [
            Observed(night.as_of, *night.at(measure, part))
            for night in nights
            if night.at(measure, part)[1] or not is_share
        ]

    def _parts(self, measure: str) -> list[str]:
        nights = (*self.record.baseline, *self.record.latest[-1:])
        return sorted({part for night in nights for part in night.counts.get(measure, {})})
