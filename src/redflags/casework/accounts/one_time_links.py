"""One-time links: the only way to a first password, and to a new one when the old is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, select, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.people_tables import INVITATIONS, PEOPLE
from redflags.casework.accounts.account_keys import AccountKeys
from redflags.casework.accounts.log_in import Entry, enter
from redflags.casework.accounts.login_throttle import UNKNOWN
from redflags.casework.accounts.manage_accounts import NOT_ONE_S_OWN, end_invitations_of, person
from redflags.casework.accounts.one_time_codes import accepted_step
from redflags.casework.accounts.password_rules import checked_password, hash_password
from redflags.casework.accounts.person_rows import PERSON_COLUMNS, person_of
from redflags.casework.accounts.sessions import end_sessions_of, new_token, token_hash
from redflags.domain.people import Person
from redflags.errors import InvalidAct, NotAllowed


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What comes back by a one-time link."""

    token: str
    password: str
    code: str


def invite(
    connection: Connection, by_actor: str, person_id: str, now: datetime, holds: timedelta
) -> str:
    """A link's token, shown once and good until `now` + `holds`; earlier ones end.

    Raises LookupError for nobody, NotAllowed for oneself, InvalidAct for who is shut out.
    """
    audit_chain.read_head(connection, lock=True)  # of two links made at once, one is good
    invited = person(connection, person_id)
    if invited is None:
        raise LookupError("nobody has this id")
    if invited.actor == by_actor:
        raise NotAllowed(NOT_ONE_S_OWN)
    if not invited.is_active:
        raise InvalidAct("person", "This account is disabled. Enable it first")
    end_invitations_of(connection, person_id, now)
    token = new_token()
    values = {
        "token_hash": token_hash(token),
        "person_id": person_id,
        "expires_at_utc": now + holds,
    }
    connection.execute(insert(INVITATIONS).values(**values))
    audit_chain.append(connection, Act(by_actor, "link_made", now, details={"person": person_id}))
    return token


def invited_person(connection: Connection, token: str, now: datetime) -> Person | None:
    """Whom the link is for; None when it is used, too old or no link. Looking uses nothing up."""
    found = (
        select(*PERSON_COLUMNS)
        .join_from(INVITATIONS, PEOPLE, INVITATIONS.c.person_id == PEOPLE.c.person_id)
        .where(_is_good(token, now), PEOPLE.c.is_active)
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else person_of(row)


def accept_invitation(
    connection: Connection, keys: AccountKeys, acceptance: Acceptance, now: datetime
) -> Entry:
    """Set password and telephone, and log in; all other sessions end.

    Raises LookupError when the link is used, too old or none, and InvalidAct when password or
    code will not do. After either the transaction must be given up, and the link is as it was.
    """
    invited = invited_person(connection, acceptance.token, now)
    if invited is None:
        raise LookupError("no link that is good")
    login = _new_login(keys, invited, acceptance, now)
    audit_chain.read_head(connection, lock=True)
    taken = update(INVITATIONS).where(_is_good(acceptance.token, now)).values(used_at_utc=now)
    if connection.execute(taken).rowcount != 1:
        raise LookupError("no link that is good: somebody was faster")
    this = PEOPLE.c.person_id == invited.person_id
    connection.execute(update(PEOPLE).where(this).values(**login))
    end_sessions_of(connection, invited.person_id, now)
    audit_chain.append(connection, Act(invited.actor, "link_used", now))
    return enter(connection, invited, now, by="link")


def refuse_link(connection: Connection, now: datetime) -> None:
    """Write down that somebody came with a link that is not good."""
    audit_chain.append(connection, Act(UNKNOWN, "link_refused", now))


def _new_login(
    keys: AccountKeys, invited: Person, acceptance: Acceptance, now: datetime
) -> dict[str, object]:
    """Password and telephone as they are kept. Raises InvalidAct when either will not do."""
    password = checked_password(acceptance.password, invited)
    secret = keys.enrolment_secret(acceptance.token)
    step = accepted_step(secret, acceptance.code, now, last_step=None)
    if step is None:
        raise InvalidAct("code", "This is not the code your app is showing. Enter the newest code")
    return {
        "password_hash": hash_password(password),
        "totp_sealed": keys.seal(secret, invited.person_id),
        "totp_last_step": step,
    }


def _is_good(token: str, now: datetime) -> ColumnElement[bool]:
    return (
        (INVITATIONS.c.token_hash == token_hash(token))
        & INVITATIONS.c.used_at_utc.is_(None)
        & (INVITATIONS.c.expires_at_utc > now)
    )
