"""Days counted ahead: while one day is looked at, the next is counted beside it.

Counting is the database's work and looking is Python's, so a replay keeps two cores busy with two
days.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

from redflags.configuration.ruleset import RuleSet
from redflags.services.ports import CountedNight, Records


def counted_ahead(
    records: Records, wanted: Sequence[tuple[date, RuleSet]]
) -> Generator[CountedNight, None, None]:
    """Each wanted day in order; it is closed when the next one is taken.

    Close the generator when you stop early: the day counted ahead is open until then.
    """
    if not wanted:
        return
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(records.count_night, *wanted[0])
        try:
            for later in [*wanted[1:], None]:
                with coming.result() as night:
                    if later is not None:
                        coming = ahead.submit(records.count_night, *later)
                    yield night
        finally:
            _close(coming)


def _close(coming: Future[CountedNight]) -> None:
    if coming.exception() is None:
        coming.result().close()
