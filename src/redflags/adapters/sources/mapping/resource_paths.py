"""Paths below a server's address, and how the details of many records are asked for at once."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from redflags.adapters.sources.mapping.strict_model import Filled, Strict

_LEADS_AWAY = re.compile(
    r"^\s*[/\\]{2}"  # //other.example
    r"|^\s*[A-Za-z][A-Za-z0-9+.-]*:"  # https://other.example
    r"|[\x00-\x1f]"
    r"|(^|/)\.\.(/|$)"
)


def _relative(resource: str) -> str:
    """A token goes with every request, so no mapping may send one to another server."""
    if _LEADS_AWAY.search(resource):
        raise ValueError(
            "expected a path below the server's address, such as workOrders; "
            "an absolute address or .. came"
        )
    return resource


Resource = Annotated[str, AfterValidator(_relative)]


class DetailBatch(Strict):
    """One request for the details of many records: their `column`s in one query `parameter`.

    `key` is the path in a detail that names the record it belongs to.
    """

    parameter: Filled
    column: Filled
    key: Filled
    items: str = ""
    size: Annotated[int, Field(ge=1, le=1000)] = 50
    separator: str = ","
