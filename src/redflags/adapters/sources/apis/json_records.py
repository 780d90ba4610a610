"""Records of a JSON answer to batches of text columns."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pyarrow as pa

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.files.header_row import folded
from redflags.adapters.sources.mapping.mapping_language import JsonJoin
from redflags.adapters.sources.raw_rows import ROW, RawBatch, text_batch
from redflags.analysis.extracts import RowFault
from redflags.analysis.reading.text_cleaning import text_column
from redflags.errors import SourceRefused

Details = Callable[[JsonJoin, Any], list[Any]]


def parsed(data: bytes, is_lines: bool = False) -> Any:
    """JSON with its numbers as the text they were written in. Raises SourceRefused."""
    documents = data.splitlines() if is_lines else [data]
    try:
        values = [
            json.loads(line, parse_float=str, parse_int=str) for line in documents if line.strip()
        ]
    except (ValueError, RecursionError):
        raise SourceRefused("expected JSON; what came cannot be parsed as that") from None
    if is_lines:
        return values
    return values[0] if values else None


def found(value: Any, path: str) -> list[Any]:
    """What is at a dotted path; a number picks from a list, `*` takes all of it."""
    values = [value]
    for step in filter(None, path.split(".")):
        values = [inner for outer in values for inner in _step(outer, step)]
    return values


def _step(value: Any, step: str) -> list[Any]:
    if isinstance(value, dict):
        if step in value:
            return [value[step]]
        return [inner for key, inner in value.items() if folded(key) == folded(step)][:1]
    if isinstance(value, list) and step == "*":
        return value
    if isinstance(value, list) and step.isdigit():
        return value[int(step) : int(step) + 1]
    return []


def records_in(document: Any, items: str) -> list[Any]:
    """The records of an answer: the list at `items`, or the answer itself."""
    values = found(document, items)
    records = list(chain.from_iterable(v if isinstance(v, list) else [v] for v in values))
    if not all(isinstance(record, dict) for record in records):
        raise SourceRefused("expected a list of JSON objects; something else came: check items")
    return records


def text_at(record: Any, path: str) -> str | None:
    """The single value at `path` as text."""
    values = found(record, path)
    return as_text(values[0]) if values else None


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths that at least one of the sample's records has."""

    sample: Sequence[Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({path for record in self.sample for path in _paths(record, "")}))

    def locate(self, name: str) -> str | None:
        """The path itself; without any record there is nothing to complain about."""
        is_known = not self.sample or any(found(record, name) for record in self.sample)
        return name if is_known else None

    def occurrences(self, name: str) -> int:
        """JSON objects name each value once."""
        return 1


def _paths(value: Any, prefix: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix


@dataclass(frozen=True, slots=True)
class JsonRows:
    """Pages of records; the first page shows which paths there are."""

    first_page: Sequence[Any]
    later_pages: Iterable[Sequence[Any]] = ()
    joins: Mapping[str, JsonJoin] = field(default_factory=dict)
    details: Details = lambda join, record: found(record, join.items)

    @property
    def columns(self) -> Paths:
        return Paths(self.first_page)

    def batches(self, places: Sequence[str], faults: list[RowFault]) -> Iterator[RawBatch]:
        """One batch a page, with the details of its records; there are no malformed rows."""
        first_row = 1
        for page in chain([self.first_page], self.later_pages):
            if not page:
                continue
            numbers = range(first_row, first_row + len(page))
            texts = [[text_at(record, path) for path in places] for record in page]
            yield RawBatch(text_batch(texts, numbers), self._details(page, first_row))
            first_row += len(page)

    def _details(self, page: Sequence[Any], first_row: int) -> dict[str, pa.Table]:
        return {
            alias: _detail_table(
                join,
                (
                    (parent, item)
                    for parent, record in enumerate(page, start=first_row)
                    for item in _flat(self.details(join, record))
                ),
            )
            for alias, join in self.joins.items()
        }


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _detail_table(join: JsonJoin, items: Iterable[tuple[int, Any]]) -> pa.Table:
    rows = [(parent, [text_at(item, name) for name in join.needs]) for parent, item in items]
    columns = [text_column([texts[i] for _, texts in rows]) for i in range(len(join.needs))]
    parents = pa.array([parent for parent, _ in rows], pa.int64())
    order = pa.array(range(len(rows)), pa.int64())
    names = [*(f"d{number}" for number in range(len(columns))), "_parent", ROW]
    return pa.table([*columns, parents, order], names=names)
