"""A mapping that was guessed, before it is written down."""

from dataclasses import dataclass, field

from redflags.analysis.profiling.code_guesses import CodeBlock
from redflags.analysis.profiling.date_guesses import DateGuess
from redflags.analysis.profiling.reference_forms import ReferenceForm
from redflags.analysis.profiling.samples import Layout, Sample, Sureness
from redflags.analysis.profiling.totals_rows import RowsToDrop


@dataclass(frozen=True, slots=True)
class DraftColumn:
    """A canonical column, theirs (`alias.name` when it is joined), and how it looks."""

    column: str
    theirs: str
    sureness: Sureness
    why: str
    filled: int
    rows: int
    shapes: str
    dates: DateGuess | None = None
    codes: CodeBlock | None = None
    form: ReferenceForm = field(default_factory=ReferenceForm)
    part: str = ""


@dataclass(frozen=True, slots=True)
class DraftJoin:
    """Another file of the same source, and what is taken from it."""

    alias: str
    files: tuple[str, ...]
    main_key: str
    other_key: str
    first: tuple[str, ...]
    texts: tuple[str, ...]
    sums: tuple[str, ...]
    is_parent: bool
    orphans: tuple[int, int]
    sample: Sample


@dataclass(frozen=True, slots=True)
class DraftTable:
    """One table of the mapping; `personal` and `unused` name columns that stay outside."""

    table: str
    sample: Sample
    files: tuple[str, ...]
    sureness: Sureness
    columns: tuple[DraftColumn, ...]
    missing: tuple[str, ...]
    constants: dict[str, str]
    drop_when: tuple[RowsToDrop, ...]
    join: DraftJoin | None = None
    personal: dict[str, str] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSource:
    """One mapping file: tables of one layout. `strangers` are files that no table explains."""

    name: str
    layout: Layout
    tables: tuple[DraftTable, ...]
    url: str = ""
