"""What the operational database forgets: copied job text, and the traces of logging in."""

from datetime import date, datetime

from sqlalchemy import Connection, Delete, Table, delete, or_, select

from redflags.adapters.store import audit_chain, evidence_texts
from redflags.adapters.store.case_tables import REMINDERS
from redflags.adapters.store.outbox import MessageState
from redflags.adapters.store.people_tables import INVITATIONS, LOGIN_FAILURES, SESSIONS
from redflags.adapters.store.tables import ALERTS, OUTBOX_MESSAGES
from redflags.domain.alert import AlertState


def purge(
    connection: Connection,
    actor: str,
    now: datetime,
    texts_before: date,
    traces_before: datetime,
) -> dict[str, int]:
    """Drop what is older than the moments given, and write that down; how many of each.

    The audit trail is not touched: it says who did what, and holds nothing about households.
    """
    audit_chain.read_head(connection, lock=True)
    gone = {"copied texts": evidence_texts.purge(connection, texts_before)}
    gone |= {
        what: connection.execute(statement).rowcount
        for what, statement in _traces(traces_before).items()
    }
    audit_chain.append(connection, audit_chain.Act(actor, "purged", now, details=gone))
    return gone


def _traces(before: datetime) -> dict[str, Delete]:
    messages, sessions, links = OUTBOX_MESSAGES.c, SESSIONS.c, INVITATIONS.c
    return {
        "login failures": _older(LOGIN_FAILURES, LOGIN_FAILURES.c.at_utc < before),
        "sessions": _older(
            SESSIONS, or_(sessions.ended_at_utc < before, sessions.last_seen_at_utc < before)
        ),
        "one-time links": _older(
            INVITATIONS, or_(links.used_at_utc < before, links.expires_at_utc < before)
        ),
        # the reminders of an open alert say which of them went, so that none goes twice
        "reminders": _older(
            REMINDERS, REMINDERS.c.made_at_utc < before, REMINDERS.c.alert_id.in_(_CLOSED)
        ),
        "sent reminders": _older(
            OUTBOX_MESSAGES,
            messages.kind.startswith("reminder-"),
            messages.state == MessageState.SENT,
            messages.sent_at_utc < before,
        ),
    }


_CLOSED = select(ALERTS.c.alert_id).where(ALERTS.c.state == AlertState.CLOSED)


def _older(table: Table, *conditions: object) -> Delete:
    return delete(table).where(*conditions)  # type: ignore[arg-type]
