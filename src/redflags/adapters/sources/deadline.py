"""How long one source may take: a night is never held up by one of them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from redflags.analysis.extracts import Extract, ExtractResult
from redflags.errors import SourceRefused

DEADLINE_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock, and how many minutes there were until then."""

    minutes: float
    ends_at: float

    @classmethod
    def starting_now(cls, minutes: float) -> "Deadline":
        return cls(minutes, time.monotonic() + minutes * 60)

    @property
    def seconds_left(self) -> float:
        """Never less than a millisecond, so that it can be given as a limit to whoever waits."""
        return max(self.ends_at - time.monotonic(), 0.001)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.ends_at

    def check(self) -> None:
        """Raises SourceRefused when it is over."""
        if self.is_over:
            raise self.missed()

    def missed(self) -> SourceRefused:
        return SourceRefused(
            f"expected to be read within {self.minutes:g} minutes; it took longer: raise "
            "deadline_minutes in its mapping, or have it send less (only what changed)"
        )


def in_time(outcome: ExtractResult, deadline: Deadline) -> ExtractResult:
    """The outcome; an extract that is not at its end by the deadline is broken off."""
    if not isinstance(outcome, Extract):
        return outcome
    schema = outcome.rows.schema
    rows = pa.RecordBatchReader.from_batches(schema, _checked(outcome, deadline))
    return replace(outcome, rows=rows)


def _checked(extract: Extract, deadline: Deadline) -> Iterator[pa.RecordBatch]:
    for batch in extract.rows:
        if deadline.is_over:
            extract.failures.append(deadline.missed())
            raise extract.failures[-1]
        yield batch
