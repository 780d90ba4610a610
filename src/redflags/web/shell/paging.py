"""Long lists, page by page: which one is asked for, and links to the others."""

from typing import Any, Protocol

from flask import request, url_for
from werkzeug.exceptions import NotFound

_MOST_PAGES = 10_000


class Paged(Protocol):
    """A page of a list that has `pages` of them; the first is 1."""

    @property
    def page(self) -> int: ...

    @property
    def pages(self) -> int: ...


def page_number() -> int:
    """Which page is asked for; the first unless told. There is no page of anything else."""
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:10]) <= _MOST_PAGES):
        raise NotFound
    return int(asked)


def pagination(shown: Paged, label: str, endpoint: str, **chosen: Any) -> dict[str, object]:
    """GOV.UK's links to the pages of a list; nothing when there is only one.

    `chosen` is what the list was filtered by, as it stands in its address.
    """

    def address(page: int) -> str:
        return url_for(endpoint, page=page, **chosen)

    last, here = shown.pages, shown.page
    if last == 1:
        return {}
    near = sorted({1, here - 1, here, here + 1, last} & set(range(1, last + 1)))
    return {
        "landmarkLabel": label,
        "previous": {"href": address(min(here - 1, last))} if here > 1 else None,
        "next": {"href": address(here + 1)} if here < last else None,
        "items": [
            {"number": page, "href": address(page), "current": page == here} for page in near
        ],
    }
