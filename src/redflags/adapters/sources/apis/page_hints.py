"""What a server's answer says by itself about how much there is."""

from collections.abc import Iterator, Mapping
from typing import Any

from redflags.adapters.sources.apis.json_records import text_at

_TOTALS = (
    "total",
    "totalCount",
    "total_count",
    "totalResults",
    "totalRecords",
    "totalItems",
    "totalElements",
    "count",
    "@odata.count",
)
_LINKS = ("next", "nextLink", "next_link", "nextPage", "next_page", "nextUrl", "@odata.nextLink")
_GROUPS = ("meta", "pagination", "paging", "page", "links", "_links", "_metadata")
_TOTAL_HEADERS = ("X-Total-Count", "X-Total")


def declared_total(document: Any, headers: Mapping[str, str], place: str | None) -> int | None:
    """How many records the server says there are: at `place`, or where it is usual if None."""
    if place is not None:
        return _count(text_at(document, place) or headers.get(place)) if place else None
    values = [text_at({"it": value}, "it") for _, value in _named(document, _TOTALS)]
    values += [headers.get(name) for name in _TOTAL_HEADERS]
    counts = [count for count in map(_count, values) if count is not None]
    return counts[0] if counts else None


def has_unread_link(document: Any) -> str:
    """Where an answer names a next page; blank when nowhere."""
    for path, value in _named(document, _LINKS):
        link = value.get("href") if isinstance(value, dict) else value
        if isinstance(link, str) and link.startswith(("http://", "https://", "/", "?")):
            return f"{path}.href" if isinstance(value, dict) else path
    return ""


def _named(document: Any, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What is called one of `names`, at the top or in one of the usual groups."""
    if not isinstance(document, dict):
        return
    yield from ((name, document[name]) for name in names if name in document)
    for group in _GROUPS:
        inner = document.get(group)
        if isinstance(inner, dict):
            yield from ((f"{group}.{name}", inner[name]) for name in names if name in inner)


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
