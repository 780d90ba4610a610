"""The program that the environment describes, and what its commands ask of it first."""

from typing import TYPE_CHECKING

from redflags.errors import UsageError
from redflags.settings import read_settings

if TYPE_CHECKING:
    from redflags.adapters.records import RecordStore
    from redflags.bootstrap import Program


def read_program() -> "Program":
    """Nothing is opened yet. Raises ConfigurationError for settings that cannot be read."""
    from redflags.bootstrap import Program

    return Program(read_settings())


def some_totals(records: "RecordStore") -> dict[str, int]:
    """Rows of each table of the record store. Raises UsageError when there are none at all."""
    totals = records.totals()
    if not any(totals.values()):
        raise UsageError("there are no records yet; run `redflags ingest` first")
    return totals
