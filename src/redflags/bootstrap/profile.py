"""`redflags profile`: from a path or address to mapping texts."""

import os
from dataclasses import dataclass
from pathlib import Path

from redflags.adapters.records.known_homes import known_homes
from redflags.adapters.sources.profiling import Looked, samples_at, samples_of_server
from redflags.analysis.profiling.draft_mapping import draft_sources
from redflags.analysis.profiling.write_mapping import mapping_text
from redflags.errors import StoreBusy, UsageError
from redflags.settings import Settings


@dataclass(frozen=True, slots=True)
class Profiled:
    """Mapping texts with a name for each, and what no mapping explains."""

    names: tuple[str, ...]
    mappings: tuple[str, ...]
    not_explained: tuple[str, ...]


def profile_extract(place: str, settings: Settings, token_env: str = "") -> Profiled:
    """Look at a file, a folder or an http(s) address; nothing is stored.

    Raises UsageError when there is nothing, SourceError when a server does not answer.
    """
    looked = _look(place, settings, token_env)
    homes, remarks = _known_homes(settings)
    sources, strangers = draft_sources(looked.samples, homes)
    return Profiled(
        tuple(source.name for source in sources),
        tuple(mapping_text(source) for source in sources),
        (
            *looked.not_read,
            *remarks,
            *(f"{sample.files[0]}: no table of the contract looks like it" for sample in strangers),
        ),
    )


def _look(place: str, settings: Settings, token_env: str) -> Looked:
    if not place.startswith(("http://", "https://")):
        return samples_at(Path(place), settings.extracts)
    if token_env and not os.environ.get(token_env):
        raise UsageError(f"--token-env: expected the environment variable {token_env}; not set")
    return samples_of_server(place, os.environ.get(token_env, ""))


def _known_homes(settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        return known_homes(settings.record_store_path), ()
    except StoreBusy:
        return (), ("a night holds the record store: references were compared with none of it",)
