"""What a source gives: rows as text under canonical names, and what became of each of them."""

from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow as pa

from redflags.analysis.schemas import Table
from redflags.domain.repeated_rows import Repeated, Repetition
from redflags.domain.row_problem import ProblemCode
from redflags.errors import SourceAbsent, SourceError, SourceRefused

RARER_CODES = "(rarer codes)"
"""Under this name stand the rows of all codes that are too many to be told one by one."""


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    """One row of a file (1 = first data row) that could not be split, or was repaired.

    `column` is the canonical column of a cell that held an error instead of a value.
    """

    row: int
    code: ProblemCode
    column: str = ""


@dataclass(frozen=True, slots=True)
class Pull:
    """One reading of a database or server that can tell what changed.

    `since` is None when everything was asked for; `asked` is a print of address and mapping. Aware
    moments, UTC.
    """

    began_at: datetime
    since: datetime | None
    asked: str


@dataclass(frozen=True, slots=True)
class LastPull:
    """The last good pull of a table from a source, and the last one that read everything."""

    began_at: datetime
    full_at: datetime
    asked: str


@dataclass(frozen=True, slots=True)
class Extract:
    """One file or query on its way to one canonical table.

    `rows` holds text columns named as in the contract, blank cells as null, and `_row` (int64).
    `faults`, `left_out` (reason → rows) and `unmapped` (column → code → rows) are complete when
    `rows` is exhausted. Rows in the file = rows delivered + malformed rows + rows left out.
    `lost_in_joins` counts malformed rows of files that were only looked up in (join → rows).
    `failures` holds the error that broke off `rows`: a consumer that reads them through another
    library may get that library's exception instead.
    `notes` and `doubts` are sentences for the operator, complete with `rows`: a doubt is told when
    rows may be wrong or missing, and makes the night a partial one.
    `repeated` says what becomes of rows that share a reference and differ.
    `fingerprint` is empty for databases and servers, which are always read.
    `pull` is what was asked for, where a source is asked for what changed.
    `name` may be told; `kept_as` is what the store knows the file by, the same every night.
    `shortfalls` tell what of a file is missing: its rows are taken, the night is a partial one, and
    the file is read again the next night.
    """

    table: str
    source: str
    name: str
    fingerprint: str
    rows: pa.RecordBatchReader
    absent_columns: tuple[str, ...] = ()
    faults: list[RowFault] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    unmapped: dict[str, dict[str, int]] = field(default_factory=dict)
    lost_in_joins: dict[str, int] = field(default_factory=dict)
    failures: list[SourceError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    shortfalls: list[str] = field(default_factory=list)
    repeated: Repetition = Repetition.REPLACE
    pull: Pull | None = None
    kept_as: str = ""

    @property
    def malformed(self) -> int:
        """Rows that are in the file and not in `rows`, because they could not be split."""
        return sum(fault.code is ProblemCode.MALFORMED_ROW for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One file or query that cannot be used; the others of the source go on."""

    table: str
    name: str
    error: SourceRefused | SourceAbsent


@dataclass(frozen=True, slots=True)
class AlreadyTaken:
    """One file whose content was taken before, under the same mapping."""

    table: str
    name: str
    fingerprint: str


ExtractResult = Extract | Refusal | AlreadyTaken


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How many rows of an extract have one fault in one column (blank: in the row as a whole).

    `shape` is what most of the values look like, letters as A and a and digits as 9; it is blank
    for columns that may name somebody.
    """

    column: str
    code: ProblemCode
    rows: int
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """One extract in memory: where it is, where it came from, and how many rows it had.

    `newest` is the last day of its usable rows; None where rows have no day, or none is usable.
    `pull` is there when the rows are all that was asked for, so that the next may go on from it.
    """

    relation: str
    table: Table
    source: str
    name: str
    fingerprint: str
    read: int
    quarantined: int
    faults: tuple[tuple[int, str, ProblemCode], ...]
    left_out: tuple[tuple[str, int], ...]
    fault_counts: tuple[FaultCount, ...] = ()
    newest: date | None = None
    repeated: Repetition = Repetition.REPLACE
    pull: Pull | None = None

    @property
    def usable(self) -> int:
        return self.read - self.quarantined


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows of one extract: read = accepted + quarantined + replaced."""

    table: str
    read: int
    accepted: int
    quarantined: int
    replaced: int
    written: int
    too_old: int = 0
    repeated: Repeated | None = None
