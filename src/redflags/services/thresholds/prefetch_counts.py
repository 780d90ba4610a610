"""Days counted ahead: while one day is looked at, the next is counted beside it.

Counting is the database's work and looking is Python's, so a replay keeps two cores busy with two
days. What a day was counted in must answer for its evidence too, so two stores take turns.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from redflags.analysis.counted_records import Counted
from redflags.configuration.ruleset import RuleSet
from redflags.services.ports import Records


def counted_ahead(
    records: Records, wanted: Sequence[tuple[date, RuleSet]]
) -> Generator[tuple[Records, Counted], None, None]:
    """Each wanted day in order, with the store to ask for its evidence until the next is taken.

    Close it when you stop early: the second store holds the file until then.
    """
    if not wanted:
        return
    with records.beside() as other, ThreadPoolExecutor(1) as ahead:
        stores = (records, other)
        coming = ahead.submit(records.count, *wanted[0])
        for number in range(len(wanted)):
            counted = coming.result()
            if number + 1 < len(wanted):
                coming = ahead.submit(stores[(number + 1) % 2].count, *wanted[number + 1])
            yield stores[number % 2], counted
