"""Text that no database can hold never reaches one: NULs are left out, half characters replaced.

What comes from extracts is clean before; this is for whatever else is typed, pasted or kept from
an earlier version. PostgreSQL refuses a whole night for one of them.
"""

from typing import Any

from redflags.domain.half_characters import without_half_surrogates


def with_storable_text(
    _connection: object,
    _cursor: object,
    statement: str,
    parameters: Any,
    _context: object,
    _many: bool,
) -> tuple[str, Any]:
    """Handler of SQLAlchemy's `before_cursor_execute`."""
    return statement, _storable(parameters)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {name: _storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    if type(value) is tuple:
        return tuple(_storable(inner) for inner in value)
    return value


def _text(value: str) -> str:
    if value.isascii():
        return value.replace("\0", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        value = without_half_surrogates(value)
    return value.replace("\0", "")
