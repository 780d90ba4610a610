"""The run log: each night's beginning, end, sources, rows and seconds, as plain queries."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from redflags.adapters.store.natural_key_writes import insert_new, put
from redflags.adapters.store.tables import NIGHT_RUNS, NIGHT_SOURCES, NIGHT_STAGES, NIGHT_TABLES
from redflags.domain.kept_records import GoodNight, KeptRecords
from redflags.domain.night import GOOD, Night, NightOutcome, NightSource, NightTable, SourceStatus

ABANDONED = "stopped without an end: nothing was heard of it any more"


def begin(connection: Connection, night: Night) -> bool:
    """Write the beginning; False when this run had begun before, and then it runs again."""
    values = {
        "run_id": night.run_id,
        "as_of": night.as_of,
        "outcome": NightOutcome.RUNNING,
        "started_at_utc": night.started_at_utc,
        "last_seen_at_utc": night.started_at_utc,
        "ruleset_hash": night.ruleset_hash,
        "signals_hash": night.signals_hash,
        "model_version": "",
        "reason": "",
        "counts": {},
    }
    if insert_new(connection, NIGHT_RUNS, values):
        return True
    _change(
        connection,
        night.run_id,
        outcome=NightOutcome.RUNNING,
        last_seen_at_utc=night.started_at_utc,
        finished_at_utc=None,
        reason="",
    )
    return False


def touch(connection: Connection, run_id: str, now: datetime) -> None:
    _change(connection, run_id, last_seen_at_utc=now)


def finish(
    connection: Connection,
    run_id: str,
    outcome: NightOutcome,
    now: datetime,
    summary: Mapping[str, object],
    reason: str,
    model_version: str,
) -> None:
    _change(
        connection,
        run_id,
        outcome=outcome,
        last_seen_at_utc=now,
        finished_at_utc=now,
        counts=dict(summary),
        reason=reason,
        model_version=model_version,
    )


def record_source(connection: Connection, run_id: str, source: NightSource) -> None:
    values = {
        "run_id": run_id,
        "source": source.source,
        "status": source.status,
        "code": source.code,
        "message": source.message,
    }
    put(connection, NIGHT_SOURCES, values)


def record_tables(connection: Connection, run_id: str, tables: Iterable[NightTable]) -> None:
    for table in tables:
        values = {
            "run_id": run_id,
            "table_name": table.table,
            "rows_read": table.read,
            "rows_accepted": table.accepted,
            "rows_quarantined": table.quarantined,
            "rows_replaced": table.replaced,
        }
        put(connection, NIGHT_TABLES, values)


def record_counts(connection: Connection, run_id: str, counts: Mapping[str, object]) -> None:
    """What a run reports before its end; the summary at the end takes its place."""
    _change(connection, run_id, counts=dict(counts))


def record_stage(connection: Connection, run_id: str, stage: str, seconds: float) -> None:
    put(connection, NIGHT_STAGES, {"run_id": run_id, "stage": stage, "seconds": seconds})


def mark_abandoned(connection: Connection, now: datetime, older_than: timedelta) -> list[str]:
    """Runs that say "running" but were not seen for `older_than`; their ids, in order."""
    silent = update(NIGHT_RUNS).where(
        NIGHT_RUNS.c.outcome == NightOutcome.RUNNING,
        NIGHT_RUNS.c.last_seen_at_utc < now - older_than,
    )
    ended = silent.values(
        outcome=NightOutcome.ABANDONED, finished_at_utc=now, reason=ABANDONED
    ).returning(NIGHT_RUNS.c.run_id)
    return sorted(connection.execute(ended).scalars())


def last_night(connection: Connection) -> Night | None:
    """The run begun last, whatever day it was for."""
    row = connection.execute(
        select(NIGHT_RUNS)
        .order_by(
            NIGHT_RUNS.c.started_at_utc.desc(),
            NIGHT_RUNS.c.as_of.desc(),
            NIGHT_RUNS.c.run_id.desc(),
        )
        .limit(1)
    ).one_or_none()
    return None if row is None else _night(connection, row)


def nights(connection: Connection, since: date) -> list[Night]:
    """Every run for `since` or later, by date, beginning and run id."""
    rows = connection.execute(
        select(NIGHT_RUNS)
        .where(NIGHT_RUNS.c.as_of >= since)
        .order_by(NIGHT_RUNS.c.as_of, NIGHT_RUNS.c.started_at_utc, NIGHT_RUNS.c.run_id)
    ).all()
    return [_night(connection, row) for row in rows]


def good_nights(connection: Connection, until: date, most: int) -> list[GoodNight]:
    """The latest `most` runs up to `until` that ended well, newest first, no further back than the
    last one whose collapse somebody accepted."""
    r = NIGHT_RUNS.c
    latest = (
        select(r.as_of, r.counts)
        .where(r.outcome.in_(GOOD), r.as_of <= until)
        .order_by(r.as_of.desc(), r.started_at_utc.desc(), r.run_id.desc())
        .limit(most)
    )
    found: list[GoodNight] = []
    for as_of, counts in connection.execute(latest):
        found.append(_good_night(as_of, counts))
        if found[-1].is_accepted:
            break
    return found


def _good_night(as_of: date, counts: Mapping[str, Any]) -> GoodNight:
    kept = counts.get("kept")
    return GoodNight(
        as_of,
        None if kept is None else KeptRecords.from_json(kept),
        frozenset(counts.get("came", ())),
        is_accepted="collapse_accepted" in counts,
    )


def has_later_queue(connection: Connection, as_of: date, today: date) -> bool:
    """Whether a night for a later day, up to `today`, has been at the queue."""
    later = (
        select(NIGHT_RUNS.c.run_id)
        .join(NIGHT_STAGES, NIGHT_STAGES.c.run_id == NIGHT_RUNS.c.run_id)
        .where(
            NIGHT_STAGES.c.stage == "queue", NIGHT_RUNS.c.as_of > as_of, NIGHT_RUNS.c.as_of <= today
        )
        .limit(1)
    )
    return connection.execute(later).one_or_none() is not None


def _change(connection: Connection, run_id: str, **values: object) -> None:
    changed = connection.execute(
        update(NIGHT_RUNS).where(NIGHT_RUNS.c.run_id == run_id).values(**values)
    )
    if changed.rowcount == 0:
        raise LookupError("expected a night that has begun, got an unknown run id; begin it first")


def _night(connection: Connection, row: Row[Any]) -> Night:
    values = dict(row._mapping)
    run_id = values["run_id"]
    sources = connection.execute(
        select(NIGHT_SOURCES).filter_by(run_id=run_id).order_by(NIGHT_SOURCES.c.source)
    )
    tables = connection.execute(
        select(NIGHT_TABLES).filter_by(run_id=run_id).order_by(NIGHT_TABLES.c.table_name)
    )
    stages = connection.execute(
        select(NIGHT_STAGES).filter_by(run_id=run_id).order_by(NIGHT_STAGES.c.stage)
    )
    return Night(
        **values | {"outcome": NightOutcome(values["outcome"])},
        sources=tuple(
            NightSource(s.source, SourceStatus(s.status), s.code, s.message) for s in sources
        ),
        tables=tuple(
            NightTable(
                t.table_name, t.rows_read, t.rows_accepted, t.rows_quarantined, t.rows_replaced
            )
            for t in tables
        ),
        stages={stage.stage: stage.seconds for stage in stages},
    )
