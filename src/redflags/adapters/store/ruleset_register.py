"""The life of a rule set: each step in one transaction with its audit entry, by a named person.

proposed → backtested (this very hash) → approved by somebody else → live. Beside that, one rule set
at a time may run in the shadow: its would-be alerts are counted and shown to nobody who reviews.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.people_tables import PEOPLE
from redflags.adapters.store.ruleset_tables import RULESETS, SHADOW_NIGHTS
from redflags.domain.known_ruleset import KnownRuleset
from redflags.domain.people import Person, Role
from redflags.domain.shadow_night import ShadowNight
from redflags.errors import UsageError

DECIDERS = (Role.ANALYST, Role.MANAGER)
"""Who may propose, approve, install or put into the shadow."""


def propose(
    connection: Connection,
    by: Person,
    now: datetime,
    *,
    ruleset_hash: str,
    version: str,
    parent: str | None,
    content: str,
    reason: str,
) -> None:
    """Put a rule set forward. Raises UsageError when it is known already or lacks a reason."""
    _refuse_others(by)
    _refuse_blank(reason)
    values = {
        "ruleset_hash": ruleset_hash,
        "version": version,
        "parent": parent,
        "content": content,
        "reason": reason.strip(),
        "proposed_by": by.person_id,
        "proposed_at_utc": now,
        "is_live": False,
        "is_shadow": False,
    }
    if not insert_new(connection, RULESETS, values):
        raise UsageError(f"{ruleset_hash} was proposed before; see redflags ruleset list")
    _write(connection, by, now, "ruleset_proposed", ruleset_hash, parent=parent or "")


def note_backtest(
    connection: Connection, now: datetime, ruleset_hash: str, numbers: Mapping[str, float]
) -> bool:
    """Keep the numbers of a backtest of this very rule set; False when nobody proposed it.

    Once it is approved its backtest stays the one that was approved.
    """
    statement = (
        update(RULESETS)
        .where(RULESETS.c.ruleset_hash == ruleset_hash, RULESETS.c.approved_by.is_(None))
        .values(backtest=dict(numbers), backtested_at_utc=now)
    )
    if not connection.execute(statement).rowcount:
        return False
    act = Act("backtest", "ruleset_backtested", now, details={"ruleset_hash": ruleset_hash})
    audit_chain.append(connection, act)
    return True


def approve(
    connection: Connection, by: Person, now: datetime, ruleset_hash: str, reason: str
) -> None:
    """Agree to a backtested rule set that somebody else proposed.

    Raises:
        UsageError: no such rule set, not backtested, one's own, already approved, no reason.
    """
    _refuse_others(by)
    _refuse_blank(reason)
    row = _locked(connection, ruleset_hash)
    if row.backtested_at_utc is None:
        raise UsageError(
            f"{ruleset_hash} has no backtest on record; run redflags backtest --ruleset FILE first"
        )
    if row.proposed_by == by.person_id:
        raise UsageError("--by: expected somebody else than who proposed it; ask a colleague")
    if row.approved_by is not None:
        raise UsageError(f"{ruleset_hash} is approved already")
    _change(
        connection,
        ruleset_hash,
        approved_by=by.person_id,
        approved_at_utc=now,
        approved_because=reason.strip(),
    )
    _write(connection, by, now, "ruleset_approved", ruleset_hash)


def make_live(connection: Connection, by: Person, now: datetime, ruleset_hash: str) -> str:
    """Note that an approved rule set is the live one from here on; its content.

    Raises:
        UsageError: no such rule set, or it is not approved.
    """
    _refuse_others(by)
    row = _locked(connection, ruleset_hash)
    if row.approved_by is None:
        raise UsageError(f"{ruleset_hash} is not approved; somebody else has to agree to it first")
    connection.execute(update(RULESETS).where(RULESETS.c.is_live).values(is_live=False))
    _change(connection, ruleset_hash, is_live=True, is_shadow=False, live_since_utc=now)
    _write(connection, by, now, "ruleset_installed", ruleset_hash)
    return str(row.content)


def set_shadow(connection: Connection, by: Person, now: datetime, ruleset_hash: str | None) -> None:
    """Let one rule set run in the shadow, or none. Raises UsageError when it is unknown or live."""
    _refuse_others(by)
    if ruleset_hash is not None and _locked(connection, ruleset_hash).is_live:
        raise UsageError(f"{ruleset_hash} is the live one; a shadow runs beside it")
    connection.execute(update(RULESETS).where(RULESETS.c.is_shadow).values(is_shadow=False))
    if ruleset_hash is not None:
        _change(connection, ruleset_hash, is_shadow=True)
    _write(connection, by, now, "ruleset_shadowed", ruleset_hash or "none")


def known_rulesets(connection: Connection) -> list[KnownRuleset]:
    """Every rule set, the newest proposal first."""
    proposer, approver = PEOPLE.alias("proposer"), PEOPLE.alias("approver")
    columns = (
        *(RULESETS.c[name] for name in KnownRuleset.__slots__ if not name.endswith("_by")),
        proposer.c.name.label("proposed_by"),
        approver.c.name.label("approved_by"),
    )
    query = (
        select(*columns)
        .join(proposer, RULESETS.c.proposed_by == proposer.c.person_id)
        .outerjoin(approver, RULESETS.c.approved_by == approver.c.person_id)
        .order_by(RULESETS.c.proposed_at_utc.desc(), RULESETS.c.ruleset_hash)
    )
    return [KnownRuleset(**row._mapping) for row in connection.execute(query)]


def shadow_content(connection: Connection) -> tuple[str, str] | None:
    """Hash and content of the rule set in the shadow."""
    query = select(RULESETS.c.ruleset_hash, RULESETS.c.content).where(RULESETS.c.is_shadow)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.ruleset_hash, row.content)


def record_shadow_night(connection: Connection, night: ShadowNight) -> None:
    """Keep the numbers of one night; a second run of it, which finds its own alerts, adds none."""
    values = {name: getattr(night, name) for name in ShadowNight.__slots__}
    insert_new(connection, SHADOW_NIGHTS, values)


def shadow_nights(connection: Connection, most: int) -> Sequence[ShadowNight]:
    """The last `most` nights of any shadow, the newest first."""
    order = (SHADOW_NIGHTS.c.as_of.desc(), SHADOW_NIGHTS.c.ruleset_hash)
    query = select(SHADOW_NIGHTS).order_by(*order).limit(most)
    return [ShadowNight(**row._mapping) for row in connection.execute(query)]


def _locked(connection: Connection, ruleset_hash: str) -> Row[tuple[object, ...]]:
    query = select(RULESETS).where(RULESETS.c.ruleset_hash == ruleset_hash).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UsageError(f"{ruleset_hash}: no such rule set; see redflags ruleset list")
    return row


def _refuse_others(by: Person) -> None:
    if not by.is_active or not by.has(*DECIDERS):
        raise UsageError("--by: expected an analyst or a manager with an account")


def _refuse_blank(reason: str) -> None:
    if not reason.strip():
        raise UsageError("--reason: expected why, in a sentence; got a blank")


def _change(connection: Connection, ruleset_hash: str, **values: object) -> None:
    connection.execute(
        update(RULESETS).where(RULESETS.c.ruleset_hash == ruleset_hash).values(**values)
    )


def _write(
    connection: Connection, by: Person, now: datetime, action: str, ruleset_hash: str, **more: str
) -> None:
    details = {"ruleset_hash": ruleset_hash, **more}
    audit_chain.append(connection, Act(by.actor, action, now, details=details))
