"""Whatever one source throws is that source's refusal; the good sources come in all the same."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from redflags.errors import RedflagsError, SourceRefused

Given = TypeVar("Given")


@contextmanager
def refused_if_it_breaks() -> Iterator[None]:
    """An error nobody foresaw, as a refusal that tells its kind: its words may quote a record."""
    try:
        yield
    except RedflagsError:
        raise
    except Exception as error:
        raise SourceRefused(
            f"expected to read to the end; {type(error).__name__} came: ask for it again, and tell "
            "who looks after this program if it comes again"
        ) from None


def guarded(outcomes: Iterable[Given]) -> Iterator[Given]:
    """What a source gives, one after the other."""
    with refused_if_it_breaks():
        yield from outcomes
