"""A repairs API on its server as a source."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

import httpx

from redflags.adapters.sources.apis.api_connection import ApiConnection
from redflags.adapters.sources.apis.authorisation import Authorisation, HeaderToken
from redflags.adapters.sources.apis.json_records import JsonRows
from redflags.adapters.sources.apis.order_details import OrderDetails
from redflags.adapters.sources.apis.page_reader import PageReader
from redflags.adapters.sources.deadline import DEADLINE_MINUTES, Deadline, in_time
from redflags.adapters.sources.extract_reading import extract_of
from redflags.adapters.sources.mapping.remote_options import MOST_DETAILS, Paging
from redflags.adapters.sources.mapping.source_kinds import JsonTable
from redflags.adapters.sources.pulls import asked_of, next_pull
from redflags.analysis.extracts import Extract, ExtractResult, LastPull, Pull, Refusal
from redflags.analysis.schemas import TABLES
from redflags.errors import SourceRefused


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ServerSource:
    """A JSON API over HTTP; the token never leaves the header of a request to its own host.

    `last_pulls` (by table) says from when on to ask again.
    """

    name: str
    url: str = field(repr=False)
    mappings: Mapping[str, JsonTable]
    paging: Paging | Literal["whole"] | None = None
    timeout_seconds: float = 30.0
    authorisation: Authorisation = field(default_factory=HeaderToken, repr=False)
    deadline_minutes: float = DEADLINE_MINUTES
    details_at_most: int = MOST_DETAILS
    last_pulls: Mapping[str, LastPull] = field(default_factory=dict)
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _utc_now

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted(self.mappings))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Servers are always read: `is_taken` is not asked."""
        deadline = Deadline.starting_now(self.deadline_minutes)
        with httpx.Client(follow_redirects=False) as client:
            connection = self._connection(client, deadline)
            for table, mapping in self.mappings.items():
                try:
                    yield in_time(self._extract(connection, table, mapping), deadline)
                except SourceRefused as error:
                    yield Refusal(table, mapping.resource, error)

    def _connection(self, client: httpx.Client, deadline: Deadline) -> ApiConnection:
        base = _base(self.url)
        authorisation, seconds = self.authorisation, self.timeout_seconds
        return ApiConnection(self.name, base, client, authorisation, deadline, seconds, self.pause)

    def _extract(self, connection: ApiConnection, table: str, mapping: JsonTable) -> Extract:
        pull = self._pull(connection, table, mapping)
        query = {**mapping.query, **_changed(mapping, pull)}
        doubts: list[str] = []
        reader = PageReader(connection, mapping.resource, mapping.items, self.paging, doubts, query)
        details = OrderDetails(
            lambda resource, items, asked: PageReader(
                connection, resource, items, None, doubts, asked, is_detail=True
            ),
            self.details_at_most,
        )
        pages = reader.pages()
        rows = JsonRows(
            next(pages, []),
            pages,
            mapping.join,
            details.of_page,
            at_end=lambda: doubts.extend(details.doubts()),
        )
        extract = extract_of(rows, TABLES[table], mapping, self.name, mapping.resource, "")
        return replace(extract, doubts=doubts, pull=pull)

    def _pull(self, connection: ApiConnection, table: str, mapping: JsonTable) -> Pull | None:
        if mapping.since is None:
            return None
        base = str(connection.base.copy_with(userinfo=b"", query=None))
        asked = asked_of(base, mapping.model_dump_json())
        return next_pull(mapping.since, self.last_pulls.get(table), asked, self.now())


def _base(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.strip())
    except httpx.InvalidURL:
        base = httpx.URL("")
    if base.scheme not in ("http", "https") or not base.host:
        raise SourceRefused(
            "expected the address of a server, such as https://repairs.example/api; what its url "
            "says is none"
        )
    if base.query:
        raise SourceRefused(
            "expected an address without a query; its url has one: parameters belong under query "
            "of a table, a key into token_env with header"
        )
    return base.copy_with(path=base.path.rstrip("/") + "/", fragment=None)


def _changed(mapping: JsonTable, pull: Pull | None) -> dict[str, str]:
    """The parameter that asks for what changed; none in a full pull."""
    since = mapping.since
    if since is None or pull is None or pull.since is None:
        return {}
    moment = pull.since.astimezone(UTC).strftime(since.format)
    return {since.parameter: since.template.replace("{since}", moment)}
