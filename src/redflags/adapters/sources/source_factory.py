"""A checked mapping file to the source it describes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from redflags.adapters.sources.apis.authorisation import (
    Authorisation,
    ClientCredentials,
    HeaderToken,
    header_token,
)
from redflags.adapters.sources.apis.server_source import ServerSource
from redflags.adapters.sources.databases.database_engine import check_isolation, database_url
from redflags.adapters.sources.databases.sql_source import SqlSource
from redflags.adapters.sources.files.folder_source import FolderSource
from redflags.adapters.sources.folder_factory import folder_source
from redflags.adapters.sources.mapping import source_kinds
from redflags.adapters.sources.refused_source import RefusedSource
from redflags.analysis.extracts import LastPull
from redflags.errors import ConfigurationError, SourceRefused

LandlordSource = SqlSource | ServerSource | FolderSource | RefusedSource


def make_source(
    name: str,
    specification: source_kinds.SourceSpecification,
    extracts: Path,
    environment: Mapping[str, str],
) -> LandlordSource:
    """The source, or a refused one where the environment lacks what it needs.

    Raises ConfigurationError for faults of the mapping file itself.
    """
    try:
        return _source(name, specification, extracts, environment)
    except SourceRefused as error:
        return RefusedSource(name, tuple(sorted(specification.table_mappings)), str(error))


def _source(
    name: str, specification: object, extracts: Path, environment: Mapping[str, str]
) -> LandlordSource:
    match specification:
        case source_kinds.SqlSpecification():
            return _database(name, specification, environment)
        case source_kinds.JsonSpecification() if specification.url or specification.url_env:
            return _server(name, specification, environment)
        case source_kinds.FolderSpecification():
            folder = _folder(specification, extracts, environment)
            return folder_source(name, specification, folder, environment)
    raise TypeError(f"no source is made from {type(specification).__name__}")


def going_on(
    sources: Iterable[LandlordSource], last: Mapping[tuple[str, str], LastPull]
) -> tuple[LandlordSource, ...]:
    """The sources, told from when on to ask again: the `last` good pull by source and table."""
    return tuple(
        replace(
            source,
            last_pulls={table: pull for (name, table), pull in last.items() if name == source.name},
        )
        if isinstance(source, SqlSource | ServerSource)
        else source
        for source in sources
    )


def _server(
    name: str, specification: source_kinds.JsonSpecification, environment: Mapping[str, str]
) -> ServerSource:
    return ServerSource(
        name=name,
        url=_url(specification.url, specification.url_env, environment),
        mappings=specification.tables,
        paging=specification.paging,
        timeout_seconds=specification.timeout_seconds,
        authorisation=_authorisation(specification, environment),
        deadline_minutes=specification.deadline_minutes,
        details_at_most=specification.details_at_most,
    )


def _authorisation(
    specification: source_kinds.JsonSpecification, environment: Mapping[str, str]
) -> Authorisation:
    if oauth := specification.oauth:
        identity = _from_environment("oauth.client_id_env", oauth.client_id_env, environment)
        key = "oauth.client_secret_env"
        secret = _from_environment(key, oauth.client_secret_env, environment)
        return ClientCredentials(oauth, identity.strip(), secret.strip())
    if not specification.token_env:
        return HeaderToken()
    token = _from_environment("token_env", specification.token_env, environment)
    return header_token(specification.header, specification.prefix, token)


def _database(
    name: str, specification: source_kinds.SqlSpecification, environment: Mapping[str, str]
) -> SqlSource:
    try:
        url = database_url(_url(specification.url, specification.url_env, environment))
        check_isolation(url, specification.isolation)
    except SourceRefused as error:
        if specification.url_env:
            raise
        raise ConfigurationError([str(error)]) from None
    return SqlSource(
        name,
        specification.tables,
        url,
        specification.isolation,
        specification.deadline_minutes,
    )


def _url(url: str, url_env: str, environment: Mapping[str, str]) -> str:
    if bool(url) == bool(url_env):
        raise ConfigurationError(["url: expected either url or url_env; both or neither came"])
    return url or _from_environment("url_env", url_env, environment)


def _folder(
    specification: source_kinds.FolderSpecification, extracts: Path, environment: Mapping[str, str]
) -> Path:
    """Below the extracts folder, or where an environment variable says."""
    if specification.folder_env:
        return Path(_from_environment("folder_env", specification.folder_env, environment))
    return extracts / specification.folder


def _from_environment(key: str, variable: str, environment: Mapping[str, str]) -> str:
    """Raises SourceRefused: what one source lacks is no fault of the others."""
    if not environment.get(variable):
        raise SourceRefused(f"{key}: expected the environment variable {variable}; not set")
    return environment[variable]
