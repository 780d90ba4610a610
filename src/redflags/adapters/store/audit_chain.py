"""The audit trail: who did what and when, in a chain that shows when somebody meddled with it.

Each entry's hash covers its own content and the hash before it; the head counts the entries, so
that the last one cannot go unnoticed either. Entries name alerts, never households. Whoever can
write to the database and rebuild the whole chain with its head can still lie: copy the head
(`store.audit_head()`) somewhere else from time to time to catch that, too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redflags.adapters.store.tables import AUDIT_EVENTS, AUDIT_HEAD
from redflags.errors import AuditChainBroken

NO_HASH = "0" * 64
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Act:
    """Something an actor did. Raises ValueError without an actor: nothing happens by itself."""

    actor: str
    action: str
    at_utc: datetime
    alert_id: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.actor.strip():
            raise ValueError(f"{self.action}: expected an actor, got a blank; say who acts")
        if self.at_utc.tzinfo is None:
            raise ValueError(f"{self.action}: expected a moment in UTC, got one without a zone")


@dataclass(frozen=True, slots=True)
class AuditHead:
    """How many entries there are, and the hash of the last one."""

    entries: int
    entry_hash: str


def append(connection: Connection, act: Act) -> int:
    """Write `act` at the end of the chain, in the caller's transaction; its entry number."""
    previous = read_head(connection, lock=True)
    entry = {
        "entry_no": previous.entries + 1,
        "at_utc": act.at_utc.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": act.actor,
        "action": act.action,
        "alert_id": act.alert_id,
        "details": _canonical(act.details),
        "previous_hash": previous.entry_hash,
    }
    entry_hash = _hash(entry)
    connection.execute(insert(AUDIT_EVENTS).values(**entry, entry_hash=entry_hash))
    connection.execute(
        update(AUDIT_HEAD).values(entries=previous.entries + 1, entry_hash=entry_hash)
    )
    return previous.entries + 1


def read_head(connection: Connection, *, lock: bool = False) -> AuditHead:
    """The end of the chain; with `lock`, nobody else can append until the transaction ends."""
    query = select(AUDIT_HEAD.c.entries, AUDIT_HEAD.c.entry_hash)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise AuditChainBroken(
            "audit: expected the record of the last entry, got none; it was removed. Stop, keep "
            "the database as it is and compare it with the backups"
        )
    return AuditHead(row.entries, row.entry_hash)


def verify(connection: Connection) -> None:
    """Walk the chain. Raises AuditChainBroken with the number of the first wrong entry."""
    head = read_head(connection)
    previous = AuditHead(0, NO_HASH)
    query = select(AUDIT_EVENTS).order_by(AUDIT_EVENTS.c.entry_no)
    for row in connection.execute(query.execution_options(yield_per=_PAGE)):
        previous = _checked(row, previous)
    if previous.entries < head.entries:
        raise _broken(previous.entries + 1, "it was removed")
    if previous.entries > head.entries:
        raise _broken(head.entries + 1, "it was not written by this program")
    if previous.entry_hash != head.entry_hash:
        raise _broken(previous.entries, "it is not the one that was written last")


def _checked(row: Row[Any], previous: AuditHead) -> AuditHead:
    """The head after `row`, when `row` is what must follow `previous`."""
    entry = dict(row._mapping)
    entry_hash = entry.pop("entry_hash")
    if entry["entry_no"] != previous.entries + 1:
        raise _broken(previous.entries + 1, "it was removed")
    if entry["previous_hash"] != previous.entry_hash:
        raise _broken(previous.entries + 1, "it does not follow the entry before it")
    if _hash(entry) != entry_hash:
        raise _broken(previous.entries + 1, "it was altered")
    return AuditHead(previous.entries + 1, entry_hash)


def _broken(entry_no: int, what: str) -> AuditChainBroken:
    return AuditChainBroken(
        f"audit entry {entry_no}: {what}. Stop, keep the database as it is and compare it with "
        "the backups"
    )


def _hash(entry: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical(entry).encode()).hexdigest()


def _canonical(content: Mapping[str, object]) -> str:
    """The same text for the same content; what is no JSON (somebody's blob) becomes its repr."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr
    )
