"""Details of records from resources of their own: one request a record, or one for many."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from redflags.adapters.sources.apis.json_records import found, text_at
from redflags.adapters.sources.apis.page_reader import PageReader
from redflags.adapters.sources.mapping.mapping_language import JsonJoin, placeholders
from redflags.adapters.sources.mapping.resource_paths import DetailBatch
from redflags.errors import SourceRefused

ReaderOf = Callable[[str, str, Mapping[str, str]], PageReader]
"""Resource, items and query → what reads it."""
_ENOUGH_TO_TELL = 20


def resource_of(template: str, record: Any) -> str | None:
    """The path of a record's own resource; None when a part of it is blank."""
    path = template
    for name in placeholders(template):
        part = text_at(record, name)
        if not part or set(part) <= {"."}:
            return None
        path = path.replace(f"{{{name}}}", quote(part, safe=""))
    return path


@dataclass(slots=True)
class OrderDetails:
    """Details for the records of one table, with at most `at_most` requests."""

    reader: ReaderOf
    at_most: int
    _requests: int = 0
    _hits: dict[str, int] = field(default_factory=dict)
    _asked: dict[str, int] = field(default_factory=dict)

    def of_page(self, join: JsonJoin, records: Sequence[Any]) -> Iterator[list[Any]]:
        """The details of each record of a page, in the order of the records."""
        if join.items:
            yield from (found(record, join.items) for record in records)
        elif join.batch:
            yield from self._batched(join, join.batch, records)
        else:
            yield from (self._single(join, record) for record in records)

    def _single(self, join: JsonJoin, record: Any) -> list[Any]:
        resource = resource_of(join.resource, record)
        return [] if resource is None else self._read(join, resource, "", {})

    def _read(
        self, join: JsonJoin, resource: str, items: str, query: Mapping[str, str]
    ) -> list[Any]:
        self._requests += 1
        if self._requests > self.at_most:
            raise SourceRefused(
                f"expected at most {self.at_most} requests for details ({join.resource}); more are "
                "needed: have the server give many at once (batch), read what changed (since), or "
                "raise details_at_most"
            )
        details = [one for page in self.reader(resource, items, query).pages() for one in page]
        self._asked[join.resource] = self._asked.get(join.resource, 0) + 1
        self._hits[join.resource] = self._hits.get(join.resource, 0) + bool(details)
        return details

    def _batched(
        self, join: JsonJoin, batch: DetailBatch, records: Sequence[Any]
    ) -> Iterator[list[Any]]:
        refs = [(text_at(record, batch.column) or "").strip() for record in records]
        wanted = list(dict.fromkeys(ref for ref in refs if ref))
        details: dict[str, list[Any]] = {}
        for first in range(0, len(wanted), batch.size):
            some = wanted[first : first + batch.size]
            query = {batch.parameter: batch.separator.join(some)}
            for detail in self._read(join, join.resource, batch.items, query):
                details.setdefault(_owner(detail, batch), []).append(detail)
        yield from (details.get(ref, []) for ref in refs)

    def doubts(self) -> list[str]:
        """Resources that gave nothing to anybody are more likely misspelt than empty."""
        return [
            f"none of {asked} requests for details ({resource}) found anything: check the "
            "resource of the join"
            for resource, asked in self._asked.items()
            if asked >= _ENOUGH_TO_TELL and not self._hits[resource]
        ]


def _owner(detail: Any, batch: DetailBatch) -> str:
    ref = text_at(detail, batch.key)
    if not ref:
        raise SourceRefused(
            f"expected each detail to name its record at {batch.key}; one does not: correct "
            "batch.key in the mapping"
        )
    return ref.strip()
