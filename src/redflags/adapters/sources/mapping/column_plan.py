"""What a mapping makes of the columns that came: decided once per file, before the first row."""

from collections.abc import Hashable
from dataclasses import dataclass

from redflags.adapters.sources.mapping import mapping_sql
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.adapters.sources.raw_rows import Columns
from redflags.analysis.schemas import Kind, Table
from redflags.errors import SourceRefused

_KEY_KINDS = (Kind.REF, Kind.CATEGORY)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which of their columns are read (`wanted`, as c0, c1, …) and what is computed from them."""

    table: Table
    mapping: TableMapping
    wanted: tuple[str, ...]
    places: tuple[Hashable, ...]
    canonical: tuple[str, ...]
    absent: tuple[str, ...]
    date_system: int = 1900

    def place(self, name: str) -> str:
        """SQL name of their column, in the table itself or in a join."""
        for number, (alias, join) in enumerate(self.mapping.joins.items()):
            column = name.removeprefix(f"{alias}.")
            if column != name:
                return f"j{number}.g{join.gives.index(column)}"
        return f"c{self.wanted.index(name)}" if name in self.wanted else "NULL::VARCHAR"

    def has_match(self, alias: str) -> str:
        """SQL: whether the row has rows in a join."""
        return f"j{list(self.mapping.joins).index(alias)}.n IS NOT NULL"

    def own_place(self, column: str) -> str | None:
        """The column c0, c1, … that a canonical column is made of, if it is one of the table."""
        mapped = self.mapping.columns.get(column)
        if isinstance(mapped, str) and mapped in self.wanted:
            return self.place(mapped)
        return None

    @property
    def key_columns(self) -> frozenset[str]:
        """The columns c0, c1, … that hold refs or codes, whose spelling is normalised."""
        names = [c.column for c in (*self.mapping.where, *self.mapping.drop_when)]
        names += [ours for join in self.mapping.joins.values() for ours in join.on]
        for column in self.canonical:
            if self.table.column(column).kind in _KEY_KINDS or column in self.mapping.codes:
                names += self.mapping.parts(column)
        return frozenset(self.place(name) for name in names)

    @property
    def coded_columns(self) -> list[str]:
        """The canonical columns whose codes are translated."""
        return [name for name in self.mapping.codes if name in self.canonical]

    def plain(self, column: str) -> str | None:
        """Name of the text column that is the canonical column already, if there is one."""
        sql = self.sql(column)
        return sql if sql in {f"c{number}" for number in range(len(self.wanted))} else None

    def sql(self, column: str) -> str:
        return mapping_sql.canonical_value(self.table.column(column), self.mapping, self.place)

    def raw_sql(self, column: str) -> str:
        return mapping_sql.raw_value(self.table.column(column), self.mapping, self.place)


def make_plan(table: Table, mapping: TableMapping, columns: Columns) -> Plan:
    """Raises SourceRefused naming the columns that are missing or that came twice."""
    needed = _needed(table, mapping)
    optional = [part for name in mapping.columns for part in mapping.parts(name)]
    own = [n for n in dict.fromkeys((*needed, *optional)) if not _is_joined(n, mapping)]
    found = {name: place for name in own if (place := columns.locate(name)) is not None}
    _refuse_missing([name for name in needed if name in own and name not in found], own, columns)
    _refuse_twice([name for name in found if columns.occurrences(name) > 1])
    absent = tuple(
        name
        for name in mapping.columns
        if any(p in own and p not in found for p in mapping.firm_parts(name))
    )
    given = {*mapping.columns, *mapping.constants} - set(absent)
    canonical = tuple(name for name in table.column_names if name in given)
    return Plan(
        table,
        mapping,
        wanted=tuple(found),
        places=tuple(found.values()),
        canonical=canonical,
        absent=absent,
        date_system=columns.date_system,
    )


def required_columns(table: Table, mapping: TableMapping) -> tuple[str, ...]:
    """Their columns that no row can do without, joined ones left out."""
    return tuple(name for name in _needed(table, mapping) if not _is_joined(name, mapping))


def _needed(table: Table, mapping: TableMapping) -> list[str]:
    required = [part for name in table.required_names for part in mapping.firm_parts(name)]
    tested = [condition.column for condition in (*mapping.where, *mapping.drop_when)]
    keys = [ours for join in mapping.joins.values() for ours in join.on]
    return list(dict.fromkeys((*required, *tested, *keys)))


def _is_joined(name: str, mapping: TableMapping) -> bool:
    return any(name.startswith(f"{alias}.") for alias in mapping.joins)


def _refuse_missing(missing: list[str], own: list[str], columns: Columns) -> None:
    if not missing:
        return
    wanted = ", ".join(repr(name) for name in missing)
    raise SourceRefused(f"expected the column(s) {wanted}; {_what_came(own, columns)}")


def _what_came(own: list[str], columns: Columns) -> str:
    """The names that came, unless the first line may be a record: then only their number."""
    if any(columns.locate(name) is not None for name in own):
        return "what came: " + ", ".join(repr(" ".join(name.split())) for name in columns.names)
    return (
        f"none of the {len(columns.names)} column(s) that came is known to the mapping: "
        "is there a header line, and are delimiter and encoding right?"
    )


def _refuse_twice(names: list[str]) -> None:
    if names:
        twice = ", ".join(repr(name) for name in names)
        raise SourceRefused(f"expected each column once; these came twice: {twice}")
