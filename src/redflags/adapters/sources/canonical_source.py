"""Files in the layout of the contract: a mapping that says nothing new."""

from pathlib import Path

from redflags.adapters.sources.files.delimited_file import Layout, open_delimited
from redflags.adapters.sources.files.file_selection import open_bytes
from redflags.adapters.sources.files.folder_source import FileSet, FolderSource
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.adapters.sources.raw_rows import RawRows
from redflags.analysis.schemas import TABLES, Table
from redflags.domain.repeated_rows import Repetition


def canonical_source(
    name: str, folder: Path, repeated: Repetition = Repetition.REPLACE
) -> FolderSource:
    """`<table>.csv` and its deltas `<table>_*.csv` or `<table>-*.csv`, also as `.csv.gz`."""
    return FolderSource(
        name, folder, tuple(_file_set(table, repeated) for table in TABLES.values())
    )


def _file_set(table: Table, repeated: Repetition) -> FileSet:
    stems = (f"{table.name}.csv", f"{table.name}_*.csv", f"{table.name}-*.csv")
    return FileSet(
        table=table.name,
        mapping=TableMapping(
            columns={column: column for column in table.column_names}, repeated=repeated
        ),
        patterns=(*stems, *(f"{stem}.gz" for stem in stems)),
        open_file=_open,
        is_optional=True,
    )


def _open(path: Path) -> RawRows:
    return open_delimited(lambda: open_bytes(path), Layout())
