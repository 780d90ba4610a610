"""Sessions: a random token with the browser, its hash with us, gone after some quiet minutes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from redflags.adapters.store.people_tables import PEOPLE, SESSIONS
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.domain.people import Person

_TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits as text that fits a cookie and a URL."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token. It is random, so a plain SHA-256 cannot be guessed backwards."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_session(connection: Connection, person_id: str, now: datetime) -> str:
    """Begin a session; the token that is its only key, kept nowhere here."""
    token = new_token()
    values = {
        "session_hash": token_hash(token),
        "person_id": person_id,
        "started_at_utc": now,
        "last_seen_at_utc": now,
    }
    connection.execute(insert(SESSIONS).values(**values))
    return token


def person_of_session(
    connection: Connection, token: str, now: datetime, quiet: timedelta
) -> Person | None:
    """Whose session it is, as they are now; None when it ended, or was quiet for `quiet`."""
    live = (
        select(*PERSON_COLUMNS)
        .join_from(SESSIONS, PEOPLE, SESSIONS.c.person_id == PEOPLE.c.person_id)
        .where(
            SESSIONS.c.session_hash == token_hash(token),
            SESSIONS.c.ended_at_utc.is_(None),
            SESSIONS.c.last_seen_at_utc > now - quiet,
            PEOPLE.c.is_active,
        )
    )
    row = connection.execute(live).one_or_none()
    return None if row is None else person_of(row)


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Somebody is at work in it. One that has ended stays ended."""
    seen = update(SESSIONS).where(
        SESSIONS.c.session_hash == token_hash(token), SESSIONS.c.ended_at_utc.is_(None)
    )
    connection.execute(seen.values(last_seen_at_utc=now))


def end_session(connection: Connection, token: str, now: datetime) -> None:
    """End one session; its cookie is worth nothing from here on, wherever a copy lies."""
    this = SESSIONS.c.session_hash == token_hash(token)
    ended = update(SESSIONS).where(this, SESSIONS.c.ended_at_utc.is_(None))
    connection.execute(ended.values(ended_at_utc=now))


def end_sessions_of(
    connection: Connection, person_id: str, now: datetime, *, except_token: str = ""
) -> None:
    """End every session of somebody, save the one of `except_token`."""
    ended = update(SESSIONS).where(
        SESSIONS.c.person_id == person_id,
        SESSIONS.c.ended_at_utc.is_(None),
        SESSIONS.c.session_hash != token_hash(except_token),
    )
    connection.execute(ended.values(ended_at_utc=now))
