"""Typed values of databases, workbooks and JSON as the text a CSV file would hold.

Nothing that is there becomes nothing: what has no text of its own becomes a cell error that names
its type, which validation tells as a problem.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from redflags.analysis.cell_errors import UNREADABLE_TYPE

_BINARY = (bytes, bytearray, memoryview)
_SEVERAL = (list, tuple, set, frozenset)
_BETWEEN = "; "


def as_text(value: Any) -> str | None:
    """ISO 8601 for dates and times, `h:mm:ss` for durations, plain digits for numbers.

    A list of single values is joined by `; `, other structures become JSON, bytes become the text
    they hold or `0x…`. None for null and for what is empty.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    return _structured(value)


def _structured(value: Any) -> str | None:
    if isinstance(value, _BINARY):
        return _bytes(bytes(value))
    if isinstance(value, Mapping):
        return _json(value) if value else None
    if isinstance(value, _SEVERAL):
        return _several(list(value))
    if isinstance(value, Enum):
        return as_text(value.value)
    return _other(value)


def _number(value: float | Decimal) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _duration(value: timedelta) -> str:
    seconds = value.days * 86_400 + value.seconds
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _bytes(value: bytes) -> str | None:
    """The text in it, else its digits as SQL Server writes them."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\x00"
    return text if text.isprintable() else "0x" + value.hex().upper()


def _several(values: Sequence[Any]) -> str | None:
    if any(isinstance(value, Mapping | list | tuple) for value in values):
        return _json(values)
    texts = [text for text in map(as_text, values) if text]
    return _BETWEEN.join(texts) or None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=as_text)


def _other(value: Any) -> str:
    """What a driver's own type says of itself: UUID, network address, range, large text."""
    kind = type(value)
    try:
        own = {name for base in kind.__mro__[:-1] for name in vars(base)}
        return str(value) if own & {"__str__", "__repr__"} else f"{UNREADABLE_TYPE} {kind.__name__}"
    except (TypeError, ValueError):
        return f"{UNREADABLE_TYPE} {kind.__name__}"
