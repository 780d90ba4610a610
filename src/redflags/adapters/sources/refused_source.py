"""A source of which it is known beforehand that it cannot be read tonight."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redflags.analysis.extracts import ExtractResult
from redflags.errors import SourceRefused


@dataclass(frozen=True, slots=True)
class RefusedSource:
    """Its place among the sources is kept, so that what it gave before is left alone."""

    name: str
    tables: tuple[str, ...]
    reason: str

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Raises SourceRefused with the reason."""
        raise SourceRefused(self.reason)
