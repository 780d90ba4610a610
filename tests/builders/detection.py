"""Rules, histories, candidates and nights with only the fields a test cares about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from redflags.analysis.ordering.queueing import Candidate
from redflags.analysis.schemas import SIGNALS, UNSIGNALLED, Table
from redflags.analysis.surprise.household_history import STREAMS, History
from redflags.analysis.surprise.surprise_scores import Measured, Measurements
from redflags.analysis.validation import validation_sql
from redflags.configuration.ruleset import Queue, Rule, RuleSet, Surprise
from redflags.domain.alert import AlertState, Evidence, Priority, Reason, Routing, known_by
from redflags.domain.night import Night, NightOutcome
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import (
    ClosedAlert,
    OpenAlert,
    QueueState,
    SampledHousehold,
    Standing,
)

AS_OF = date(2026, 11, 3)
EDGES = (0, 90, 180, 365, 1095)
WINDOWS = (90, 180, 365)


def days_ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


# ---------------------------------------------------------------- validation


def validated(table: Table, *rows: Mapping[str, str | None]) -> pd.DataFrame:
    """The rows as the record store would type and check them, in the order given."""
    present = sorted({name for row in rows for name in row})
    came = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in present}
    with duckdb.connect() as connection:
        numbered = {"_row": pa.array(range(1, len(rows) + 1), pa.int64()), **came}
        connection.register("incoming", pa.table(numbered))
        checked = connection.execute(
            f"SELECT * FROM ({validation_sql(table, present, 'incoming')}) ORDER BY _row"
        )
        names = [column[0] for column in checked.description or ()]
        return pd.DataFrame(checked.fetchall(), columns=names, dtype=object)


def a_repair(**fields: str | None) -> dict[str, str | None]:
    usual: dict[str, str | None] = {
        "work_order_ref": "W1",
        "property_ref": "0001",
        "raised_at": "2026-03-05T09:00:00",
    }
    return usual | fields


def a_tenancy(**fields: str | None) -> dict[str, str | None]:
    usual: dict[str, str | None] = {
        "tenancy_ref": "T1",
        "property_ref": "0001",
        "start_date": "2020-01-01",
    }
    return usual | fields


# ---------------------------------------------------------------- rules and settings


def threshold(value: float) -> dict[str, Any]:
    return {"value": value, "unit": "of it", "reason": "test", "owner": "test", "date": AS_OF}


def about() -> dict[str, Any]:
    """What stands behind a table of numbers."""
    return {name: value for name, value in threshold(0).items() if name != "value"}


def a_rule(**fields: Any) -> Rule:
    """Numbers become thresholds; a rule speaks of one lock change in 180 days until told more."""
    usual = {
        "policy": "P1",
        "kind": "count",
        "signals": ("lock_change",),
        "window_days": 180,
        "min_count": 1,
        "priority": "soon",
    }
    given = {name: value for name, value in (usual | fields).items() if value is not None}
    numbers = ("window_days", "min_count", "min_surprise", "min_score")
    return Rule.model_validate(
        {name: threshold(value) if name in numbers else value for name, value in given.items()}
    )


def a_score_rule(min_score: float) -> Rule:
    return a_rule(kind="score", signals=(), min_count=None, min_score=min_score)


def surprise_settings(own_history_weight: float = 0.5, largest: float = 12.0) -> Surprise:
    return Surprise.model_validate(
        {
            "windows_days": WINDOWS,
            "history_days": threshold(EDGES[-1]),
            "own_history_weight": threshold(own_history_weight),
            "cohort_prior_years": threshold(200.0),
            "insufficient_history_days": threshold(90),
            "dear_job_quantile": threshold(0.99),
            "largest": threshold(largest),
        }
    )


def queue_settings(
    capacity: int = 10,
    quiet_days: int = 90,
    sample_size: int = 0,
    sample_depth: int = 200,
    waiting_share: float = 0.0,
) -> Queue:
    return Queue.model_validate(
        {
            "capacity_per_night": threshold(capacity),
            "waiting_share": threshold(waiting_share),
            "quiet_days": threshold(quiet_days),
            "sample_size": threshold(sample_size),
            "sample_depth": threshold(sample_depth),
            "random_state": 7,
        }
    )


def ruleset_content(**rules: dict[str, Any]) -> dict[str, Any]:
    """A whole rule set as TOML would give it, with one harmless rule when none is given."""
    return {
        "version": "test",
        "author": "test",
        "reason": "test",
        "rules": rules or {"locks": a_rule().model_dump()},
        "surprise": surprise_settings().model_dump(),
        "innocent": {
            name: threshold(7)
            for name in (
                "new_tenancy_days",
                "block_burst_days",
                "block_burst_homes",
                "storm_days",
                "storm_homes",
            )
        },
        "outliers": {
            "reference_homes": threshold(1000),
            "contamination": threshold(0.02),
            "random_state": 1,
        },
        "ranking": {
            "about": about(),
            "outlier_weight": threshold(2.0),
            "window_weights": {180: 1.0},
            "weights": {"tell": 1.6, "lock_change": 1.0, "repair_count": 0.3},
        },
        "queue": queue_settings().model_dump(),
        "retention": {"text_days": threshold(730), "record_days": threshold(1460)},
    }


def a_ruleset(**rules: Rule) -> RuleSet:
    return RuleSet.model_validate(
        ruleset_content(**{rule_id: rule.model_dump() for rule_id, rule in rules.items()})
    )


# ---------------------------------------------------------------- histories


@dataclass
class Estate:
    """A landlord's households as arrays, filled event by event."""

    homes: int
    watched_days: float | Sequence[float] = 1095
    cohort: Sequence[int] | None = None
    confirmed: Sequence[int] = ()

    def __post_init__(self) -> None:
        shape = (self.homes, len(EDGES))
        self.counts = {stream: np.zeros(shape) for stream in (*SIGNALS, "repair_count")}
        self.tells = {signal: np.zeros(shape) for signal in (*SIGNALS, UNSIGNALLED)}
        self.cost = np.zeros(shape)

    def add(
        self, home: int, stream: str = "lock_change", n: float = 1, age_days: int = 10
    ) -> "Estate":
        self.counts[stream][home, _bucket(age_days)] += n
        return self

    def add_tells(self, home: int, signal: str = "lock_change", n: int = 1) -> "Estate":
        self.tells[signal][home, 0] += n
        return self.add(home, signal, n)

    def add_cost(self, home: int, gbp: float, jobs: int = 1, age_days: int = 10) -> "Estate":
        self.cost[home, _bucket(age_days)] += gbp
        return self.add(home, "repair_count", jobs, age_days)

    def fill(self, stream: str, counts: np.ndarray, age_days: int = 10) -> "Estate":
        self.counts[stream][:, _bucket(age_days)] += counts
        return self

    def history(self) -> History:
        watched = np.broadcast_to(np.asarray(self.watched_days, dtype=float), self.homes).copy()
        in_baseline = np.ones(self.homes, dtype=bool)
        in_baseline[list(self.confirmed)] = False
        cohort = np.zeros(self.homes) if self.cohort is None else np.asarray(self.cohort)
        return History(
            edges_days=EDGES,
            counts=self.counts | {"tell": np.sum(list(self.tells.values()), axis=0)},
            tell_counts=self.tells,
            cost_gbp=self.cost,
            watched_days=dict.fromkeys(STREAMS, watched),
            cohort=cohort.astype(np.int64),
            in_baseline=in_baseline,
        )


