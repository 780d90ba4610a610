"""From a scored day to candidates with sentences and evidence, ready to be queued."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from redflags.analysis.ordering.detection import Detection
from redflags.analysis.ordering.queueing import Candidate
from redflags.analysis.ordering.reason_sentences import Findings, reason
from redflags.analysis.ordering.rules import spoken_of
from redflags.analysis.schemas import SIGNALS, UNSIGNALLED
from redflags.analysis.surprise.household_history import COST
from redflags.configuration.ruleset import Rule, RuleSet
from redflags.domain.alert import Evidence, Priority, Reason, Routing
from redflags.domain.queue_state import SampledHousehold
from redflags.services.night.learned_order import what_weighed_most
from redflags.services.ports import CountedNight

Protections = Mapping[str, frozenset[str]]
ONLY_TOGETHER = ("lost_key", "missed_visit")
"""Marks that say something beside others and nothing alone: shown where all is taken together."""

WORKS_ONLY = frozenset({"sanctuary_works"})


@dataclass(frozen=True, slots=True)
class CountedEvidence:
    """One record of a household as a reason may use it; `stream` is its signal or a count."""

    stream: str
    evidence: Evidence


def candidates(
    detection: Detection,
    ruleset: RuleSet,
    night: CountedNight,
    protections: Protections,
    as_of: date,
) -> list[Candidate]:
    """Every household some rule speaks of, with its reasons in words.

    Args:
        night: what `detection` was counted from.
        protections: why households are protected, by tenancy.
    """
    positions = np.flatnonzero(np.any(list(detection.hits.values()), axis=0))
    homes = detection.households.iloc[positions].to_dict("records")
    longest = max(rule.window_days.value for rule in ruleset.rules.values())
    refs = [str(home["household_ref"]) for home in homes]
    visits = None if ruleset.episodes is None else ruleset.episodes.missed_visits
    told = _evidence_by_household(night.evidence(refs, as_of - timedelta(days=longest - 1), visits))
    found = (
        _candidate(
            detection, ruleset, int(position), home, told[home["household_ref"]], protections, as_of
        )
        for position, home in zip(positions, homes, strict=True)
    )
    return [candidate for candidate in found if candidate.reasons]


def _evidence_by_household(evidence: pd.DataFrame) -> dict[str, list[CountedEvidence]]:
    """Records by household, oldest first; blank for a household without any."""
    told: dict[str, list[CountedEvidence]] = defaultdict(list)
    columns = ("household_ref", "stream", "occurred_on", "table_name", "ref", "tell", "source")
    for household, stream, day, table, ref, tell, source in zip(
        *(evidence[name].tolist() for name in columns), strict=True
    ):
        signal = "" if stream == UNSIGNALLED else stream
        record = Evidence(day.date(), table, ref, signal, tell or "", source)
        told[household].append(CountedEvidence(stream, record))
    return told


def _candidate(
    detection: Detection,
    ruleset: RuleSet,
    position: int,
    home: Mapping[Hashable, object],
    told: Sequence[CountedEvidence],
    protections: Protections,
    as_of: date,
) -> Candidate:
    spoken = {
        rule_id: ruleset.rules[rule_id]
        for rule_id, flags in detection.hits.items()
        if flags[position]
    }
    return Candidate(
        tenancy_ref=str(home["household_ref"]),
        property_ref=str(home["property_ref"]),
        patch="" if pd.isna(home["patch"]) else str(home["patch"]),  # type: ignore[call-overload]
        score=float(round(detection.score[position], 6)),
        rank=int(detection.rank[position]),
        priority=max(Priority[rule.priority.upper()] for rule in spoken.values()),
        routing=routing(protections.get(str(home["household_ref"]), frozenset())),
        reasons=(
            *(
                _reason(detection, rule_id, rule, position, told, as_of)
                for rule_id, rule in spoken.items()
            ),
            *what_weighed_most(detection, position),
        ),
        beyond_capacity=any(rule.beyond_capacity for rule in spoken.values()),
    )


def routing(protected_for: frozenset[str]) -> Routing:
    """Protected households are the specialist's alone; sanctuary works are no protection by itself.

    A reason code this program does not know protects too: the safe side.
    """
    return Routing.SPECIALIST if protected_for - WORKS_ONLY else Routing.GENERAL


def specialists_alone(protections: Protections) -> frozenset[str]:
    """Households of which only the specialist may hear."""
    return frozenset(
        ref for ref, reasons in protections.items() if routing(reasons) is Routing.SPECIALIST
    )


def _reason(
    detection: Detection,
    rule_id: str,
    rule: Rule,
    position: int,
    told: Sequence[CountedEvidence],
    as_of: date,
) -> Reason:
    since = as_of - timedelta(days=rule.window_days.value - 1)
    recent = [item for item in told if item.evidence.occurred_on >= since]
    streams = _streams(rule)
    chosen = [
        item.evidence
        for item in recent
        if item.stream in streams and (item.evidence.tell or not rule.tell_only)
    ]
    if rule.kind == "score" and not chosen:  # carried by its repairs alone
        chosen = [item.evidence for item in recent if item.stream == "repair_count"]
    like_homes_rate, own_rate = _usual_rates(detection, rule, position)
    found = Findings(
        records=chosen,
        all_records=_records_since(
            [item for item in recent if item.stream not in ONLY_TOGETHER],
            min(chosen, default=None),
        ),
        like_homes_rate=like_homes_rate,
        own_rate=own_rate,
        cost_gbp=float(detection.history.cost_within(rule.window_days.value)[position])
        if rule.kind == "cost"
        else 0.0,
    )
    return reason(rule_id, rule, found)


def _streams(rule: Rule) -> Sequence[str]:
    if rule.kind == "score":
        return (*SIGNALS, UNSIGNALLED, *ONLY_TOGETHER)
    return ("repair_count",) if rule.kind == "cost" else spoken_of(rule)


def _records_since(recent: Sequence[CountedEvidence], first: Evidence | None) -> int:
    """How many records there are from the month of `first` on, which is how it will be told.

    One that stands there twice counts once.
    """
    if first is None:
        return 0
    month = first.occurred_on.replace(day=1)
    return len({item.evidence.key for item in recent if item.evidence.occurred_on >= month})


def _usual_rates(detection: Detection, rule: Rule, position: int) -> tuple[float, float]:
    """What like homes and the household itself have a year, of all the rule's signals together.

    Both are told of the window nearest to the rule's that was measured.
    """
    windows = sorted({days for _, days in detection.measurements.parts})
    nearest = min(windows, key=lambda days: abs(days - rule.window_days.value))
    streams = (COST,) if rule.kind == "cost" else rule.signals or ("tell",)
    parts = [detection.measurements.parts[stream, nearest] for stream in streams]
    return (
        float(sum(part.like_homes_rate[position] for part in parts)),
        float(sum(part.own_rate[position] for part in parts)),
    )


def below_line(
    detection: Detection, canary_patch: str, protections: Protections, depth: int
) -> list[SampledHousehold]:
    """The oddest unprotected households no rule spoke of, oddest first, at most `depth`."""
    spoken = np.any(list(detection.hits.values()), axis=0)
    homes = detection.households
    shown = (~spoken) & detection.has_history & (homes["patch"] != canary_patch).to_numpy()
    order = np.argsort(detection.rank)
    picked = []
    for position in order[shown[order]]:
        ref = str(homes["household_ref"].iloc[position])
        if routing(protections.get(ref, frozenset())) is Routing.SPECIALIST:
            continue
        picked.append(_sampled(detection, int(position)))
        if len(picked) == depth:
            break
    return picked


def _sampled(detection: Detection, position: int) -> SampledHousehold:
    home = detection.households.iloc[position]
    return SampledHousehold(
        tenancy_ref=str(home["household_ref"]),
        score=float(round(detection.score[position], 6)),
        rank=int(detection.rank[position]),
        property_ref=str(home["property_ref"]),
        patch="" if pd.isna(home["patch"]) else str(home["patch"]),
    )
