"""A checked mapping file to the folder of files that it describes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from redflags.adapters.sources.apis.json_files import json_file_set
from redflags.adapters.sources.canonical_source import canonical_file_sets
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
from redflags.adapters.sources.mapping.lookup_join import JoinedRows, check_join, needed_columns
from redflags.adapters.sources.raw_rows import RawRows
from redflags.analysis.schemas import TABLES
from redflags.errors import ConfigurationError

QUIET_VARIABLE = "REDFLAGS_QUIET_SECONDS"
_NO_LAYOUT = {
    "enabled",
    "tables",
    "deadline_minutes",
    "header",
    "prefix",
    "oauth",
    "precedence",
    "same_jobs_as",
    "most_unsplit_share",
    *source_kinds.WHEN_READ,
}


def folder_source(
    name: str,
    specification: source_kinds.FolderSpecification,
    folder: Path,
    environment: Mapping[str, str],
) -> FolderSource:
    """The files of `folder` as one source; a quiet time may be set in `environment`."""
    return FolderSource(
        name,
        folder,
        _file_sets(specification, folder),
        _layout_of(specification),
        _finished(specification, environment),
        specification.most_unsplit_share,
        specification.deadline_minutes,
        specification.last_line_open,
    )


def _layout_of(specification: source_kinds.FolderSpecification) -> str:
    """What changes the meaning of a file, so that it is read again when it changes."""
    if isinstance(specification, source_kinds.CanonicalSpecification):
        return ""
    return specification.model_dump_json(exclude=_NO_LAYOUT)


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
            return canonical_file_sets(specification.repeated)
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
    needed = needed_columns(mapping, TABLES[table])

    def open_file(path: Path) -> RawRows:
        main = _delimited(path, layout)
        joins = {}
        for alias, join in mapping.join.items():
            plain = replace(layout, header=(), required=tuple(sorted(needed[alias])))
            others = [_delimited(other, plain) for other in matching(folder, join.files)]
            joins[alias] = (join, others)
        for alias, (join, others) in joins.items():
            check_join(alias, join, others, needed[alias])
        is_only_file = len(matching(folder, mapping.files)) == 1
        return JoinedRows(main, joins, needed, is_only_file) if joins else main

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
