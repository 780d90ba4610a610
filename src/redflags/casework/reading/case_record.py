"""What people did on an alert and what is kept about its household, in a single query.

A page of one case has six lists in it. Each is one part of a union here, brought into one shape,
so that the page costs one round trip to the database and not six.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.types import TypeEngine

from redflags.adapters.store.case_tables import (
    ALERT_TEXTS,
    CASE_NOTES,
    CONCERNS,
    CONTACT_ATTEMPTS,
    CONTACT_PLANS,
    REFERRALS,
)
from redflags.adapters.store.tables import ALERTS, UtcDateTime

PLANS, ATTEMPTS, REFERRED, NOTES, CONCERNED, EARLIER, TEXTS = (
    "plans",
    "attempts",
    "referred",
    "notes",
    "concerned",
    "earlier",
    "texts",
)
Parts = Mapping[str, list[Row[Any]]]

_SHAPE: Mapping[str, TypeEngine[Any]] = {
    "key": String(),
    "no": Integer(),
    "kind": String(),
    "result": String(),
    "state": String(),
    "flag": Boolean(),
    "by_id": String(),
    "at_utc": UtcDateTime(),
    "second_id": String(),
    "second_at_utc": UtcDateTime(),
    "consent_by": String(),
    "consent_at_utc": UtcDateTime(),
    "began_on": Date(),
    "ended_on": Date(),
    "first_sealed": LargeBinary(),
    "second_sealed": LargeBinary(),
    "third_sealed": LargeBinary(),
}
"""Every column that a part may have; each part says which of them it has."""


def record_of(connection: Connection, case: Row[Any], known: ColumnElement[bool]) -> Parts:
    """The parts by name, each in order; of the household's other alerts those that are `known`."""
    parts = union_all(*_OF_THE_ALERT, _earlier(known)).order_by(_ORDER)
    this = {"alert_id": case.alert_id, "tenancy_ref": case.tenancy_ref}
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(parts, this):
        found[row.part].append(row)
    return found


def _plans() -> Select[Any]:
    t = CONTACT_PLANS.c
    return _part(
        PLANS,
        _of(CONTACT_PLANS),
        no=t.plan_no,
        kind=t.channel,
        flag=t.no_messages_left,
        by_id=t.made_by,
        at_utc=t.made_at_utc,
        first_sealed=t.when_sealed,
        second_sealed=t.not_told_sealed,
        third_sealed=t.neutral_reason_sealed,
    )


def _attempts() -> Select[Any]:
    t = CONTACT_ATTEMPTS.c
    return _part(
        ATTEMPTS,
        _of(CONTACT_ATTEMPTS),
        no=t.attempt_no,
        kind=t.channel,
        result=t.result,
        by_id=t.logged_by,
        at_utc=t.attempted_at_utc,
        second_at_utc=t.logged_at_utc,
        first_sealed=t.note_sealed,
    )


def _referred() -> Select[Any]:
    t = REFERRALS.c
    return _part(
        REFERRED,
        _of(REFERRALS),
        key=t.referral_id,
        kind=t.kind,
        result=t.basis,
        state=t.state,
        by_id=t.asked_by,
        at_utc=t.asked_at_utc,
        second_id=t.answered_by,
        second_at_utc=t.answered_at_utc,
        consent_by=t.consent_taken_by,
        consent_at_utc=t.consent_taken_at_utc,
        first_sealed=t.reason_sealed,
    )


def _notes() -> Select[Any]:
    t = CASE_NOTES.c
    return _part(
        NOTES,
        _of(CASE_NOTES),
        no=t.note_no,
        kind=t.kind,
        by_id=t.written_by,
        at_utc=t.written_at_utc,
        first_sealed=t.text_sealed,
    )


def _concerned() -> Select[Any]:
    t = CONCERNS.c
    return _part(
        CONCERNED,
        _of(CONCERNS),
        key=t.concern_id,
        kind=t.reporter_role,
        flag=t.in_danger,
        at_utc=t.logged_at_utc,
        began_on=t.observed_on,
        first_sealed=t.seen_sealed,
    )


def _earlier(known: ColumnElement[bool]) -> Select[Any]:
    t = ALERTS.c
    same_household = t.tenancy_ref == bindparam("tenancy_ref")
    others = and_(same_household, t.alert_id != bindparam("alert_id"), known)
    return _part(
        EARLIER,
        others,
        key=t.alert_id,
        result=t.outcome,
        began_on=t.raised_on,
        ended_on=t.closed_on,
    )


def _texts() -> Select[Any]:
    return _part(TEXTS, _of(ALERT_TEXTS), no=func.count())


def _of(table: Table) -> ColumnElement[bool]:
    return table.c.alert_id == bindparam("alert_id")


def _part(name: str, chosen: ColumnElement[bool], **columns: ColumnElement[Any]) -> Select[Any]:
    """One list in the common shape; what it does not have is blank."""
    shaped = (
        columns.get(column, cast(null(), kind)).label(column) for column, kind in _SHAPE.items()
    )
    return select(literal(name).label("part"), *shaped).where(chosen)


_OF_THE_ALERT = (_plans(), _attempts(), _referred(), _notes(), _concerned(), _texts())
_ORDER = text("part, no, at_utc, began_on, key")
