"""One day counted, on a connection of its own: what it was counted from answers for its evidence.

The tables a count works with are temporary and belong to its connection, so days that are counted
beside one another do not disturb each other, and none of them outlives its night.
"""

from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import Self

import duckdb
import pandas as pd

from redflags.adapters.records import store_queries
from redflags.adapters.records.episode_event_counts import count_marks
from redflags.adapters.records.households_on_date import prepare_households
from redflags.adapters.records.record_counts import count_cells, coverage
from redflags.adapters.records.signal_rows import prepare_signs
from redflags.analysis.counted_records import Counted
from redflags.configuration.ruleset import MissedVisits, RuleSet


class CountedNight:
    """What was counted, and a way to the records behind it until it is closed."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, as_of: date, ruleset: RuleSet
    ) -> None:
        """Count on `connection`, which is closed with the night, or now if it cannot be counted."""
        self._connection = connection
        try:
            self.counted = _count(connection, as_of, ruleset)
        except BaseException:
            connection.close()
            raise

    def evidence(
        self, household_refs: Sequence[str], since: date, visits: MissedVisits | None = None
    ) -> pd.DataFrame:
        """Records behind some households: see `store_queries.evidence`."""
        return store_queries.evidence(self._connection, household_refs, since, visits)

    def close(self) -> None:
        """Forget what was counted from; closing twice is closing once."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _count(connection: duckdb.DuckDBPyConnection, as_of: date, ruleset: RuleSet) -> Counted:
    surprise, episodes = ruleset.surprise, ruleset.episodes
    prepare_households(connection, as_of)
    prepare_signs(connection, as_of, surprise.history_days.value, ruleset.innocent)
    quantile = surprise.dear_job_quantile.value
    return Counted(
        households=store_queries.households(connection),
        cells=count_cells(connection, as_of, ruleset.age_edges_days, quantile),
        coverage=coverage(connection, as_of),
        marks=None if episodes is None else count_marks(connection, as_of, episodes),
    )
