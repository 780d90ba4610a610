"""Which files and queries a source brought, in the order in which they came."""

from collections.abc import Iterable, Iterator, Sequence

from redflags.analysis.extracts import Extract, ExtractResult, Refusal, Staged
from redflags.analysis.monitoring.intake_judgement import FileIntake
from redflags.domain.row_problem import ProblemCode


class Arrivals:
    """What one source brought in one night, noted while it is read."""

    def __init__(self) -> None:
        self._came: list[ExtractResult] = []

    def watched(self, results: Iterable[ExtractResult]) -> Iterator[ExtractResult]:
        """`results`, each noted."""
        for result in results:
            self._came.append(result)
            yield result

    @property
    def tables(self) -> frozenset[str]:
        """Tables that came, read tonight or before; what was refused did not."""
        return frozenset(one.table for one in self._came if not isinstance(one, Refusal))

    def files(self, read: Sequence[tuple[Extract, Staged]]) -> tuple[FileIntake, ...]:
        """What became of each file that was read."""
        return tuple(self._file(extract, staged) for extract, staged in read)

    def _file(self, extract: Extract, staged: Staged) -> FileIntake:
        same_table = [one for one in self._came if one.table == extract.table]
        place = next(n for n, one in enumerate(same_table, 1) if one is extract)
        # a line of sums is set aside too, and nothing is missing for it
        totals = sum(f.rows for f in staged.fault_counts if f.code is ProblemCode.TOTALS_ROW)
        return FileIntake(
            extract.source,
            extract.table,
            place,
            len(same_table),
            staged.read - totals,
            staged.quarantined - totals,
            staged.fault_counts,
            staged.newest,
        )
