"""Nights kept for trying other thresholds on: one Parquet file a night."""

from redflags.adapters.kept_nights.fact_folder import FactFolder

__all__ = ["FactFolder"]
