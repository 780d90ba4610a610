"""The record store (DuckDB): records come in, cells and evidence come out."""

from redflags.adapters.records.households_on_date import CANARY_PATCH
from redflags.adapters.records.record_counts import Coverage
from redflags.adapters.records.record_store import (
    Counted,
    RecordStore,
    open_record_store,
    passing_record_store,
)
from redflags.adapters.records.stage_extract import Staged
from redflags.adapters.records.upsert import Door, Merged, door

__all__ = [
    "CANARY_PATCH",
    "Counted",
    "Coverage",
    "Door",
    "Merged",
    "RecordStore",
    "Staged",
    "door",
    "open_record_store",
    "passing_record_store",
]
