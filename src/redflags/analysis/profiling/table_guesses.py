"""Which table of the contract a sample is, and which of its columns are whose."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from redflags.analysis.profiling.column_profiles import ColumnKind, ColumnProfile
from redflags.analysis.profiling.content_guesses import content_guesses
from redflags.analysis.profiling.header_words import table_words
from redflags.analysis.profiling.samples import Sample, Sureness
from redflags.analysis.schemas import TABLES, Column, Kind, Table

SURE_SCORE, BLANK_SCORE = 60, 70
REQUIRED_POINTS, OPTIONAL_POINTS, MISSING_POINTS = 4.0, 1.0, 3.0
FILE_POINTS, HEADER_POINTS, UNSPOKEN_POINTS = 4.0, 2.0, 8.0
LEAST_POINTS, CONTENT_SHARE = 4.0, 0.5
LATER_CONCEPT, LEAST_DISTINCT = 35, 0.2
"""What a concept gives way to the one before it: an order's number before its request's."""
_ORDINARY = ("properties", "tenancies", "repairs")
"""Tables that a file may be without any word of it in the names of file and columns."""
_CONCEPTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("properties", "property_ref"): ("property", "id"),
    ("properties", "uprn"): ("uprn",),
    ("properties", "property_type"): ("property_type",),
    ("properties", "bedrooms"): ("bedrooms",),
    ("properties", "build_year"): ("build_year",),
    ("properties", "block_ref"): ("block",),
    ("properties", "patch"): ("patch",),
    ("tenancies", "tenancy_ref"): ("tenancy", "id"),
    ("tenancies", "property_ref"): ("property", "uprn"),
    ("tenancies", "start_date"): ("start",),
    ("tenancies", "end_date"): ("end",),
    ("tenancies", "tenure_code"): ("tenure", "category"),
    ("repairs", "work_order_ref"): ("order", "request", "id"),
    ("repairs", "property_ref"): ("property", "uprn"),
    ("repairs", "raised_at"): ("raised", "start"),
    ("repairs", "completed_at"): ("completed", "end"),
    ("repairs", "status"): ("status",),
    ("repairs", "work_type"): ("work_type",),
    ("repairs", "priority_code"): ("priority",),
    ("repairs", "trade_code"): ("trade",),
    ("repairs", "sor_code"): ("sor",),
    ("repairs", "description"): ("description",),
    ("repairs", "notes"): ("notes",),
    ("repairs", "cost_gbp"): ("cost",),
    ("lock_changes", "lock_change_ref"): ("lock", "order", "request", "id"),
    ("lock_changes", "property_ref"): ("property", "uprn"),
    ("lock_changes", "changed_at"): ("completed", "raised"),
    ("lock_changes", "reason"): ("reason", "description", "notes"),
    ("lock_changes", "work_order_ref"): ("order",),
    ("lock_changes", "cost_gbp"): ("cost",),
    ("asb", "report_ref"): ("report", "id", "case"),
    ("asb", "case_ref"): ("case",),
    ("asb", "subject_property_ref"): ("property", "uprn"),
    ("asb", "reported_at"): ("raised", "start"),
    ("asb", "category"): ("category", "work_type"),
    ("asb", "description"): ("description", "notes"),
    ("asb", "merged_into"): ("merged",),
    ("homelessness", "presentation_ref"): ("presentation", "case", "id"),
    ("homelessness", "tenancy_ref"): ("tenancy",),
    ("homelessness", "presented_at"): ("raised", "start"),
    ("homelessness", "reason"): ("reason", "description"),
    ("concerns", "concern_ref"): ("concern", "id", "case"),
    ("concerns", "property_ref"): ("property", "uprn"),
    ("concerns", "observed_at"): ("observed", "raised"),
    ("concerns", "reporter_role"): ("role",),
    ("concerns", "concern"): ("description", "concern", "notes"),
    ("protected", "tenancy_ref"): ("tenancy",),
    ("protected", "reason_code"): ("reason", "protection", "category"),
    ("protected", "from_date"): ("start",),
    ("protected", "until_date"): ("end",),
}
_REFS = (ColumnKind.REFERENCE, ColumnKind.INTEGER, ColumnKind.CODE)
_FITTING: Mapping[Kind, tuple[ColumnKind, ...]] = {
    Kind.REF: _REFS,
    Kind.TEXT: (ColumnKind.TEXT, ColumnKind.CODE, ColumnKind.REFERENCE),
    Kind.CATEGORY: (*_REFS, ColumnKind.TEXT),
    Kind.DATE: (ColumnKind.DATE,),
    Kind.TIMESTAMP: (ColumnKind.DATE,),
    Kind.MONEY: (ColumnKind.MONEY, ColumnKind.INTEGER),
    Kind.COUNT: (ColumnKind.INTEGER,),
}


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A canonical column and the column of theirs that seems to be it."""

    column: str
    profile: ColumnProfile
    sureness: Sureness
    why: str


@dataclass(frozen=True, slots=True)
class TableGuess:
    """The table a sample seems to be; without `missing` it can stand alone."""

    table: Table
    sample: Sample
    profiles: tuple[ColumnProfile, ...]
    columns: Mapping[str, ColumnGuess]
    points: float
    sureness: Sureness = Sureness.LIKELY
    homes: frozenset[str] = field(default_factory=frozenset)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.table.required_names if name not in self.columns)

    @property
    def unused(self) -> tuple[ColumnProfile, ...]:
        used = {guess.profile.name for guess in self.columns.values()}
        return tuple(p for p in self.profiles if p.name not in used and not p.personal)


