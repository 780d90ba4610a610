"""Page after page of a resource, until the server has no more: nothing is lost without a word.

What a server calls a page is not to be relied on: it may give fewer records than asked for, count
from 0 or by what it gave, ignore the number, or put a new record in at the top between two pages.
So pages are counted by what came, records are known by their content, a page that came before is
refused, and what cannot be settled becomes a doubt.
"""

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from redflags.adapters.sources.apis.api_connection import Answer, ApiConnection
from redflags.adapters.sources.apis.json_records import records_in, text_at
from redflags.adapters.sources.apis.page_hints import declared_total, has_unread_link
from redflags.adapters.sources.mapping.remote_options import MOST_PAGES, Paging
from redflags.errors import SourceError, SourceRefused

Records = list[Any]
ROUND_NUMBERS = frozenset({50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000})
"""So many records in an answer without pages may be all that the server gives at once."""
_EMPTY_PAGES = 2
_NOT_FOUND, _NO_CONTENT = 404, 204


@dataclass(frozen=True, slots=True)
class _Pass:
    """How one way through the pages ended."""

    overlapped: bool = False
    fresh: int = 0
    smaller: int = 0
    """Start again with pages of this size: the server gives no more at once."""


@dataclass(slots=True)
class PageReader:
    """One resource; `doubts` gets a sentence for each reason why records may be missing."""

    connection: ApiConnection
    resource: str
    items: str
    paging: Paging | Literal["whole"] | None
    doubts: list[str]
    query: Mapping[str, str] = field(default_factory=dict)
    is_detail: bool = False
    _seen: set[int] = field(default_factory=set)
    _total: int | None = None

    def pages(self) -> Iterator[Records]:
        """Records, each once, at most one page of the server at a time."""
        if isinstance(self.paging, Paging) and not self.paging.next:
            yield from self._counted(self.paging)
        else:
            yield from self._linked()
        self._compare_with_total()

    def _counted(self, paging: Paging) -> Iterator[Records]:
        size = paging.size
        outcome = yield from self._pass(paging, size, may_shrink=not paging.offset)
        if outcome.smaller:
            size = outcome.smaller
            outcome = yield from self._pass(paging, size)
        if outcome.overlapped:
            again = yield from self._pass(paging, size)
            if again.overlapped and again.fresh:
                self._doubt(
                    "the list changed while it was read, and again when it was read once more: "
                    "records may be missing; read it when nobody works, or sort it by reference"
                )
        if paging.first == 1 and not paging.offset and not self._is_total(len(self._seen)):
            self._doubt_count_from_zero(paging, size)

    def _pass(
        self, paging: Paging, size: int, may_shrink: bool = False
    ) -> Generator[Records, None, _Pass]:
        """Once through all pages, from the first until two in a row are empty."""
        here: set[int] = set()
        whole: set[int] = set()
        place, empties, fresh_count, overlapped = paging.first, 0, 0, False
        offset, last, largest = 0, 0, 0
        for number in range(paging.pages_at_most + 1):
            self._refuse_endless(number, paging.pages_at_most)
            at = {paging.offset: str(offset)} if paging.offset else {paging.page: str(place)}
            is_end_allowed = number > 0 and (last < max(largest, size) or self._is_total(len(here)))
            records = self._page({**at, paging.page_size: str(size)}, number, is_end_allowed)
            prints = [_print(record) for record in records]
            self._refuse_repeated(prints, whole)
            overlapped |= not here.isdisjoint(prints)
            here.update(prints)
            fresh = self._fresh(records, prints)
            fresh_count += len(fresh)
            if fresh:
                yield fresh
            empties = 0 if records else empties + 1
            if empties == _EMPTY_PAGES or self._is_all_there(paging, len(here)):
                break
            if may_shrink and number == 1 and records and 0 < last < size:
                return _Pass(smaller=last)
            last, largest = len(records), max(largest, len(records))
            place, offset = place + 1, offset + (len(records) or size)
        return _Pass(overlapped, fresh_count)

    def _page(self, query: Mapping[str, str], number: int, is_end_allowed: bool) -> Records:
        """The records of a page; some servers have no address for the page after the last."""
        address = self.connection.address(self.resource, {**self.query, **query})
        allowed = (_NO_CONTENT,) if number else ()
        answer = self.connection.ask(address, (*allowed, _NOT_FOUND) if is_end_allowed else allowed)
        return [] if answer.status in (_NO_CONTENT, _NOT_FOUND) else self._records(answer)

    def _records(self, answer: Answer) -> Records:
        document = answer.document
        total = self.paging.total if isinstance(self.paging, Paging) else None
        declared = declared_total(document, answer.headers, total)
        self._total = self._total if declared is None else declared
        return records_in(document, self.items)

    def _fresh(self, records: Records, prints: list[int]) -> Records:
        fresh = []
        for record, digest in zip(records, prints, strict=True):
            if digest not in self._seen:
                self._seen.add(digest)
                fresh.append(record)
        return fresh

    def _is_all_there(self, paging: Paging, count: int) -> bool:
        """Only a total that the mapping names is believed so far."""
        return bool(paging.total) and self._is_total(count)

    def _is_total(self, count: int) -> bool:
        return self._total is not None and count >= self._total

    def _doubt(self, words: str) -> None:
        if words not in self.doubts:
            self.doubts.append(words)

    def _linked(self) -> Iterator[Records]:
        """From link to link; a resource without pages is one without links."""
        paging = self.paging if isinstance(self.paging, Paging) else None
        size = _asked_size(paging)
        address: httpx.URL | None = self.connection.address(self.resource, {**self.query, **size})
        visited: set[httpx.URL] = set()
        whole: set[int] = set()
        while address is not None:
            self._refuse_endless(len(visited), paging.pages_at_most if paging else MOST_PAGES)
            visited.add(address)
            answer = self._first_or_next(address, len(visited))
            records = [] if answer.status in (_NO_CONTENT, _NOT_FOUND) else self._records(answer)
            prints = [_print(record) for record in records]
            self._refuse_repeated(prints, whole)
            if fresh := self._fresh(records, prints):
                yield fresh
            address = self._next(answer, paging, address)
            if address in visited:
                raise SourceRefused(
                    "expected each page's link to lead on; it leads back to a page that came: "
                    "correct paging.next in the mapping"
                )
            if address is None:
                self._doubt_whole(answer, len(records), is_first=len(visited) == 1)

    def _first_or_next(self, address: httpx.URL, number: int) -> Answer:
        missing = self.is_detail and number == 1
        return self.connection.ask(address, (_NOT_FOUND, _NO_CONTENT) if missing else ())

    def _next(self, answer: Answer, paging: Paging | None, page: httpx.URL) -> httpx.URL | None:
        if answer.status in (_NO_CONTENT, _NOT_FOUND):
            return None
        link = None
        if paging is not None:
            link = text_at(answer.document, paging.next)
            if link and paging.cursor:
                return page.copy_set_param(paging.cursor, link)
        if not link:
            links = httpx.Response(200, headers=answer.headers).links
            link = links.get("next", {}).get("url")
        return self.connection.linked(link, page) if link else None

    def _doubt_whole(self, answer: Answer, count: int, is_first: bool) -> None:
        """One answer without pages: is there a sign that it is not all?"""
        if not is_first or self.paging is not None or answer.status != httpx.codes.OK:
            return
        if path := has_unread_link(answer.document):
            self._doubt(
                f"the answer has a next link at {path} that no mapping reads, so there are more "
                f'records: say paging = {{ next = "{path}" }}'
            )
        elif count in ROUND_NUMBERS and not self.is_detail:
            self._doubt(
                f"exactly {count} records came at once, which may be all the server gives in one "
                'answer: describe its pages under paging, or say paging = "whole"'
            )

    def _compare_with_total(self) -> None:
        if self._total is not None and len(self._seen) < self._total:
            self._doubt(
                f"the server says there are {self._total} records; {len(self._seen)} came: may "
                "this token read them all? (where that number is no total, say so: "
                'paging.total = "")'
            )

    def _doubt_count_from_zero(self, paging: Paging, size: int) -> None:
        """A server that counts its pages from 0 has one more, with records that never came."""
        try:
            before = self._page({paging.page: "0", paging.page_size: str(size)}, 1, True)
        except SourceError:
            return  # the usual answer to a page that is none
        if before and self._seen.isdisjoint(map(_print, before)):
            self._doubt(
                f"page 0 has {len(before)} records that no other page has: the server counts from "
                "0, say paging.first = 0"
            )

    def _refuse_repeated(self, prints: list[int], whole: set[int]) -> None:
        if not prints:
            return
        digest = hash(tuple(prints))
        if digest in whole:
            raise SourceRefused(
                "expected another page; one that came before came again: the server does not "
                "understand the parameters in paging, or gives everything at once (then say "
                'paging = "whole")'
            )
        whole.add(digest)

    def _refuse_endless(self, number: int, at_most: int) -> None:
        if number >= at_most:
            raise SourceRefused(
                f"expected at most {at_most} pages; there are more: ask for larger pages or for "
                "what changed (since), or raise paging.pages_at_most"
            )


def _asked_size(paging: Paging | None) -> dict[str, str]:
    """Servers that link their pages choose a size themselves, unless the mapping names one."""
    if paging is None or not {"page_size", "size"} & paging.model_fields_set:
        return {}
    return {paging.page_size: str(paging.size)}


def _print(record: Any) -> int:
    """Eight bytes that stand for a record's content."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False)
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())
