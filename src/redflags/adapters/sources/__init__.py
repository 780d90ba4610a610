"""Rows as the landlord has them, brought to the contract's columns as text."""

from redflags.adapters.sources.extract import (
    AlreadyTaken,
    Extract,
    Outcome,
    Refusal,
    RowFault,
    Source,
)
from redflags.adapters.sources.mapping.load_mappings import load_sources
from redflags.adapters.sources.mapping.row_identity import row_identities, same_jobs
from redflags.errors import SourceUnavailable

__all__ = [
    "AlreadyTaken",
    "Extract",
    "Outcome",
    "Refusal",
    "RowFault",
    "Source",
    "SourceUnavailable",
    "load_sources",
    "row_identities",
    "same_jobs",
]
