"""A checked mapping file to the source it describes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from redflags.adapters.sources.apis.json_api import ServerSource, json_file_set
from redflags.adapters.sources.canonical_source import canonical_file_sets
from redflags.adapters.sources.databases.sql_source import SqlSource
from redflags.adapters.sources.files.csv_split_by_hand import Dialect
from redflags.adapters.sources.files.delimited_file import DelimitedFile, open_delimited
from redflags.adapters.sources.files.delimited_header import Layout
from redflags.adapters.sources.files.file_selection import matching
from redflags.adapters.sources.files.finished_files import QUIET_SECONDS, Finished
from redflags.adapters.sources.files.fixed_width_file import FixedWidthFile
from redflags.adapters.sources.files.folder_source import FileSet, FolderSource
from redflags.adapters.sources.files.spreadsheet_file import open_workbook
from redflags.adapters.sources.files.unpacking_limits import is_workbook, open_bytes
from redflags.adapters.sources.mapping import source_kinds
from redflags.adapters.sources.mapping.column_plan import required_columns
from redflags.adapters.sources.mapping.lookup_join import JoinedRows, check_join
from redflags.adapters.sources.raw_rows import RawRows
from redflags.analysis.schemas import TABLES
from redflags.errors import ConfigurationError

QUIET_VARIABLE = "REDFLAGS_QUIET_SECONDS"
LandlordSource = SqlSource | ServerSource | FolderSource


def make_source(
    name: str, specification: object, extracts: Path, environment: Mapping[str, str]
) -> LandlordSource:
    """Raises ConfigurationError when an environment variable the file names is not set."""
    match specification:
        case source_kinds.SqlSpecification():
            return SqlSource(name, specification.tables, _database_url(specification, environment))
        case source_kinds.JsonSpecification() if specification.url or specification.url_env:
            return _server(name, specification, environment)
        case source_kinds.FolderSpecification():
            folder = _folder(specification, extracts, environment)
            return FolderSource(
                name,
                folder,
                _file_sets(specification, folder),
                _layout_of(specification),
                _finished(specification, environment),
                specification.most_unsplit_share,
            )
    raise TypeError(f"no source is made from {type(specification).__name__}")


def _layout_of(specification: source_kinds.FolderSpecification) -> str:
    """What changes the meaning of a file, so that it is read again when it changes."""
    if isinstance(specification, source_kinds.CanonicalSpecification):
        return ""
    when_read = {"enabled", "tables", "most_unsplit_share", *source_kinds.WHEN_READ}
    return specification.model_dump_json(exclude=when_read)


def _finished(
    specification: source_kinds.FolderSpecification, environment: Mapping[str, str]
) -> Finished:
    quiet = specification.quiet_seconds
    if quiet is None:
        quiet = _seconds(environment.get(QUIET_VARIABLE, ""))
    return Finished(
        quiet,
        specification.patience_seconds,
        specification.done_file,
        specification.checksum_file,
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text or QUIET_SECONDS)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < float("inf"):
        raise ConfigurationError(
            [f"{QUIET_VARIABLE}: expected seconds, 0 or more, such as 5; correct or unset it"]
        )
    return seconds


def _file_sets(
    specification: source_kinds.FolderSpecification, folder: Path
) -> tuple[FileSet, ...]:
    match specification:
        case source_kinds.CanonicalSpecification():
            return canonical_file_sets()
        case source_kinds.DelimitedSpecification():
            return tuple(
                _delimited_set(specification, folder, table, mapping)
                for table, mapping in specification.tables.items()
            )
        case source_kinds.FixedWidthSpecification():
            return tuple(
                FileSet(table, mapping, mapping.files, _fixed_width(specification, mapping))
                for table, mapping in specification.tables.items()
            )
        case source_kinds.SpreadsheetSpecification():
            return tuple(
                FileSet(table, mapping, mapping.files, _sheets(specification, table, mapping))
                for table, mapping in specification.tables.items()
            )
        case source_kinds.JsonSpecification():
            return tuple(
                json_file_set(folder, table, mapping)
                for table, mapping in specification.tables.items()
            )
    raise TypeError(f"no files are read for {type(specification).__name__}")


def _delimited_set(
    specification: source_kinds.DelimitedSpecification,
    folder: Path,
    table: str,
    mapping: source_kinds.FileTable,
) -> FileSet:
    dialect = Dialect(specification.delimiter, specification.quote)
    layout = Layout(
        specification.encoding,
        dialect,
        mapping.header,
        specification.skip_lines,
        required_columns(TABLES[table], mapping),
    )

    def open_file(path: Path) -> RawRows:
        main = _delimited(path, layout)
        joins = {}
        for alias, join in mapping.join.items():
            plain = replace(layout, header=(), required=join.needs)
            others = [_delimited(other, plain) for other in matching(folder, join.files)]
            joins[alias] = (join, others)
        for alias, (join, others) in joins.items():
            check_join(alias, join, others)
        return JoinedRows(main, joins) if joins else main

    def joined() -> list[Path]:
        return [path for join in mapping.join.values() for path in matching(folder, join.files)]

    return FileSet(table, mapping, mapping.files, open_file, joined)


def _delimited(path: Path, layout: Layout) -> DelimitedFile:
    return open_delimited(lambda: open_bytes(path), layout)


def _fixed_width(
    specification: source_kinds.FixedWidthSpecification, mapping: source_kinds.FixedWidthTable
) -> Callable[[Path], RawRows]:
    return lambda path: FixedWidthFile(
        open_bytes=lambda: open_bytes(path),
        encoding=specification.encoding,
        fields=mapping.fields,
        skip_lines=specification.skip_lines,
        widths_in=specification.widths_in,
        are_blanks_trimmed=mapping.trailing_blanks == "trimmed",
    )


def _sheets(
    specification: source_kinds.SpreadsheetSpecification,
    table: str,
    mapping: source_kinds.SheetTable,
) -> Callable[[Path], RawRows]:
    dialect = Dialect(specification.delimiter)
    required = required_columns(TABLES[table], mapping)
    skip = specification.skip_lines
    layout = Layout(specification.encoding, dialect, skip_lines=skip, required=required)

    def open_file(path: Path) -> RawRows:
        if is_workbook(path):
            return open_workbook(path, mapping.sheet, skip, required)
        return _delimited(path, layout)

    return open_file


def _server(
    name: str, specification: source_kinds.JsonSpecification, environment: Mapping[str, str]
) -> ServerSource:
    token = specification.token_env
    return ServerSource(
        name=name,
        url=_url(specification.url, specification.url_env, environment),
        mappings=specification.tables,
        paging=specification.paging,
        timeout_seconds=specification.timeout_seconds,
        token=_from_environment("token_env", token, environment) if token else "",
    )


def _database_url(
    specification: source_kinds.SqlSpecification, environment: Mapping[str, str]
) -> str:
    url = _url(specification.url, specification.url_env, environment)
    try:
        make_url(url).get_dialect()
    except SQLAlchemyError as error:
        raise ConfigurationError(
            [f"url: expected a SQLAlchemy URL of an installed driver; {type(error).__name__} came"]
        ) from None
    return url


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
    if not environment.get(variable):
        raise ConfigurationError([f"{key}: expected the environment variable {variable}; not set"])
    return environment[variable]
