"""Who lives where, published by the night: references, areas and routing, nothing else."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Text,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from redflags.adapters.store.case_tables import HOMES
from redflags.domain.alert import Routing
from redflags.domain.property_reference import Home, in_capitals, plain_ref, unpadded


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
    """The households at a property, by the property's reference."""
    return _homes_called(connection, typed_ref, [HOMES.c.property_ref])


def homes_called(connection: Connection, typed_ref: str) -> list[Home]:
    """The households that a reference stands for, be it a property's or a household's own."""
    return _homes_called(connection, typed_ref, [HOMES.c.property_ref, HOMES.c.household_ref])


_COLUMNS = (HOMES.c.household_ref, HOMES.c.property_ref, HOMES.c.patch, HOMES.c.routing)
_EVERY_HOME = select(*_COLUMNS)


def _homes_called(
    connection: Connection, typed_ref: str, columns: Sequence[Column[str]]
) -> list[Home]:
    """The homes with the closest spelling that any home has.

    Small letters are forgiven if need be, and then noughts in front: the home may be one that only
    the specialist hears of, and a barrier that silently misses is worse than none.
    """
    ref = plain_ref(typed_ref)
    verbatim = sorted({typed_ref.strip(), ref} - {""})
    closest_first: list[list[ColumnElement[bool]]] = [
        [column.in_(verbatim) for column in columns],
        [capitals_of(column) == in_capitals(ref) for column in columns],
        [unpadded_of(column) == unpadded(ref) for column in columns] if unpadded(ref) else [],
    ]
    found = (_homes(connection, or_(false(), *same)) for same in closest_first)
    return next(filter(None, found), [])


class capitals_of(FunctionElement[str]):  # noqa: N801  (named as SQL functions are)
    """`domain.property_reference.in_capitals` of a column."""

    type = Text()
    inherit_cache = True


@compiles(capitals_of)
def _upper(element: "capitals_of", compiler: SQLCompiler, **how: Any) -> str:
    return f"upper({compiler.process(element.clauses, **how)})"


@compiles(capitals_of, "postgresql")
def _upper_of_ascii(element: "capitals_of", compiler: SQLCompiler, **how: Any) -> str:
    """By itself PostgreSQL also makes capitals of letters that SQLite does not know."""
    return f'upper({compiler.process(element.clauses, **how)} COLLATE "C")'


def unpadded_of(column: ColumnElement[str]) -> ColumnElement[str]:
    """`domain.property_reference.unpadded` of a column."""
    return func.ltrim(capitals_of(column), "0")


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
