"""Rows as the landlord has them, brought to the contract's columns as text."""

from redflags.adapters.sources.mapping.load_mappings import load_sources, refusals
from redflags.adapters.sources.mapping.row_identity import row_identities, same_jobs
from redflags.adapters.sources.source_factory import LandlordSource, going_on

__all__ = [
    "LandlordSource",
    "going_on",
    "load_sources",
    "refusals",
    "row_identities",
    "same_jobs",
]
