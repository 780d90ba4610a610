"""A repairs API as a source: its answers as files of a folder, or the server itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from redflags.adapters.sources.apis.json_records import JsonRows, found, parsed, records_in, text_at
from redflags.adapters.sources.extract_reading import extract_of
from redflags.adapters.sources.files.folder_source import FileSet
from redflags.adapters.sources.files.unpacking_limits import open_bytes
from redflags.adapters.sources.mapping.mapping_language import JsonJoin, placeholders
from redflags.adapters.sources.mapping.source_kinds import JsonTable, Paging
from redflags.analysis.extracts import ExtractResult, Refusal
from redflags.analysis.schemas import TABLES
from redflags.errors import SourceRefused, SourceUnavailable

_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500


def resource_of(template: str, record: Any) -> str | None:
    """The path of a record's own resource; None when a part of it is blank."""
    path = template
    for name in placeholders(template):
        part = text_at(record, name)
        if not part or set(part) <= {"."}:
            return None
        path = path.replace(f"{{{name}}}", quote(part, safe=""))
    return path


def json_file_set(folder: Path, table: str, mapping: JsonTable) -> FileSet:
    """`<resource>.json` or `.jsonl`, also with `_…` or `-…` before the dot."""
    stems = (mapping.resource, f"{mapping.resource}_*", f"{mapping.resource}-*")

    def open_file(path: Path) -> JsonRows:
        return JsonRows(
            records_in(_document(path), mapping.items),
            joins=mapping.join,
            details=lambda join, record: _from_files(folder, join, record),
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


@dataclass(frozen=True, slots=True)
class ServerSource:
    """A JSON API over HTTP; the token never leaves the header of a request."""

    name: str
    url: str
    mappings: Mapping[str, JsonTable]
    paging: Paging | None = None
    timeout_seconds: float = 30.0
    token: str = field(default="", repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted(self.mappings))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Servers are always read: `is_taken` is not asked."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        base = self.url.rstrip("/") + "/"
        with httpx.Client(base_url=base, headers=headers, timeout=self.timeout_seconds) as client:
            for table, mapping in self.mappings.items():
                try:
                    rows = self._rows(client, mapping)
                    yield extract_of(rows, TABLES[table], mapping, self.name, mapping.resource, "")
                except SourceRefused as error:
                    yield Refusal(table, mapping.resource, error)

    def _rows(self, client: httpx.Client, mapping: JsonTable) -> JsonRows:
        pages = self._pages(client, mapping)
        return JsonRows(
            next(pages, []),
            pages,
            mapping.join,
            lambda join, record: self._details(client, join, record),
        )

    def _pages(self, client: httpx.Client, mapping: JsonTable) -> Iterator[Sequence[Any]]:
        if self.paging is None:
            yield records_in(self._get(client, mapping.resource), mapping.items)
            return
        page, size = self.paging.first, self.paging.size
        while True:
            query = {self.paging.page: str(page), self.paging.page_size: str(size)}
            records = records_in(self._get(client, mapping.resource, query), mapping.items)
            yield records
            if len(records) < size:
                return
            page += 1

    def _details(self, client: httpx.Client, join: JsonJoin, record: Any) -> list[Any]:
        if join.items:
            return found(record, join.items)
        resource = resource_of(join.resource, record)
        if resource is None:
            return []
        return records_in(self._get(client, resource, is_optional=True), "")

    def _get(
        self,
        client: httpx.Client,
        resource: str,
        query: Mapping[str, str] | None = None,
        is_optional: bool = False,
    ) -> Any:
        try:
            answer = client.get(resource, params=dict(query or {}))
        except httpx.TransportError as error:
            raise SourceUnavailable(self._message(type(error).__name__)) from None
        if answer.status_code == _TOO_MANY_REQUESTS or answer.status_code >= _SERVER_FAULT:
            raise SourceUnavailable(self._message(f"status {answer.status_code}"))
        if is_optional and answer.status_code == httpx.codes.NOT_FOUND:
            return []
        if answer.status_code != httpx.codes.OK:
            raise SourceRefused(
                self._message(f"status {answer.status_code}")
                + "; check the resource in the mapping and the token in its environment variable"
            )
        return parsed(answer.content)

    def _message(self, came: str) -> str:
        return f"source {self.name}: expected the server to answer; {came} came"
