"""The operational database as the program sees it: the run log, the queue, outbox and audit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from redflags.adapters.store import audit_chain, outbox, run_log
from redflags.adapters.store.alerts import alert_queries
from redflags.adapters.store.alerts.alert_conditions import is_open
from redflags.adapters.store.audit_chain import Act, AuditHead
from redflags.adapters.store.engine import WAIT_SECONDS, make_engine, reading, writing
from redflags.adapters.store.migrate import migrate_to_head
from redflags.adapters.store.outbox import Claim, RetryPolicy
from redflags.adapters.store.queue_snapshot import confirmed_households
from redflags.adapters.store.queue_transaction import Queue, take_lock
from redflags.domain.alert import Alert, AlertState
from redflags.domain.kept_records import CollapseAccepted, GoodNight, accepted_as_json
from redflags.domain.message import Message
from redflags.domain.night import Night, NightOutcome, NightSource, NightTable

NIGHT = "night"
OUTBOX = "outbox"


def open_store(url: str, wait_seconds: float = WAIT_SECONDS) -> "QueueStore":
    """Open the database at `url` and bring it to this program's schema.

    SQLite files are made, with their folder, for their owner's eyes only. A writer waits
    `wait_seconds` for another before it gives up with StoreBusy. Raises ConfigurationError
    when `url` is neither SQLite nor PostgreSQL, StoreUnusable when the database cannot be
    reached or a newer program wrote it.
    """
    engine = make_engine(url, wait_seconds)
    try:
        migrate_to_head(engine)
    except BaseException:
        engine.dispose()
        raise
    return QueueStore(engine)


class QueueStore:
    """Every method is one transaction, except the two that give you one to work in.

    Do not call other methods inside a transaction: SQLite has one writer, who would wait for
    itself. Errors of the database become StoreBusy or StoreUnusable and quote no row.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent look, for queries that are plain functions of a connection."""
        return reading(self._engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it is kept, or nothing."""
        return writing(self._engine)

    @contextmanager
    def queue_transaction(self, as_of: date, actor: str, now: datetime) -> Iterator[Queue]:
        """The queue, locked: two nights at once on one database come one after the other."""
        with self.writing() as connection:
            take_lock(connection)
            yield Queue(connection, as_of, actor, now)

    # the run log

    def begin_night(
        self, as_of: date, run_id: str, now: datetime, ruleset_hash: str, signals_hash: str
    ) -> bool:
        """Log a run; False when this `run_id` had begun before, which starts it again."""
        night = Night(
            run_id,
            as_of,
            NightOutcome.RUNNING,
            started_at_utc=now,
            last_seen_at_utc=now,
            ruleset_hash=ruleset_hash,
            signals_hash=signals_hash,
        )
        with self.writing() as connection:
            audit_chain.append(connection, _night_act("night_begun", run_id, now))
            return run_log.begin(connection, night)

    def touch(self, run_id: str, now: datetime) -> None:
        """Say that the run is still alive. Raises LookupError for a run that never began."""
        with self.writing() as connection:
            run_log.touch(connection, run_id, now)

    def record_source(self, run_id: str, source: NightSource) -> None:
        """What became of one source; said again, it replaces what was said before."""
        with self.writing() as connection:
            run_log.record_source(connection, run_id, source)

    def record_tables(self, run_id: str, tables: Iterable[NightTable]) -> None:
        """Rows per table; said again, they replace what was said before."""
        with self.writing() as connection:
            run_log.record_tables(connection, run_id, tables)

    def record_stage(self, run_id: str, stage: str, seconds: float) -> None:
        with self.writing() as connection:
            run_log.record_stage(connection, run_id, stage, seconds)

    def finish_night(
        self,
        run_id: str,
        outcome: NightOutcome,
        now: datetime,
        summary: Mapping[str, object],
        reason: str = "",
        model_version: str = "",
    ) -> None:
        """Log the end. `summary` is JSON and, like `reason`, holds counts and no data."""
        with self.writing() as connection:
            audit_chain.append(
                connection, _night_act("night_finished", run_id, now, outcome=outcome)
            )
            run_log.finish(connection, run_id, outcome, now, summary, reason, model_version)

    def good_nights(self, until: date, most: int) -> list[GoodNight]:
        """The latest runs up to `until` that ended well: see `run_log.good_nights`."""
        with self.reading() as connection:
            return run_log.good_nights(connection, until, most)

    def accept_collapse(
        self, run_id: str, accepted: CollapseAccepted, collapsed: Sequence[str], now: datetime
    ) -> None:
        """Write down that somebody says of this run that what collapsed is real."""
        counts = {"collapse_accepted": accepted_as_json(accepted, collapsed)}
        details = {"run_id": run_id, "collapsed": list(collapsed)}
        with self.writing() as connection:
            audit_chain.append(
                connection, Act(accepted.by, "collapse_accepted", now, details=details)
            )
            run_log.record_counts(connection, run_id, counts)

    def sweep_abandoned(self, now: datetime, older_than: timedelta) -> list[str]:
        """End the runs of which nothing was heard for `older_than`; their ids."""
        with self.writing() as connection:
            audit_chain.read_head(connection, lock=True)  # before the runs, as when one ends
            run_ids = run_log.mark_abandoned(connection, now, older_than)
            for run_id in run_ids:
                audit_chain.append(connection, _night_act("night_abandoned", run_id, now))
            return run_ids

    def last_night(self) -> Night | None:
        """The run begun last, whatever day it was for."""
        with self.reading() as connection:
            return run_log.last_night(connection)

    def nights(self, since: date) -> list[Night]:
        """Every run for `since` or later, by date, beginning and run id."""
        with self.reading() as connection:
            return run_log.nights(connection, since)

    # alerts

    def alerts(self, as_of: date | None = None, include_closed: bool = False) -> list[Alert]:
        """Alerts, most urgent first: those raised on `as_of`, or all; open ones unless told."""
        chosen = alert_queries.every() if as_of is None else alert_queries.raised_on(as_of)
        if not include_closed:
            chosen &= is_open()
        with self.reading() as connection:
            return alert_queries.read(connection, chosen)

    def confirmed(self, as_of: date) -> frozenset[str]:
        """Households where a review up to `as_of` found a need; they shape no baseline."""
        with self.reading() as connection:
            return confirmed_households(connection, as_of)

    def counts(self) -> dict[AlertState, int]:
        """How many alerts are in each state, states without any included."""
        with self.reading() as connection:
            return alert_queries.count_by_state(connection)

    # the outbox

    def due_messages(self, now: datetime) -> list[Message]:
        """What could be sent at `now`, oldest first."""
        with self.reading() as connection:
            return outbox.due_messages(connection, now)

    def claim_message(self, now: datetime, lease: timedelta) -> Claim | None:
        """Take the next due message for as long as `lease`; None when there is none."""
        with self.writing() as connection:
            return outbox.claim(connection, now, lease)

    def mark_sent(self, held: Claim, now: datetime) -> bool:
        """The server took it; False when that was known."""
        with self.writing() as connection:
            # before the message: a night that enqueues one holds the end of the trail already
            audit_chain.read_head(connection, lock=True)
            if not outbox.mark_sent(connection, held, now):
                return False
            message = held.message
            details = {"kind": message.kind, "message": message.message_id}
            audit_chain.append(connection, Act(OUTBOX, "message_sent", now, details=details))
            return True

    def mark_failed(self, held: Claim, now: datetime, error: str, retry: RetryPolicy) -> bool:
        """Give it back, to be tried after a pause; False when the claim had ended."""
        with self.writing() as connection:
            return outbox.mark_failed(connection, held, now, error, retry)

    def count_waiting_messages(self) -> int:
        with self.reading() as connection:
            return outbox.count_waiting(connection)

    # the audit trail

    def append_audit(self, act: Act) -> int:
        """Write an act that changes nothing else, such as a reading; its entry number."""
        with self.writing() as connection:
            return audit_chain.append(connection, act)

    def verify_audit(self) -> None:
        """Raises AuditChainBroken with the number of the first entry that is not as written."""
        with self.reading() as connection:
            audit_chain.verify(connection)

    def audit_head(self) -> AuditHead:
        """How many entries there are and the last one's hash, to be kept somewhere else too."""
        with self.reading() as connection:
            return audit_chain.read_head(connection)


def _night_act(action: str, run_id: str, now: datetime, **details: object) -> Act:
    return Act(NIGHT, action, now, details={"run_id": run_id, **details})
