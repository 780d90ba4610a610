"""How much of what should come in may be missing (`config/intake.toml`)."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from redflags.configuration.shipped_defaults import there_or_shipped
from redflags.configuration.thresholds import Count, Frozen, Share, faults_of, read_toml
from redflags.errors import ConfigurationError

NAME = "intake.toml"
DECIDE = "decide how much may be missing of your tables"
Number = TypeVar("Number", Share, Count)


class SetAside(Frozen):
    """When rows that were set aside are too many for the night to be whole."""

    largest_share: Share
    fewest_rows: Count


class Collapse(Frozen):
    """When so little is left of what the last good night saw that the night fails."""

    households_kept: Share
    rows_kept: Share
    fewest_lost: Count
    newest_record: Count
    odd_silence: Share
    nights_absent: Count
    nights_regular: Count


class TableLimits(Frozen):
    """What holds for one table instead of what holds for all."""

    largest_share: Share | None = None
    rows_kept: Share | None = None
    newest_record: Count | None = None
    nights_absent: Count | None = None


class IntakeSettings(Frozen):
    """What a landlord decides about rows that do not come in."""

    version: str
    set_aside: SetAside
    collapse: Collapse
    tables: Mapping[str, TableLimits] = Field(default_factory=dict)

    def largest_share(self, table: str) -> float:
        return _own(self._of(table).largest_share, self.set_aside.largest_share).value

    def rows_kept(self, table: str) -> float:
        return _own(self._of(table).rows_kept, self.collapse.rows_kept).value

    def newest_record_days(self, table: str) -> int:
        return _own(self._of(table).newest_record, self.collapse.newest_record).value

    def nights_absent(self, table: str) -> int:
        return _own(self._of(table).nights_absent, self.collapse.nights_absent).value

    def _of(self, table: str) -> TableLimits:
        return self.tables.get(table, TableLimits())


def _own(own: Number | None, everybodys: Number) -> Number:
    return everybodys if own is None else own


def load_intake_settings(path: Path, tables: Collection[str]) -> IntakeSettings:
    """Read how much may be missing; the defaults of this version, with a warning, where there is a
    folder of configuration without this file.

    Args:
        tables: the input tables there are.

    Raises:
        ConfigurationError: every fault of the file, or the folder is not there either.
    """
    chosen = there_or_shipped(path, DECIDE)
    content = read_toml(chosen)
    try:
        settings = IntakeSettings.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(faults_of(chosen, error)) from None
    unknown = sorted(set(settings.tables) - set(tables))
    if unknown:
        raise ConfigurationError(
            [f"{NAME}: tables.{n}: expected one of {', '.join(sorted(tables))}" for n in unknown]
        )
    return settings
