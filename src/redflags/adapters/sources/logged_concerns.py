"""Concerns that colleagues logged in the queue, on their way into the households' history.

They are alerts already; here they become records, so that later nights count them beside the rest.
What was seen stays where it is: a row says only that there was a concern, where and when.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa

from redflags.analysis.extracts import Extract, ExtractResult

NAME = "housing-queue"
COLUMNS = ("concern_ref", "property_ref", "observed_at", "reporter_role")


class LoggedConcerns:
    """Rows of `concerns` from the operational database; never already taken."""

    name = NAME
    tables = ("concerns",)

    def __init__(self, read: Callable[[], Sequence[Mapping[str, str]]]) -> None:
        self._read = read

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """One extract with every concern, or none when nobody has logged any."""
        rows = self._read()
        if not rows:
            return
        columns = [pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS]
        numbers = pa.array(range(1, len(rows) + 1), pa.int64())
        reader = pa.table([*columns, numbers], names=[*COLUMNS, "_row"]).to_reader()
        yield Extract("concerns", NAME, "concerns logged in the queue", "", reader)
