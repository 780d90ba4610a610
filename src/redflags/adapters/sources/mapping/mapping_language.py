"""The mapping language: what one file under `config/sources/` may say."""

import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from redflags.adapters.sources.mapping.date_formats import check_date_format, check_one_order
from redflags.adapters.sources.mapping.no_dates import DEFAULT_NO_DATES
from redflags.adapters.sources.mapping.resource_paths import DetailBatch, Resource
from redflags.adapters.sources.mapping.strict_model import Filled, Strict
from redflags.analysis.schemas import REPAIRS, Table
from redflags.domain.repeated_rows import Repetition

Texts = tuple[str, ...]
LONDON = "Europe/London"


class Condition(Strict):
    """One test of one of their columns; comparisons are exact after trimming."""

    column: Filled
    equals: str | None = None
    not_equals: str | None = None
    one_of: Annotated[Texts | None, Field(alias="in")] = None
    not_in: Texts | None = None
    prefix: Filled | None = None
    filled: bool | None = None

    @model_validator(mode="after")
    def _has_one_test(self) -> Self:
        if len(self.tests) != 1:
            raise ValueError(
                "expected exactly one of equals, not_equals, in, not_in, prefix, filled; "
                f"{len(self.tests)} came"
            )
        return self

    @property
    def tests(self) -> Texts:
        names = ("equals", "not_equals", "one_of", "not_in", "prefix", "filled")
        return tuple(name for name in names if getattr(self, name) is not None)

    @property
    def reason(self) -> str:
        """How a row left out by this condition is reported."""
        if self.filled is not None:
            return f"{self.column} {'filled' if self.filled else 'blank'}"
        return f"{self.column} {self.tests[0].replace('one_of', 'in').replace('_', ' ')}"


class Join(Strict):
    """Rows of another file, list or resource, brought to at most one row per row of the table.

    Their columns are then called `<name of the join>.<column>`.
    """

    on: dict[str, str] = Field(default_factory=dict, description="our column → theirs")
    first: Texts = ()
    prefer: dict[str, Texts] = Field(
        default_factory=dict, description="column → prefixes that go before the first row's value"
    )
    texts: Texts = ()
    sum: dict[str, Texts] = Field(
        default_factory=dict, description="new column → columns multiplied, then added up"
    )
    separator: str = "; "

    @model_validator(mode="after")
    def _gives_each_column_once(self) -> Self:
        if not self.gives:
            raise ValueError("expected at least one of first, texts, sum; none came")
        if len(set(self.gives)) < len(self.gives):
            raise ValueError("expected each column in one of first, texts, sum; one came twice")
        if strangers := sorted(set(self.prefer) - set(self.first)):
            raise ValueError(f"prefer names columns that first does not: {', '.join(strangers)}")
        return self

    @property
    def gives(self) -> Texts:
        return (*self.first, *self.texts, *self.sum)

    @property
    def needs(self) -> Texts:
        factors = [factor for factors in self.sum.values() for factor in factors]
        return tuple(dict.fromkeys((*self.on.values(), *self.first, *self.texts, *factors)))


class FileJoin(Join):
    """The other rows come from other files of the same folder."""

    files: Annotated[Texts, Field(min_length=1)]
    on: Annotated[dict[str, str], Field(min_length=1)]


class JsonJoin(Join):
    """The other rows are a list inside the record, or a resource of their own for each record."""

    items: str = ""
    resource: Resource = ""
    batch: DetailBatch | None = None

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if bool(self.items) == bool(self.resource):
            raise ValueError("expected either items or resource")
        if self.batch and (self.items or placeholders(self.resource)):
            raise ValueError("expected a batch with a resource that is the same for every record")
        return self


class TableMapping(Strict):
    """How one canonical table is made from their columns.

    `columns`: canonical name → their column, several of them (joined with `joined_with`, blanks
    left out), or a template such as "{Address} {Zip}", which is blank when any part is blank; a
    part with `?`, as in "{Block}-{Flat?}", may be blank or absent, and texts and dates do without
    any.
    `zone` is that of stamps that name none, for all columns or column by column; `excel_dates` the
    year from which numbers of days count, where the workbook itself does not say; `no_date` what
    stands for "none" in a date at which something ends; `repeated` what becomes of rows of one file
    that share a reference and differ.
    """

    columns: Annotated[dict[str, Filled | Texts], Field(min_length=1)]
    joined_with: str = " "
    constants: dict[str, str] = Field(default_factory=dict)
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    code_defaults: dict[str, str] = Field(default_factory=dict)
    date_format: Filled | Texts | dict[str, Filled | Texts] | None = None
    zone: Filled | dict[str, Filled] = LONDON
    excel_dates: Literal[1900, 1904] | None = None
    no_date: Texts = DEFAULT_NO_DATES
    repeated: Repetition | None = None
    plain_numbers: Texts = ()
    pad: dict[str, Annotated[int, Field(gt=0, le=40)]] = Field(default_factory=dict)
    where: tuple[Condition, ...] = ()
    drop_when: tuple[Condition, ...] = ()

    @property
    def joins(self) -> dict[str, Join]:
        return {}

    @field_validator("date_format")
    @classmethod
    def _formats_are_known(
        cls, value: str | Texts | dict[str, str | Texts] | None
    ) -> str | Texts | dict[str, str | Texts] | None:
        values = value.values() if isinstance(value, dict) else (value,)
        for formats in values:
            for text in _as_tuple(formats):
                check_date_format(text)
            check_one_order(_as_tuple(formats))
        return value

    @field_validator("zone")
    @classmethod
    def _zones_are_known(cls, value: str | dict[str, str]) -> str | dict[str, str]:
        for name in value.values() if isinstance(value, dict) else (value,):
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(
                    f'expected a time zone such as "UTC" or "{LONDON}"; {name!r} came'
                ) from None
        return value

    def formats(self, column: str) -> Texts:
        """The date formats to be tried on a canonical column, in order."""
        if isinstance(self.date_format, dict):
            return _as_tuple(self.date_format.get(column))
        return _as_tuple(self.date_format)

    def repetition(self, table: Table) -> Repetition:
        """What becomes of repeated references: work orders are put together unless told else."""
        is_work = table.name == REPAIRS.name
        return self.repeated or (Repetition.COMBINE if is_work else Repetition.REPLACE)

    def zone_of(self, column: str) -> str:
        """The zone of stamps of a canonical column that name none; empty for London."""
        zone = self.zone.get(column, LONDON) if isinstance(self.zone, dict) else self.zone
        return "" if zone == LONDON else zone

    def parts(self, column: str) -> Texts:
        """Their columns behind a canonical column."""
        mapped = self.columns.get(column, ())
        if isinstance(mapped, tuple):
            return mapped
        return placeholders(mapped) if "{" in mapped else (mapped,)

    def optional_parts(self, column: str) -> Texts:
        """The parts of a template that may be blank or absent."""
        mapped = self.columns.get(column, ())
        return () if isinstance(mapped, tuple) else tuple(re.findall(r"\{([^{}]+)\?\}", mapped))

    def firm_parts(self, column: str) -> Texts:
        """The parts of a column that have to be there."""
        optional = self.optional_parts(column)
        return tuple(part for part in self.parts(column) if part not in optional)


def _as_tuple(value: str | Texts | None) -> Texts:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def placeholders(template: str) -> Texts:
    """Their columns named in a template."""
    return tuple(re.findall(r"\{([^{}]+?)\??\}", template))