def _bucket(age_days: int) -> int:
    return int(np.searchsorted(EDGES, age_days, side="right")) - 1


def measured(homes: int, **surprises: Sequence[float]) -> Measurements:
    """Surprises of the streams named, nought for the others, alike in every window."""
    nothing = np.zeros(homes)

    def part(stream: str) -> Measured:
        surprise = np.asarray(surprises.get(stream, nothing), dtype=float)
        return Measured(nothing, surprise, nothing, nothing)

    return Measurements({(stream, days): part(stream) for stream in STREAMS for days in WINDOWS})


# ---------------------------------------------------------------- evidence, candidates, the queue


def a_record(
    occurred_on: date = AS_OF, signal: str = "lock_change", tell: str = "", ref: str = "R1"
) -> Evidence:
    return Evidence(occurred_on, "repairs", ref, signal, tell=tell, source="canonical")


def a_candidate(
    tenancy_ref: str = "T1",
    score: float = 5.0,
    priority: Priority = Priority.SOON,
    records: Sequence[Evidence] = (),
    specialist: bool = False,
    beyond_capacity: bool = False,
) -> Candidate:
    behind = tuple(records) or (a_record(days_ago(20)),)
    return Candidate(
        tenancy_ref=tenancy_ref,
        property_ref=f"P-{tenancy_ref}",
        patch="north",
        score=score,
        rank=1,
        priority=priority,
        routing=Routing.SPECIALIST if specialist else Routing.GENERAL,
        reasons=(Reason("frequent_lock_changes", "1 lock change since October 2026.", behind),),
        beyond_capacity=beyond_capacity,
    )