def guess_table(
    sample: Sample, profiles: Sequence[ColumnProfile], homes: Iterable[str] = ()
) -> TableGuess | None:
    """The table that explains most of the sample; None when none does.

    Args:
        homes: references of homes known from elsewhere, in their bare form.
    """
    known = frozenset(homes)
    guesses = sorted(
        (_guess(table, sample, tuple(profiles), known) for table in TABLES.values()),
        key=lambda guess: -guess.points,
    )
    best, second = guesses[0], guesses[1]
    if best.points < LEAST_POINTS:
        return None
    is_clear = best.points - second.points >= FILE_POINTS and not best.missing
    sureness = Sureness.LIKELY if is_clear else Sureness.UNSURE
    return TableGuess(best.table, sample, best.profiles, best.columns, best.points, sureness, known)


def _is_spoken(table: Table, sample: Sample) -> bool:
    """Whether the name of the file or sheet speaks of the table."""
    return any(table.name in table_words(text) for text in (*sample.files, sample.sheet))


def guess_as(table: Table, guess: TableGuess) -> TableGuess:
    """The same sample, read as another table."""
    return _guess(table, guess.sample, guess.profiles, guess.homes)


def _guess(
    table: Table, sample: Sample, profiles: tuple[ColumnProfile, ...], homes: frozenset[str]
) -> TableGuess:
    is_spoken = _is_spoken(table, sample)
    columns = _assigned(table, profiles, homes, is_spoken)
    named = [g for g in columns.values() if g.why.startswith("its name")]
    required = set(table.required_names)
    points = sum(
        (REQUIRED_POINTS if guess.column in required else OPTIONAL_POINTS)
        * (1 if guess in named else CONTENT_SHARE)
        for guess in columns.values()
    )
    points -= MISSING_POINTS * len(required - set(columns))
    points += _spoken_points(table, sample)
    return TableGuess(table, sample, profiles, columns, points)


def _spoken_points(table: Table, sample: Sample) -> float:
    """What the names of file, sheet and columns say for or against a table."""
    if _is_spoken(table, sample):
        return FILE_POINTS
    if any(table.name in table_words(name) for name in sample.names):
        return HEADER_POINTS
    return 0 if table.name in _ORDINARY else -UNSPOKEN_POINTS


def _assigned(
    table: Table, profiles: Sequence[ColumnProfile], homes: frozenset[str], is_spoken: bool
) -> dict[str, ColumnGuess]:
    """By name first, the best match of all before the next; then by content."""
    candidates = sorted(
        (
            (score, -number, column.name, profile)
            for column in table.columns
            for number, profile in enumerate(profiles)
            if (score := _score(table, column, profile, is_spoken)) > 0
        ),
        key=lambda item: (item[0], item[1]),
        reverse=True,
    )
    found: dict[str, ColumnGuess] = {}
    used: set[str] = set()
    for score, _, name, profile in candidates:
        if name not in found and profile.name not in used:
            found[name] = _by_name(name, profile, score)
            used.add(profile.name)
    for guess in _by_content(table, found, [p for p in profiles if p.name not in used], homes):
        found[guess.column] = guess
    return {name: found[name] for name in table.column_names if name in found}


def _score(table: Table, column: Column, profile: ColumnProfile, is_spoken: bool) -> float:
    """How well a column's name says it; 0 where its values are of another kind.

    A bare "ref" is that of the table only where the file's name speaks of it.
    """
    if profile.personal or not _fits(column, profile):
        return 0
    is_key = table.key == (column.name,)
    if is_key and profile.distinct < LEAST_DISTINCT * len(profile.values):
        return 0
    concepts = _CONCEPTS.get((table.name, column.name), ())
    meant = [
        c if c != "id" or (is_spoken and profile.best_meaning == "id") else "" for c in concepts
    ]
    scores = [
        profile.meaning(c) - LATER_CONCEPT * n for n, c in enumerate(meant) if profile.meaning(c)
    ]
    best = max(scores, default=0)
    is_something_else = profile.best_meaning in ("other_date", "other_cost")
    if best < (BLANK_SCORE if profile.kind is ColumnKind.BLANK else 1) or (
        is_something_else and profile.best_meaning not in concepts
    ):
        return 0
    return best + (12 if is_key and profile.is_unique else 0) + 5 * profile.filled_share


def _fits(column: Column, profile: ColumnProfile) -> bool:
    if profile.kind is ColumnKind.BLANK:
        return not column.required
    if column.kind is Kind.REF and profile.kind is ColumnKind.TEXT:
        return profile.is_unique and all(len(value) <= 30 for value in profile.values)
    return profile.kind in _FITTING[column.kind]


def _by_name(name: str, profile: ColumnProfile, score: float) -> ColumnGuess:
    sureness = Sureness.SURE if score >= SURE_SCORE else Sureness.LIKELY
    if profile.kind is ColumnKind.BLANK:
        return ColumnGuess(name, profile, Sureness.UNSURE, "its name; no value came")
    return ColumnGuess(name, profile, sureness, "its name and its values")


def _by_content(
    table: Table,
    found: Mapping[str, ColumnGuess],
    left: Sequence[ColumnProfile],
    homes: frozenset[str],
) -> Iterator[ColumnGuess]:
    """What no name tells: the column most like what is still missing."""
    wanted = [column for column in table.columns if column.name not in found]
    usable = [profile for profile in left if not profile.personal]
    for column, profile, why in content_guesses(table, wanted, usable, homes):
        yield ColumnGuess(column, profile, Sureness.UNSURE, why)
