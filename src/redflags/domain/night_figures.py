"""What a night tells of itself so that a slow change can be noticed: sums, and nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Counts = Mapping[str, tuple[int, int]]
"""How many, among how many, by part. The second is 0 where there is nothing to be among."""

ROWS = "rows"
CODES = "codes"
TEXTS = "texts"
ALERTS = "alerts"
RULES = "rules"
AREA = "area"
PROPERTY_TYPE = "property_type"
TENURE = "tenure"
GROUPINGS = (AREA, PROPERTY_TYPE, TENURE)
RAISED, FLAGGED, UNMAPPED, WITH_TELL = "raised", "flagged", "unmapped", "with_tell"


@dataclass(frozen=True, slots=True)
class NightFigures:
    """One night in sums, by measure and part; `scores` is a histogram of households' scores.

    `rows` are new rows by table; `codes` those no entry knows; `texts` those that tell of force,
    fear or a partner; `alerts` raised, and households a rule spoke of; `rules` the same by rule;
    and the same by area, property type and tenure, among all households there.
    """

    as_of: date
    counts: Mapping[str, Counts]
    scores: tuple[int, ...]

    def at(self, measure: str, part: str) -> tuple[int, int]:
        """How many among how many; none where the night knew of no such part."""
        return self.counts.get(measure, {}).get(part, (0, 0))


@dataclass(frozen=True, slots=True)
class MonitoringRecord:
    """The nights of the baseline and the latest nights, each in order of their day."""

    baseline: tuple[NightFigures, ...]
    latest: tuple[NightFigures, ...]


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Of which kind the home of an alert is; blanks where the landlord does not say."""

    alert_id: str
    property_type: str
    tenure: str
