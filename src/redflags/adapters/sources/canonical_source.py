"""Files in the layout of the contract: a mapping that says nothing new."""

from pathlib import Path

from redflags.adapters.sources.files.delimited_file import open_delimited
from redflags.adapters.sources.files.delimited_header import Layout
from redflags.adapters.sources.files.folder_source import FileSet, FolderSource
from redflags.adapters.sources.files.unpacking_limits import open_bytes
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.analysis.schemas import TABLES, Table
from redflags.domain.repeated_rows import Repetition


def canonical_source(
    name: str, folder: Path, repeated: Repetition = Repetition.REPLACE
) -> FolderSource:
    """The files of a folder that are in the layout of the contract already."""
    return FolderSource(name, folder, canonical_file_sets(repeated))


def canonical_file_sets(repeated: Repetition = Repetition.REPLACE) -> tuple[FileSet, ...]:
    """`<table>.csv` and its deltas `<table>_*.csv` or `<table>-*.csv`, also as `.csv.gz`."""
    return tuple(_file_set(table, repeated) for table in TABLES.values())


def _file_set(table: Table, repeated: Repetition) -> FileSet:
    stems = (f"{table.name}.csv", f"{table.name}_*.csv", f"{table.name}-*.csv")
    layout = Layout(required=table.required_names)
    return FileSet(
        table=table.name,
        mapping=TableMapping(
            columns={column: column for column in table.column_names}, repeated=repeated
        ),
        patterns=(*stems, *(f"{stem}.gz" for stem in stems)),
        open_file=lambda path: open_delimited(lambda: open_bytes(path), layout),
        is_optional=True,
    )
