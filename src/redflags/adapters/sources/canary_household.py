"""The canary: a synthetic household that must be alerted every night, or detection is broken.

It comes in as any source does, with dates that move along with the night, lives in a patch of its
own and is never shown to reviewers.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pyarrow as pa

from redflags.analysis.extracts import Extract, ExtractResult

NAME = "canary"
REF = "REDFLAGS-CANARY"
DAYS_AT_THE_ADDRESS = 1000


class CanarySource:
    """Rows that break three rules at once, dated before the end of `as_of`."""

    name = NAME
    tables = ("lock_changes", "properties", "repairs", "tenancies")

    def __init__(self, as_of: date, patch: str) -> None:
        self._as_of = as_of
        self._patch = patch

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """The same rows every night but for their dates; never already taken."""
        for table, rows in self._tables().items():
            yield Extract(table, NAME, f"{table} of the canary", "", _reader(rows))

    def _tables(self) -> dict[str, list[dict[str, str | None]]]:
        return {
            "properties": [{"property_ref": REF, "property_type": "other", "patch": self._patch}],
            "tenancies": [
                {
                    "tenancy_ref": REF,
                    "property_ref": REF,
                    "start_date": self._day(DAYS_AT_THE_ADDRESS),
                }
            ],
            "repairs": [
                self._repair("1", 60, "Inside door kicked in, renew door"),
                self._repair("2", 33, "Front door kicked in, ex partner has keys"),
                self._repair("3", 9, "Bathroom door kicked in again by partner"),
            ],
            "lock_changes": [
                self._lock_change("1", 70),
                self._lock_change("2", 30),
                self._lock_change("3", 3),
            ],
        }

    def _repair(self, number: str, days_ago: int, text: str) -> dict[str, str | None]:
        return {
            "work_order_ref": f"{REF}-R{number}",
            "property_ref": REF,
            "raised_at": self._day(days_ago),
            "work_type": "responsive",
            "description": text,
        }

    def _lock_change(self, number: str, days_ago: int) -> dict[str, str | None]:
        return {
            "lock_change_ref": f"{REF}-L{number}",
            "property_ref": REF,
            "changed_at": self._day(days_ago),
            "reason": "Tenant feels unsafe, ex partner has keys",
        }

    def _day(self, days_ago: int) -> str:
        return (self._as_of - timedelta(days=days_ago)).isoformat()


def _reader(rows: list[dict[str, str | None]]) -> pa.RecordBatchReader:
    names = list(rows[0])
    columns = [pa.array([row[name] for row in rows], pa.string()) for name in names]
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    return pa.table([*columns, numbers], names=[*names, "_row"]).to_reader()