def open_alert(tenancy_ref: str = "T1", records: Sequence[Evidence] = ()) -> OpenAlert:
    return OpenAlert(
        alert_id=f"alert-{tenancy_ref}",
        tenancy_ref=tenancy_ref,
        state=AlertState.RAISED,
        priority=Priority.SOON,
        evidence_keys=known_by(records),
    )


def closed_alert(
    tenancy_ref: str = "T1",
    closed_on: date = AS_OF,
    watched_until: date | None = None,
    raised_on: date | None = None,
    seen: Sequence[Evidence] = (),
    outcome: Outcome = Outcome.NO_CONCERN_FOUND,
    priority: Priority = Priority.FIRST,
) -> ClosedAlert:
    return ClosedAlert(
        alert_id=f"closed-{tenancy_ref}-{closed_on}",
        tenancy_ref=tenancy_ref,
        closed_on=closed_on,
        outcome=outcome,
        priority=priority,
        watched_until=watched_until,
        raised_on=raised_on,
        evidence_keys=known_by(seen),
    )


def queue_state(
    *entries: OpenAlert | ClosedAlert,
    raised: int = 0,
    raised_specialist: int = 0,
    sampled: bool = False,
    as_of: date = AS_OF,
) -> QueueState:
    return QueueState(
        as_of=as_of,
        open={entry.tenancy_ref: entry for entry in entries if isinstance(entry, OpenAlert)},
        closed=tuple(entry for entry in entries if isinstance(entry, ClosedAlert)),
        raised={Routing.GENERAL: raised, Routing.SPECIALIST: raised_specialist},
        sampled=sampled,
    )


def just_below(homes: int) -> list[SampledHousehold]:
    """Households no rule spoke of, oddest first."""
    return [SampledHousehold(f"B{number:03}", 6.0, number) for number in range(1, homes + 1)]


# ---------------------------------------------------------------- nights


def a_night(as_of: date, outcome: NightOutcome = NightOutcome.DONE, **fields: Any) -> Night:
    started = datetime(as_of.year, as_of.month, as_of.day, 2, 0, tzinfo=UTC)
    return Night(f"run-{as_of}-{outcome}", as_of, outcome, started, started, **fields)


@dataclass
class RunLog:
    """A run log by hand: the part of the queue store that `status` reads."""

    kept: Sequence[Night] = ()
    queue: Standing = field(default_factory=Standing)
    waiting_messages: int = 0

    def nights(self, since: date) -> list[Night]:
        return [night for night in self.kept if night.as_of >= since]

    def last_night(self) -> Night | None:
        return self.kept[-1] if self.kept else None

    def count_waiting_messages(self) -> int:
        return self.waiting_messages
