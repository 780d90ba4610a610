"""What a night leaves to be watched: sums of what it counted, scored and raised."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.ordering.detection import Detection
from redflags.analysis.reading.classification import Classifier
from redflags.configuration.review_settings import MonitoringSettings
from redflags.domain.night_figures import (
    ALERTS,
    AREA,
    CODES,
    FLAGGED,
    PROPERTY_TYPE,
    RAISED,
    ROWS,
    RULES,
    TENURE,
    TEXTS,
    UNMAPPED,
    WITH_TELL,
    AlertGroup,
    Counts,
    NightFigures,
)
from redflags.services.monitoring.unusual_nights import LATEST_NIGHTS, judge_nights, notes_of
from redflags.services.ports import MonitoringBook, Records

SCORE_EDGES = (0.0, *(round(0.05 * 1.2**step, 6) for step in range(40)))
"""Where histograms of scores are cut, for ever: fine enough that tenths are found among them."""
GROUPS_KNOWN_DAYS = 60
COLUMNS = {AREA: "patch", PROPERTY_TYPE: "property_type", TENURE: "tenure_code"}
CODE_COLUMNS = ("code", "trade_code")


@dataclass(frozen=True)
class NightMonitor:
    """Keeps the sums of each night and says what is unusual about them; one note a kind."""

    records: Records
    book: MonitoringBook
    classifier: Classifier
    settings: MonitoringSettings
    small: int
    canary_patch: str
    now: Callable[[], datetime]

    def __call__(self, detection: Detection, as_of: date) -> list[str]:
        """Notes for the operator. Twice is once."""
        since = as_of - timedelta(days=self.settings.recent_days.value - 1)
        recent = self.records.recent(since, as_of)
        known_since = as_of - timedelta(days=GROUPS_KNOWN_DAYS)
        rows, raised, ungrouped = self.book.of_the_day(as_of, known_since)
        counts = {
            ROWS: {table: (number, 0) for table, number in rows.items()},
            CODES: {UNMAPPED: unmapped(self.classifier, recent.codes)},
            TEXTS: {WITH_TELL: (recent.with_tell, recent.texts)},
            **counts_of(detection, self.canary_patch, raised),
        }
        figures = NightFigures(as_of, counts, histogram(detection, self.canary_patch))
        self.book.keep(figures, groups_of(detection.households, ungrouped), self.now())
        record = self.book.record(self.settings.baseline_nights.value, as_of, LATEST_NIGHTS)
        return notes_of(judge_nights(record, self.settings, self.small))


def counts_of(detection: Detection, canary_patch: str, raised: int) -> dict[str, Counts]:
    """Households a rule spoke of, in all, by rule and by group, without the canary."""
    people = _people(detection, canary_patch)
    homes = int(people.sum())
    by_rule = {rule: flags & people for rule, flags in sorted(detection.hits.items())}
    flagged = np.any([np.zeros_like(people), *by_rule.values()], axis=0)
    return {
        ALERTS: {RAISED: (raised, 0), FLAGGED: (int(flagged.sum()), homes)},
        RULES: {rule: (int(flags.sum()), homes) for rule, flags in by_rule.items()},
        **{
            grouping: _by_group(detection.households[column][people], flagged[people])
            for grouping, column in COLUMNS.items()
        },
    }


def histogram(detection: Detection, canary_patch: str) -> tuple[int, ...]:
    """How many households score between one edge and the next; the last bin has no end, and the
    first holds all below nought too: quiet homes, whose scores mean little."""
    scores = detection.score[_people(detection, canary_patch)]
    counts, _ = np.histogram(np.maximum(scores, 0.0), bins=(*SCORE_EDGES, np.inf))
    return tuple(int(count) for count in counts)


def unmapped(classifier: Classifier, codes: pd.DataFrame) -> tuple[int, int]:
    """Codes and trades that no entry knows, among all that were given."""
    if codes.empty:
        return 0, 0
    records = codes.loc[codes.index.repeat(codes["n"])]
    given = sum(int(records[name].fillna("").str.strip().ne("").sum()) for name in CODE_COLUMNS)
    return int(classifier.unmapped_codes(records)["n"].sum()), given


def groups_of(households: pd.DataFrame, alerts: Mapping[str, str]) -> list[AlertGroup]:
    """Of which kind the homes of `alerts` (households by id) are; those that left are left out."""
    refs = set(alerts.values())
    homes = households[households["household_ref"].isin(refs)]
    kinds = {
        str(ref): (_text(kind), _text(tenure))
        for ref, kind, tenure in zip(
            homes["household_ref"], homes["property_type"], homes["tenure_code"], strict=True
        )
    }
    return [AlertGroup(alert_id, *kinds[ref]) for alert_id, ref in alerts.items() if ref in kinds]


def _people(detection: Detection, canary_patch: str) -> npt.NDArray[np.bool_]:
    return (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)


def _by_group(groups: "pd.Series[str]", flagged: npt.NDArray[np.bool_]) -> Counts:
    names = groups.fillna("").astype(str)
    found = pd.Series(flagged, index=names.index).groupby(names).agg(["sum", "count"])
    return {
        str(name): (int(count), int(homes))
        for name, count, homes in zip(found.index, found["sum"], found["count"], strict=True)
    }


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
