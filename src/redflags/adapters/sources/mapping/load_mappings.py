"""Mapping files to sources: every fault of every file at once."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from redflags.adapters.sources.mapping.mapping_faults import faults_of
from redflags.adapters.sources.mapping.source_kinds import Specification
from redflags.adapters.sources.refused_source import RefusedSource
from redflags.adapters.sources.source_factory import LandlordSource, make_source
from redflags.analysis.schemas import EVENT_TABLES, TABLES
from redflags.errors import ConfigurationError

_SECRET_IN_URL = re.compile(
    r"://[^/@\s]*:[^/@\s]+@|[?&;](password|pwd|token|api_?key)=[^&;]+", re.IGNORECASE
)
LONGEST_VALUE = 60
"""A longer value is no slip of the pen, and is not shown."""
_MAPPING: TypeAdapter[Any] = TypeAdapter(Specification)
_KINDS = ("canonical", "delimited", "fixed_width", "spreadsheet", "sql", "json")


def load_sources(
    config_folder: Path, extracts: Path, environment: Mapping[str, str]
) -> tuple[LandlordSource, ...]:
    """The enabled sources of `config_folder/*.toml`, in the order in which they are believed: the
    highest precedence first, equals by name.

    A source for which the environment lacks something is there, and refused when it is read.

    Raises ConfigurationError with all faults of all files: file, key, what was expected, what
    came. Secrets come from `environment` only.
    """
    paths = sorted(config_folder.glob("*.toml"))
    sources: list[tuple[int, LandlordSource]] = []
    faults: list[str] = []
    for path in paths:
        try:
            sources += _source(path, extracts, environment)
        except ConfigurationError as error:
            faults += [f"sources/{path.name}: {fault}" for fault in error.faults]
    if not sources and not faults:
        faults.append("sources: expected a mapping file with enabled = true; there is none")
    if faults:
        raise ConfigurationError([*faults, *refusals(source for _, source in sources)])
    in_order = sorted(sources, key=lambda pair: (-pair[0], pair[1].name))
    return tuple(source for _, source in in_order)


def refusals(sources: Iterable[LandlordSource]) -> list[str]:
    """What the sources lack that are known to be refused, as faults of their files."""
    return [
        f"sources/{source.name}.toml: {source.reason}"
        for source in sources
        if isinstance(source, RefusedSource)
    ]


def _source(
    path: Path, extracts: Path, environment: Mapping[str, str]
) -> list[tuple[int, LandlordSource]]:
    """The source of one file with its precedence; none when it is not enabled."""
    document = _read(path)
    if not isinstance(document.get("enabled"), bool):
        raise ConfigurationError(["enabled: expected true or false; none came"])
    if not document["enabled"]:
        return []
    faults = [*_secrets(document)]
    try:
        specification = _MAPPING.validate_python(document)
    except ValidationError as error:
        raise ConfigurationError([*faults, *map(_worded, error.errors())]) from None
    faults += _table_faults(specification)
    faults += _same_jobs_faults(path, specification.same_jobs_as)
    if faults:
        raise ConfigurationError(faults)
    source = make_source(path.stem, specification, extracts, environment)
    return [(specification.precedence, source)]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError([f"expected a TOML file; {error}"]) from None


def _secrets(value: Any, key: str = "") -> Iterator[str]:
    """Every place where a file holds what only the environment may hold."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _secrets(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, key)
    elif isinstance(value, str) and _SECRET_IN_URL.search(value):
        yield (
            f"{key}: expected no password here; one came: put the whole URL into an environment "
            'variable and name it, as in url_env = "CIVICA_DATABASE_URL"'
        )


def _worded(error: Any) -> str:
    """One fault: key, what was expected, what came (never where a secret may have come)."""
    location = [str(part) for part in error["loc"] if str(part) not in _KINDS]
    key = ".".join(location) or "kind"
    if error["type"] == "extra_forbidden":
        return f"{key}: expected a key of the mapping language; this one is not known"
    came = error.get("input")
    is_short = isinstance(came, str | int) and len(str(came)) <= LONGEST_VALUE
    shown = f"; {came!r} came" if is_short and not _SECRET_IN_URL.search(str(came)) else ""
    return f"{key}: {error['msg'].removeprefix('Value error, ')}{shown}"


def _same_jobs_faults(path: Path, same_jobs_as: Mapping[str, str]) -> list[str]:
    faults = []
    for table, source in same_jobs_as.items():
        if table not in EVENT_TABLES:
            known = ", ".join(EVENT_TABLES)
            faults.append(f"same_jobs_as: expected one of {known}; {table!r} came")
        if source == path.stem or not path.with_name(f"{source}.toml").exists():
            faults.append(
                f"same_jobs_as.{table}: expected the name of another mapping file; {source!r} came"
            )
    return faults


def _table_faults(specification: Any) -> list[str]:
    faults: list[str] = []
    for name, mapping in specification.table_mappings.items():
        if name in TABLES:
            faults += [f"tables.{name}.{fault}" for fault in faults_of(mapping, TABLES[name])]
        else:
            known = ", ".join(TABLES)
            faults.append(f"tables.{name}: expected one of {known}; {name!r} came")
    return faults
