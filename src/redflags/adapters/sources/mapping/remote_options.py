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
    """so many days before the last good pull are asked for again"""
    full_every_days: Days = 7
    """everything is read anew after so many days"""


class ChangedParameter(ChangedSince):
    """The query parameter that takes the moment; `template` is its value around {since}."""

    parameter: Filled
    """the query parameter that takes the moment"""
    template: Annotated[str, Field(pattern=r"\{since\}")] = "{since}"
    """its value around the moment"""
    format: Annotated[str, Field(pattern="%")] = "%Y-%m-%dT%H:%M:%SZ"
    """how the moment is written (strptime directives, UTC)"""


class Paging(Strict):
    """How a server gives page after page: numbered, by offset, by a link or by a cursor.

    `next` and `total` are paths in the answer; `total` may be the name of a header, and blank when
    what looks like a total is none.
    """

    page: Filled = "page"
    """query parameter with the number of the page"""
    page_size: Filled = "pageSize"
    """query parameter with the number of records a page"""
    size: Positive = 100
    """how many records a page are asked for"""
    first: Annotated[int, Field(ge=0)] = 1
    """the number of the first page"""
    offset: str = ""
    """query parameter with the number of records before the page, instead of `page`"""
    next: str = ""
    """path of the next page's address (or of what `cursor` sends back) in an answer"""
    cursor: str = ""
    """query parameter that sends back what `next` gives"""
    total: str | None = None
    """path or header with the number of all records; `""` where what looks like it is none"""
    pages_at_most: Positive = MOST_PAGES
    """more pages than these are refused"""

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
    """address that gives tokens"""
    client_id_env: Filled
    """environment variable with the client's id"""
    client_secret_env: Filled
    """environment variable with the client's secret"""
    scope: str = ""
    """scope that is asked for"""
    audience: str = ""
    """audience that is asked for"""
    send_as: Literal["body", "basic"] = "body"
    """whether the client says who it is in the body or by basic authentication"""
