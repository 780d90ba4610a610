"""What mapping files say about databases and servers: pages, tokens, what changed, how to read."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from redflags.adapters.sources.mapping.strict_model import Filled, Strict

Days = Annotated[int, Field(ge=1, le=3650)]
Positive = Annotated[int, Field(ge=1)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]
Isolation = Literal["", "read committed", "repeatable read", "serializable", "snapshot"]
MOST_PAGES = 10_000
MOST_DETAILS = 5_000


class ChangedSince(Strict):
    """Read what changed since the last good pull, and everything now and then."""

    overlap_days: Days = 3
    full_every_days: Days = 7


class ChangedParameter(ChangedSince):
    """The query parameter that takes the moment; `template` is its value around {since}."""

    parameter: Filled
    template: Annotated[str, Field(pattern=r"\{since\}")] = "{since}"
    format: Annotated[str, Field(pattern="%")] = "%Y-%m-%dT%H:%M:%SZ"


class Paging(Strict):
    """How a server gives page after page: numbered, by offset, by a link or by a cursor.

    `next` and `total` are paths in the answer; `total` may be the name of a header, and blank when
    what looks like a total is none.
    """

    page: Filled = "page"
    page_size: Filled = "pageSize"
    size: Positive = 100
    first: Annotated[int, Field(ge=0)] = 1
    offset: str = ""
    next: str = ""
    cursor: str = ""
    total: str | None = None
    pages_at_most: Positive = MOST_PAGES

    @model_validator(mode="after")
    def _goes_one_way(self) -> Self:
        if self.offset and self.next:
            raise ValueError("expected either offset or next; both came")
        if self.cursor and not self.next:
            raise ValueError("expected next, the path of what cursor sends on; none came")
        return self


def _address(text: str) -> str:
    if not text.startswith("https://") and not _LOOPBACK.match(text):
        raise ValueError("expected an address that begins with https://")
    return text


_LOOPBACK = re.compile(r"^http://(localhost|127\.0\.0\.1|\[::1\])[:/]")


class OAuth(Strict):
    """A token got with client credentials; both are in the environment."""

    token_url: Annotated[str, AfterValidator(_address)]
    client_id_env: Filled
    client_secret_env: Filled
    scope: str = ""
    audience: str = ""
    send_as: Literal["body", "basic"] = "body"
