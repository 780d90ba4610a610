"""JSON answers as samples: where the list of records is, and the paths in a record."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redflags.adapters.sources.apis.json_records import parsed, records_in, text_at
from redflags.analysis.profiling.samples import Layout, Sample

MOST_RECORDS, DEEPEST = 5000, 4
_FROM_STEM = re.compile(r"[_-]?\d[\d_-]*$")


def samples_of_json(file: Path, data: bytes, folder: str) -> list[Sample]:
    """The sample of one file; its resource is the name without dates and numbers."""
    stem = file.name.removesuffix(".gz").rpartition(".")[0]
    document = parsed(data, is_lines=".jsonl" in file.name)
    sample = sample_of_document(document, _FROM_STEM.sub("", stem) or stem, folder=folder)
    return [sample] if sample else []


def sample_of_document(
    document: Any, resource: str, folder: str = "", url: str = ""
) -> Sample | None:
    """The largest list of objects in an answer, or the answer itself; None without any."""
    items = _items(document)
    records = records_in(document, items)[:MOST_RECORDS]
    if not records:
        return None
    paths = sorted({path for record in records for path in _paths(record, "", DEEPEST)})
    rows = [tuple((text_at(record, path) or "").strip() for path in paths) for record in records]
    lists = sorted({key for record in records for key in _lists(record)})
    remarks = [f'"{key}" is a list: see join in docs/mapping.md' for key in lists]
    return Sample(
        files=(f"{resource}.json",),
        layout=Layout("json", folder),
        names=tuple(paths),
        rows=tuple(rows),
        resource=resource,
        items=items,
        url=url,
        remarks=tuple(remarks),
    )


def _items(document: Any) -> str:
    """Path of the longest list of objects that is not inside another list."""
    lists = dict(_lists_of_objects(document, "", DEEPEST))
    return max(lists, key=lambda path: lists[path], default="")


def _lists_of_objects(value: Any, path: str, depth: int) -> Iterator[tuple[str, int]]:
    if isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        yield path, len(value)
    elif isinstance(value, dict) and depth:
        for key, inner in value.items():
            yield from _lists_of_objects(inner, f"{path}.{key}" if path else key, depth - 1)


def _paths(value: Any, prefix: str, depth: int) -> Iterator[str]:
    """Paths of single values; of a list its first entry."""
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            yield from _paths(inner, f"{prefix}.{key}" if prefix else key, depth - 1)
    elif isinstance(value, list) and value and isinstance(value[0], dict) and depth:
        yield from _paths(value[0], f"{prefix}.0", depth - 1)
    elif prefix:
        yield prefix


def _lists(record: Any) -> Iterator[str]:
    for key, inner in record.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield key
