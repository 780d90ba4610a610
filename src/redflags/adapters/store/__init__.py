"""The operational database (SQLite or PostgreSQL): nights, alerts, outbox and audit trail."""

from redflags.adapters.store import (  # METADATA is whole from here on
    case_tables,
    monitoring_tables,
    ruleset_tables,
)
from redflags.adapters.store.audit_chain import Act, AuditHead
from redflags.adapters.store.operational_store import QueueStore, open_store
from redflags.adapters.store.outbox import Claim, RetryPolicy
from redflags.adapters.store.queue_transaction import Queue

__all__ = [
    "Act",
    "AuditHead",
    "Claim",
    "Queue",
    "QueueStore",
    "RetryPolicy",
    "case_tables",
    "monitoring_tables",
    "open_store",
    "ruleset_tables",
]
