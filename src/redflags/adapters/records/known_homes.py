"""The references of homes in the record store, for who only wants to compare."""

from pathlib import Path

from redflags.adapters.records.connection import connect, sole_writer

PATIENCE_SECONDS = 2.0
_HOMES = """
SELECT property_ref FROM properties UNION SELECT property_ref FROM tenancies ORDER BY property_ref
"""


def known_homes(path: Path) -> tuple[str, ...]:
    """References of every home that a night has read; none when there is no store yet.

    Raises:
        StoreBusy: a run holds the store; nobody waits for it here.
    """
    if not path.exists():
        return ()
    with sole_writer(path.parent, PATIENCE_SECONDS):
        connection = connect(path)
        try:
            return tuple(ref for (ref,) in connection.execute(_HOMES).fetchall() if ref)
        finally:
            connection.close()
