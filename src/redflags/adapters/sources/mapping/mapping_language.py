"""The mapping language: what one file under `config/sources/` may say."""

import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from redflags.adapters.sources.mapping.date_formats import check_date_format, check_one_order
from redflags.adapters.sources.mapping.no_dates import DEFAULT_NO_DATES
from redflags.adapters.sources.mapping.strict_model import Filled, Strict
from redflags.adapters.sources.mapping.value_parts import ValueStep, check_pattern, value_steps
from redflags.analysis.schemas import REPAIRS, Table
from redflags.domain.repeated_rows import Repetition

Texts = tuple[str, ...]
LONDON = "Europe/London"


class Condition(Strict):
    """One test of one of their columns; comparisons are exact after trimming."""

    column: Filled
    """their column (`join.column` for one of a join)"""
    equals: str | None = None
    """holds for this value"""
    not_equals: str | None = None
    """holds for every other value, and for none"""
    one_of: Annotated[Texts | None, Field(alias="in")] = None
    """holds for one of these values"""
    not_in: Texts | None = None
    """holds for every other value, and for none"""
    prefix: Filled | None = None
    """holds for values that begin with this"""
    filled: bool | None = None
    """`true` holds where there is a value, `false` where there is none"""

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

    on: dict[str, str] = Field(default_factory=dict)
    """column of the table → column of the other rows that holds the same"""
    first: Texts = ()
    """columns of which the first value is taken"""
    prefer: dict[str, Texts] = Field(default_factory=dict)
    """column of `first` → what a value begins with that goes before the first"""
    texts: Texts = ()
    """columns of which all values are taken, one after the other"""
    sum: dict[str, Texts] = Field(default_factory=dict)
    """name of a new column → columns that are multiplied in each row, then added up"""
    separator: str = "; "
    """what stands between the values of `texts`"""

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
    """names or patterns of the other files"""
    on: Annotated[dict[str, str], Field(min_length=1)]
    """column of the table → column of the other files that holds the same"""


class TableMapping(Strict):
    """How one canonical table is made from their columns.

    A value goes through `columns`, `part`, `strip_prefix`, `strip_suffix`, `plain_numbers`, `pad`,
    `codes` and `date_format`, in this order.
    """

    columns: Annotated[dict[str, Filled | Texts], Field(min_length=1)]
    """canonical column → their column, several (blanks are left out), or a template such as
    "{Block}-{Flat?}"; a part with `?` may be blank or absent"""
    joined_with: str = " "
    """what stands between several columns of one"""
    constants: dict[str, str] = Field(default_factory=dict)
    """canonical column → the same value in every row"""
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    """canonical column → their code → ours; `*` in a code stands for anything, case does not
    matter"""
    code_defaults: dict[str, str] = Field(default_factory=dict)
    """canonical column → what codes become that `codes` does not list; else they stay"""
    date_format: Filled | Texts | dict[str, Filled | Texts] | None = None
    """"iso" or formats such as "%d/%m/%Y %H:%M", for all dates or column by column"""
    zone: Filled | dict[str, Filled] = LONDON
    """time zone of stamps that name none, for all dates or column by column"""
    excel_dates: Literal[1900, 1904] | None = None
    """the year from which numbers of days count, where the workbook does not say"""
    no_date: Texts = DEFAULT_NO_DATES
    """what stands for "none" in a date at which something ends: days, years or words"""
    repeated: Repetition | None = None
    """what becomes of rows of one file that share a reference and differ; work orders are
    combined unless told else, other tables replaced"""
    plain_numbers: Texts = ()
    """canonical columns whose numbers are brought to digits (`1,001.0` to `1001`)"""
    part: dict[str, Filled] = Field(default_factory=dict)
    """canonical column → regular expression with one group, which is the value; two columns may
    each take their part of one"""
    strip_prefix: dict[str, Filled | Texts] = Field(default_factory=dict)
    """canonical column → what is taken off its beginning; the longest of several, whatever its
    case"""
    strip_suffix: dict[str, Filled | Texts] = Field(default_factory=dict)
    """canonical column → what is taken off its end"""
    pad: dict[str, Annotated[int, Field(gt=0, le=40)]] = Field(default_factory=dict)
    """canonical column → characters it is filled up to with noughts in front"""
    where: tuple[Condition, ...] = ()
    """only rows for which all of these conditions hold come in"""
    drop_when: tuple[Condition, ...] = ()
    """rows for which one of these conditions holds are left out, and counted"""

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

    @field_validator("part")
    @classmethod
    def _parts_are_patterns(cls, value: dict[str, str]) -> dict[str, str]:
        for pattern in value.values():
            check_pattern(pattern)
        return value

    @field_validator("strip_prefix", "strip_suffix")
    @classmethod
    def _affixes_are_filled(cls, value: dict[str, str | Texts]) -> dict[str, str | Texts]:
        if not all(all(_as_tuple(texts)) and texts for texts in value.values()):
            raise ValueError("expected what is to be taken off; a blank came")
        return value

    def steps(self, column: str) -> tuple[ValueStep, ...]:
        """What is taken off or out of a canonical column's value."""
        prefixes = _as_tuple(self.strip_prefix.get(column))
        suffixes = _as_tuple(self.strip_suffix.get(column))
        return tuple(value_steps(self.part.get(column), prefixes, suffixes))

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
