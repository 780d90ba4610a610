"""What is done beside the work itself, and may fail without harming it."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def noting_failure(notes: list[str], what: str) -> Iterator[None]:
    """Whatever goes wrong inside becomes the note `what`, its text unsaid: it may quote a record.

    Nothing is hidden by this: a database that is broken altogether also fails the work itself, at
    the next thing it writes there.
    """
    try:
        yield
    except Exception as error:
        notes.append(f"{what} ({type(error).__name__})")
