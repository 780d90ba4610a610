"""A repairs API whose answers lie as files in a folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from redflags.adapters.sources.apis.json_records import JsonRows, found, parsed, records_in
from redflags.adapters.sources.apis.order_details import resource_of
from redflags.adapters.sources.files.folder_source import FileSet
from redflags.adapters.sources.files.unpacking_limits import open_bytes
from redflags.adapters.sources.mapping.mapping_language import JsonJoin, placeholders
from redflags.adapters.sources.mapping.source_kinds import JsonTable


def json_file_set(folder: Path, table: str, mapping: JsonTable) -> FileSet:
    """`<resource>.json` or `.jsonl`, also with `_…` or `-…` before the dot."""
    stems = (mapping.resource, f"{mapping.resource}_*", f"{mapping.resource}-*")

    def open_file(path: Path) -> JsonRows:
        return JsonRows(
            records_in(_document(path), mapping.items),
            joins=mapping.join,
            details=lambda join, records: _details(folder, join, records),
        )

    return FileSet(
        table=table,
        mapping=mapping,
        patterns=tuple(f"{stem}.{end}" for stem in stems for end in ("json", "jsonl")),
        open_file=open_file,
        joined=lambda: _detail_files(folder, mapping),
    )


def _document(path: Path) -> Any:
    with open_bytes(path) as stream:
        return parsed(stream.read(), is_lines=path.suffix == ".jsonl")


def _details(folder: Path, join: JsonJoin, records: Sequence[Any]) -> Iterator[list[Any]]:
    yield from (_from_files(folder, join, record) for record in records)


def _from_files(folder: Path, join: JsonJoin, record: Any) -> list[Any]:
    if join.items:
        return found(record, join.items)
    resource = resource_of(join.resource, record)
    path = folder / f"{resource}.json"
    return records_in(_document(path), "") if resource and path.is_file() else []


def _detail_files(folder: Path, mapping: JsonTable) -> list[Path]:
    """The files of resources of their own, which the fingerprint has to cover."""
    paths: list[Path] = []
    for join in mapping.join.values():
        pattern = join.resource
        for name in placeholders(join.resource):
            pattern = pattern.replace(f"{{{name}}}", "*")
        paths += sorted(folder.glob(f"{pattern}.json")) if pattern else []
    return paths
