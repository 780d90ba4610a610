"""The operational database (SQLite or PostgreSQL): nights, alerts, outbox and audit trail."""

from redflags.adapters.store import (  # METADATA is whole from here on
    case_tables,
    ruleset_tables,
    watch_tables,
)
from redflags.adapters.store.audit import Act, AuditHead
from redflags.adapters.store.outbox import Claim, RetryPolicy
from redflags.adapters.store.queue import Queue
from redflags.adapters.store.queue_store import QueueStore, open_store

__all__ = [
    "Act",
    "AuditHead",
    "Claim",
    "Queue",
    "QueueStore",
    "RetryPolicy",
    "case_tables",
    "open_store",
    "ruleset_tables",
    "watch_tables",
]
