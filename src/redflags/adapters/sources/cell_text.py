"""Typed values of databases, workbooks and JSON as the text a CSV file would hold."""

from datetime import date
from decimal import Decimal
from typing import Any


def as_text(value: Any) -> str | None:
    """ISO 8601 for dates, plain digits for numbers; None for what is no single value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else None
