"""The record store (DuckDB): records come in, cells and evidence come out."""

from redflags.adapters.records.counted_night import CountedNight
from redflags.adapters.records.households_on_date import CANARY_PATCH
from redflags.adapters.records.record_store import (
    RecordStore,
    open_record_store,
    passing_record_store,
)

__all__ = [
    "CANARY_PATCH",
    "CountedNight",
    "RecordStore",
    "open_record_store",
    "passing_record_store",
]
