"""Rows as the landlord has them, brought to the contract's columns as text."""

from redflags.adapters.sources.mapping.load_mappings import load_sources
from redflags.adapters.sources.mapping.row_identity import row_identities, same_jobs
from redflags.adapters.sources.source_factory import LandlordSource

__all__ = ["LandlordSource", "load_sources", "row_identities", "same_jobs"]
