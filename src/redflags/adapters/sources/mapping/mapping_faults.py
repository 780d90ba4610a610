"""What is wrong with a mapping for its table, all at once."""

from redflags.adapters.sources.mapping.mapping_language import TableMapping, Texts
from redflags.analysis.schemas import Kind, Table
from redflags.domain.repeated_rows import Repetition

_DATE_KINDS = (Kind.DATE, Kind.TIMESTAMP)


def faults_of(mapping: TableMapping, table: Table) -> list[str]:
    """What is wrong with a mapping for `table`: key, what was expected, what came."""
    given = {**dict.fromkeys(mapping.columns), **dict.fromkeys(mapping.constants)}
    faults = [
        f"{key}: expected a column of {table.name} that columns or constants give; {name!r} came"
        for key, names in _keyed_by_column(mapping).items()
        for name in names
        if name not in table.column_names or name not in given
    ]
    faults += [
        f"columns: expected something for the required column {name!r}; nothing came"
        for name in table.required_names
        if name not in given
    ]
    faults += [
        f"{key}.{name}: expected a date column; {name!r} is none"
        for key, names in (("date_format", _dated(mapping)), ("zone", _zoned(mapping)))
        for name in names
        if name in table.column_names and table.column(name).kind not in _DATE_KINDS
    ]
    faults += [
        f"columns: expected one of {', '.join(join.gives)} of the join {alias!r}; {part!r} came"
        for alias, join in mapping.joins.items()
        for part in _parts_of_join(mapping, alias)
        if part not in join.gives
    ]
    if mapping.repeated is Repetition.COMBINE and not any(
        column.kind is Kind.TEXT for column in table.columns
    ):
        faults.append(f"repeated: expected replace or report for {table.name}; combine came")
    both = sorted(set(mapping.columns) & set(mapping.constants))
    faults += [f"constants.{name}: expected no column of the same name; one came" for name in both]
    return faults


def _parts_of_join(mapping: TableMapping, alias: str) -> list[str]:
    parts = [part for name in mapping.columns for part in mapping.parts(name)]
    parts += [condition.column for condition in (*mapping.where, *mapping.drop_when)]
    prefix = f"{alias}."
    return [part.removeprefix(prefix) for part in parts if part.startswith(prefix)]


def _dated(mapping: TableMapping) -> Texts:
    return tuple(mapping.date_format) if isinstance(mapping.date_format, dict) else ()


def _zoned(mapping: TableMapping) -> Texts:
    return tuple(mapping.zone) if isinstance(mapping.zone, dict) else ()


def _keyed_by_column(mapping: TableMapping) -> dict[str, Texts]:
    return {
        "columns": tuple(mapping.columns),
        "constants": tuple(mapping.constants),
        "codes": tuple(mapping.codes),
        "code_defaults": tuple(mapping.code_defaults),
        "pad": tuple(mapping.pad),
        "plain_numbers": mapping.plain_numbers,
        "date_format": _dated(mapping),
        "zone": _zoned(mapping),
    }
