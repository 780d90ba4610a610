"""Who lives where, published by the night: references, areas and routing, nothing else."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, select

from redflags.adapters.store.case_tables import HOMES
from redflags.domain.alert import Routing
from redflags.domain.property_reference import Home, plain_ref


class HomesChange(NamedTuple):
    """How many households came, changed and went."""

    came: int
    changed: int
    went: int


def publish(connection: Connection, tonight: Collection[Home]) -> HomesChange:
    """Make the directory what `tonight` says; only differences are written.

    A night that changed nothing costs the reading.
    """
    known = {row[0]: tuple(row) for row in connection.execute(_EVERY_HOME).all()}
    wanted = {home.household_ref: home for home in tonight}
    went = known.keys() - wanted.keys()
    came = wanted.keys() - known.keys()
    changed = {ref for ref, home in wanted.items() if known.get(ref, home) != home}
    _remove(connection, went | changed)
    _add(connection, [wanted[ref] for ref in sorted(came | changed)])
    return HomesChange(len(came), len(changed), len(went))


def is_published(connection: Connection) -> bool:
    """Whether a night has ever said who lives where."""
    return bool(connection.execute(select(exists(select(HOMES.c.household_ref)))).scalar_one())


def homes_at(connection: Connection, typed_ref: str) -> list[Home]:
    """The households at a property, by reference.

    Capital letters are forgiven if need be, and noughts in front that a job sheet leaves out: the
    home may be one that only the specialist hears of.
    """
    ref = plain_ref(typed_ref)
    spelled = HOMES.c.property_ref.in_(sorted({ref.upper(), ref.lower()}))
    bare = ref.lstrip("0")
    unpadded = func.ltrim(func.upper(HOMES.c.property_ref), "0") == bare.upper()
    return (
        _homes(connection, HOMES.c.property_ref == ref)
        or _homes(connection, spelled)
        or (_homes(connection, unpadded) if bare else [])
    )


_COLUMNS = (HOMES.c.household_ref, HOMES.c.property_ref, HOMES.c.patch, HOMES.c.routing)
_EVERY_HOME = select(*_COLUMNS)


def _homes(connection: Connection, there: ColumnElement[bool]) -> list[Home]:
    rows = connection.execute(_EVERY_HOME.where(there).order_by(HOMES.c.household_ref))
    return [
        Home(row.household_ref, row.property_ref, row.patch, Routing(row.routing)) for row in rows
    ]


def _remove(connection: Connection, household_refs: Iterable[str]) -> None:
    if gone := [{"gone": ref} for ref in sorted(household_refs)]:
        connection.execute(delete(HOMES).where(HOMES.c.household_ref == bindparam("gone")), gone)


def _add(connection: Connection, homes: Iterable[Home]) -> None:
    if rows := [home._asdict() for home in homes]:
        connection.execute(insert(HOMES), rows)
