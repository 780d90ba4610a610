"""Reads as much of an unknown extract as is needed to guess what it is."""

from redflags.adapters.sources.profiling.read_samples import Looked, samples_at
from redflags.adapters.sources.profiling.server_sample import samples_of_server

__all__ = ["Looked", "samples_at", "samples_of_server"]
