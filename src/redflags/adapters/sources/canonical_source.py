"""Files in the layout of the contract: a mapping that says nothing new."""

from pathlib import Path

from redflags.adapters.sources.files.delimited_file import open_delimited
from redflags.adapters.sources.files.delimited_header import Layout
from redflags.adapters.sources.files.folder_source import FileSet, FolderSource
from redflags.adapters.sources.files.unpacking_limits import open_bytes
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.analysis.schemas import TABLES, Table


def canonical_source(name: str, folder: Path) -> FolderSource:
    """The files of a folder that are in the layout of the contract already."""
    return FolderSource(name, folder, canonical_file_sets())


def canonical_file_sets() -> tuple[FileSet, ...]:
    """`<table>.csv` and its deltas `<table>_*.csv` or `<table>-*.csv`, also as `.csv.gz`."""
    return tuple(_file_set(table) for table in TABLES.values())


def _file_set(table: Table) -> FileSet:
    stems = (f"{table.name}.csv", f"{table.name}_*.csv", f"{table.name}-*.csv")
    layout = Layout(required=table.required_names)
    return FileSet(
        table=table.name,
        mapping=TableMapping(columns={column: column for column in table.column_names}),
        patterns=(*stems, *(f"{stem}.gz" for stem in stems)),
        open_file=lambda path: open_delimited(lambda: open_bytes(path), layout),
        is_optional=True,
    )
