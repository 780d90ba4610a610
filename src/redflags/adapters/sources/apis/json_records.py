"""Records of a JSON answer to batches of text columns."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pyarrow as pa

from redflags.adapters.sources.cell_text import as_text
from redflags.adapters.sources.files.header_row import folded
from redflags.adapters.sources.mapping.remote_tables import JsonJoin
from redflags.adapters.sources.raw_rows import ROW, RawBatch, text_batch
from redflags.analysis.extracts import RowFault
from redflags.analysis.reading.text_cleaning import text_column
from redflags.errors import SourceRefused

Details = Callable[[JsonJoin, Sequence[Any]], Iterable[list[Any]]]
"""A join and the records of a page → the details of each record, in their order."""
_SAMPLED_PAGES = 20


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
    """The records of an answer: the list at `items`, or the answer itself.

    Several documents in a list, as in a file of lines, each have their own `items`. Raises
    SourceRefused when nothing is at `items`: an empty list is an answer, a missing one is none.
    """
    values = [document]
    for step in filter(None, items.split(".")):
        values = _each(values) if step != "*" and not step.isdigit() else values
        if all(value == [] for value in values):
            return []
        values = [inner for value in values for inner in _step(value, step)]
        if not values:
            raise SourceRefused(
                f"expected a list at items {items!r}; nothing there is called {step!r}: correct "
                "items in the mapping, or see whether the server answered with an error"
            )
    records = list(chain.from_iterable(v if isinstance(v, list) else [v] for v in values))
    if not all(isinstance(record, dict) for record in records):
        raise SourceRefused("expected a list of JSON objects; something else came: check items")
    return records


def _each(values: list[Any]) -> list[Any]:
    """Lists give way to what is in them; an empty list stays, for it is an answer."""
    return [
        inner
        for value in values
        for inner in (value if isinstance(value, list) and value else [value])
    ]


def text_at(record: Any, path: str) -> str | None:
    """The single value at `path` as text."""
    values = found(record, path)
    return as_text(values[0]) if values else None


@dataclass(slots=True)
class Paths:
    """The paths that the records have; a path that the first page lacks is sought further on.

    Many servers leave out what is null, so a path may begin to exist on any page. `pages` are
    those not read yet; what is read of them in search is kept in `ahead`.
    """

    sample: Sequence[Any]
    date_system: int = 1900
    pages: Iterator[Sequence[Any]] = field(default_factory=lambda: iter(()))
    ahead: list[Sequence[Any]] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        pages = chain([self.sample], self.ahead)
        return tuple(
            sorted({path for page in pages for record in page for path in _paths(record, "")})
        )

    def locate(self, name: str) -> str | None:
        """The path itself; without any record there is nothing to complain about."""
        if not self.sample or any(_has(page, name) for page in chain([self.sample], self.ahead)):
            return name
        while len(self.ahead) < _SAMPLED_PAGES:
            page = next(self.pages, None)
            if page is None:
                return None
            self.ahead.append(page)
            if _has(page, name):
                return name
        return name

    def occurrences(self, name: str) -> int:
        """JSON objects name each value once."""
        return 1


def _has(page: Sequence[Any], name: str) -> bool:
    return any(found(record, name) for record in page)


def _paths(value: Any, prefix: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{prefix}.{key}" if prefix else key)
    else:
        yield prefix


def _inside(join: JsonJoin, records: Sequence[Any]) -> Iterator[list[Any]]:
    yield from (found(record, join.items) for record in records)


@dataclass(frozen=True, slots=True)
class JsonRows:
    """Pages of records; the first ones show which paths there are. `at_end` is told of the end."""

    first_page: Sequence[Any]
    later_pages: Iterator[Sequence[Any]] = field(default_factory=lambda: iter(()))
    joins: Mapping[str, JsonJoin] = field(default_factory=dict)
    details: Details = _inside
    at_end: Callable[[], None] = lambda: None
    columns: Paths = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", Paths(self.first_page, pages=self.later_pages))

    def batches(self, places: Sequence[str], faults: list[RowFault]) -> Iterator[RawBatch]:
        """One batch a page, with the details of its records; there are no malformed rows."""
        first_row = 1
        for page in chain([self.first_page], self.columns.ahead, self.later_pages):
            if not page:
                continue
            numbers = range(first_row, first_row + len(page))
            texts = [[text_at(record, path) for path in places] for record in page]
            yield RawBatch(text_batch(texts, numbers), self._details(page, first_row))
            first_row += len(page)
        self.at_end()

    def _details(self, page: Sequence[Any], first_row: int) -> dict[str, pa.Table]:
        return {
            alias: _detail_table(
                join,
                (
                    (parent, item)
                    for parent, details in enumerate(self.details(join, page), start=first_row)
                    for item in _flat(details)
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
