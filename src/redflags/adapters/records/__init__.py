"""The record store (DuckDB): records come in, cells and evidence come out."""

from redflags.adapters.records.cells import Coverage
from redflags.adapters.records.households import CANARY_PATCH
from redflags.adapters.records.merge import Door, Merged, door
from redflags.adapters.records.staging import Staged
from redflags.adapters.records.store import (
    Counted,
    RecordStore,
    open_record_store,
    passing_record_store,
)

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
