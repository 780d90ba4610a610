"""What a replay says: load, stability, what each rule gives, and, with labels, what was found.

Without labels nothing here is called precision or recall, because nothing is known of the truth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from statistics import fmean, median

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.replay.simulated_queue import ReplayedAlert, ReplayedNight


@dataclass(frozen=True, slots=True)
class Episode:
    """A labelled episode; `end` is None while it goes on."""

    household: str
    onset: date
    end: date | None

    def is_active(self, day: date) -> bool:
        return self.onset <= day and (self.end is None or day <= self.end)


class Labels:
    """Episodes by household; a household may have had several, one after the other."""

    def __init__(self, episodes: Sequence[Episode]) -> None:
        self._by_household: dict[str, list[Episode]] = {}
        for episode in sorted(episodes, key=lambda e: (e.household, e.onset)):
            self._by_household.setdefault(episode.household, []).append(episode)

    def is_active(self, household: str, day: date) -> bool:
        return any(e.is_active(day) for e in self._by_household.get(household, ()))

    def active_on(self, day: date) -> set[str]:
        return {ref for ref in self._by_household if self.is_active(ref, day)}

    def within(self, days: Sequence[date]) -> list[Episode]:
        """Episodes under way on at least one of `days`, whether or not any rule ever spoke."""
        episodes = (e for own in self._by_household.values() for e in own)
        return [e for e in episodes if any(e.is_active(day) for day in days)]


@dataclass(frozen=True, slots=True)
class Found:
    """What the alerts found of the labelled episodes."""

    precision: Share
    recall: Share
    average_precision: float | None
    nights_to_alert: float | None
    """Median days from onset (or from the first night, where that is later) to the first alert."""


@dataclass(frozen=True, slots=True)
class RuleYield:
    """What one rule gave: alerts it spoke on, those no other rule spoke on, and what was there."""

    rule_id: str
    alerts: int
    alone: int
    with_episode: Share | None


def alerts_of(nights: Sequence[ReplayedNight]) -> list[ReplayedAlert]:
    return [alert for night in nights for alert in night.raised]


def weeks(nights: Sequence[ReplayedNight]) -> pd.DataFrame:
    """One row a night: ``raised updated open waiting flagged stability``.

    ``stability`` is the share of a night's flagged households that the night before flagged too.
    """
    flagged = [frozenset(night.flagged) for night in nights]
    stability = [None] + [
        len(now & before) / len(now) if now else None for before, now in pairwise(flagged)
    ]
    return pd.DataFrame(
        {
            "as_of": [night.as_of for night in nights],
            "raised": [len(night.raised) for night in nights],
            "updated": [night.updated for night in nights],
            "open": [night.open for night in nights],
            "waiting": [night.waiting for night in nights],
            "flagged": [len(refs) for refs in flagged],
            "stability": stability[: len(nights)],
        }
    )


def repeat_share(nights: Sequence[ReplayedNight]) -> Share:
    """Of the alerts raised, how many were about a household that had one earlier in the replay."""
    seen: set[str] = set()
    repeats = total = 0
    for alert in alerts_of(nights):
        repeats += alert.household in seen
        seen.add(alert.household)
        total += 1
    return Share(repeats, total)


def rule_yields(
    nights: Sequence[ReplayedNight], rules: Sequence[str], labels: Labels | None
) -> list[RuleYield]:
    """One entry a rule, in the order of the rule set; a rule that never spoke is there too."""
    alerts = alerts_of(nights)
    yields = []
    for rule in rules:
        spoken = [alert for alert in alerts if rule in alert.rules]
        share = None if labels is None else precision(spoken, labels)
        alone = sum(alert.rules == (rule,) for alert in spoken)
        yields.append(RuleYield(rule, len(spoken), alone, share))
    return yields


def overlap(nights: Sequence[ReplayedNight], rules: Sequence[str]) -> pd.DataFrame:
    """Jaccard index of the households each two rules flagged, as a square table."""
    flagged: dict[str, set[tuple[date, str]]] = {rule: set() for rule in rules}
    for night in nights:
        for household, spoken in night.flagged.items():
            for rule in spoken:
                flagged[rule].add((night.as_of, household))
    table = pd.DataFrame(1.0, index=list(rules), columns=list(rules))
    for one, other in combinations(rules, 2):
        either = flagged[one] | flagged[other]
        shared = len(flagged[one] & flagged[other]) / len(either) if either else 0.0
        table.loc[one, other] = table.loc[other, one] = shared
    return table


def precision(alerts: Sequence[ReplayedAlert], labels: Labels) -> Share:
    """Alerts raised while an episode was under way."""
    return Share(sum(labels.is_active(a.household, a.as_of) for a in alerts), len(alerts))


def found(
    nights: Sequence[ReplayedNight], labels: Labels, precision_by_night: Mapping[date, float]
) -> Found:
    """Precision, recall, mean of the nights' average precision, and how long it took.

    Recall counts every episode under way on a replayed night, also those no rule ever spoke of.
    """
    days = [night.as_of for night in nights]
    episodes = labels.within(days)
    raised: dict[str, list[date]] = {}
    for alert in alerts_of(nights):
        raised.setdefault(alert.household, []).append(alert.as_of)
    waits = [
        (min(hits) - max(episode.onset, days[0])).days
        for episode in episodes
        if (hits := [day for day in raised.get(episode.household, ()) if episode.is_active(day)])
    ]
    return Found(
        precision=precision(alerts_of(nights), labels),
        recall=Share(len(waits), len(episodes)),
        average_precision=fmean(precision_by_night.values()) if precision_by_night else None,
        nights_to_alert=median(waits) if waits else None,
    )


def blast_radius(
    before: Sequence[ReplayedNight], after: Sequence[ReplayedNight]
) -> tuple[list[ReplayedAlert], list[ReplayedAlert]]:
    """Who enters and who leaves when a rule set is changed: each household's first alert.

    (alerts only `after` raises, alerts only `before` raised), in order of date and rank.
    """
    ours, theirs = _first_alerts(before), _first_alerts(after)
    entering = [alert for ref, alert in theirs.items() if ref not in ours]
    leaving = [alert for ref, alert in ours.items() if ref not in theirs]
    return sorted(entering, key=_by_date), sorted(leaving, key=_by_date)


def _first_alerts(nights: Sequence[ReplayedNight]) -> dict[str, ReplayedAlert]:
    first: dict[str, ReplayedAlert] = {}
    for alert in alerts_of(nights):
        first.setdefault(alert.household, alert)
    return first


def _by_date(alert: ReplayedAlert) -> tuple[date, int, str]:
    return alert.as_of, alert.rank, alert.household


def average_precision(
    active: npt.NDArray[np.bool_], score: npt.NDArray[np.float64]
) -> float | None:
    """Mean over active households of the precision at their rank; None when nobody is active."""
    if not active.any():
        return None
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(active, score))
