"""Columns that no name explains, by what is in them."""

import re
from collections.abc import Iterator, Sequence

from redflags.analysis.profiling.code_guesses import speaks_of
from redflags.analysis.profiling.column_profiles import ColumnKind, ColumnProfile
from redflags.analysis.profiling.reference_forms import LEAST_OVERLAP, bare, overlap
from redflags.analysis.profiling.value_shapes import share
from redflags.analysis.schemas import END_COLUMNS, Column, Kind, Table

LEAST_SPEAKING = 0.5
_REFS = (ColumnKind.REFERENCE, ColumnKind.INTEGER, ColumnKind.CODE, ColumnKind.TEXT)
_RATE_CODE = re.compile(r"(?:[A-Za-z]+-)?[A-Za-z]{0,2}\d{4}[0-9A-Z]{2}")
_HOMES = frozenset({"property_ref", "subject_property_ref"})
_SPOKEN = frozenset({"status", "work_type", "property_type", "reason_code"})
_GENERIC = frozenset({"", "id"})

Found = tuple[str, ColumnProfile, str]


def content_guesses(
    table: Table,
    wanted: Sequence[Column],
    profiles: Sequence[ColumnProfile],
    homes: frozenset[str],
) -> Iterator[Found]:
    """Canonical column, their column and why; each of their columns once.

    The order of `wanted` does not matter: homes go first, because they are known from elsewhere.
    """
    left = list(profiles)
    order = sorted(wanted, key=lambda column: (column.name not in _HOMES, not column.required))
    for column in order:
        choice = _choice(table, column, left, homes)
        if choice is not None:
            profile, why = choice
            left.remove(profile)
            yield column.name, profile, why


def _choice(
    table: Table, column: Column, profiles: Sequence[ColumnProfile], homes: frozenset[str]
) -> tuple[ColumnProfile, str] | None:
    nameless = [profile for profile in profiles if profile.best_meaning in _GENERIC]
    if column.name in _HOMES:
        return _homes(profiles, homes)
    if table.key == (column.name,):
        keys = [p for p in nameless if p.is_unique and p.kind in _REFS[:2]]
        return (keys[0], "each value comes once") if keys else None
    if column.kind in (Kind.DATE, Kind.TIMESTAMP):
        return _dates(column, [p for p in nameless if p.kind is ColumnKind.DATE])
    if column.kind is Kind.MONEY:
        sums = [p for p in nameless if p.kind is ColumnKind.MONEY and p.has_pounds]
        return (sums[0], "sums of money") if sums else None
    if column.kind is Kind.TEXT:
        texts = [p for p in nameless if p.kind is ColumnKind.TEXT]
        return (max(texts, key=_length), "the longest texts") if texts else None
    return _codes(column, nameless)


def _homes(
    profiles: Sequence[ColumnProfile], homes: frozenset[str]
) -> tuple[ColumnProfile, str] | None:
    shares = [
        (overlap(map(bare, profile.values), homes), -number, profile)
        for number, profile in enumerate(profiles)
        if profile.kind in _REFS
    ]
    best = max(shares, key=lambda item: item[:2], default=None)
    if best is None or best[0] < LEAST_OVERLAP:
        return None
    return best[2], f"{best[0]:.0%} of its values are homes that are known"


def _dates(column: Column, dates: Sequence[ColumnProfile]) -> tuple[ColumnProfile, str] | None:
    """What begins is filled in every row; what ends is not."""
    if not dates:
        return None
    if column.name in END_COLUMNS:
        return min(dates, key=lambda profile: profile.filled_share), "dates, often blank"
    return max(dates, key=lambda profile: profile.filled_share), "dates, the most filled"


def _codes(column: Column, profiles: Sequence[ColumnProfile]) -> tuple[ColumnProfile, str] | None:
    for profile in profiles:
        values = profile.values
        if column.name == "sor_code" and profile.distinct <= 0.5 * len(values):
            rates = sum(bool(_RATE_CODE.fullmatch(value)) for value in values)
            if share(values, rates) >= LEAST_SPEAKING:
                return profile, "shaped as codes of a schedule of rates"
        elif column.name in _SPOKEN and profile.kind is ColumnKind.CODE:
            spoken = sum(speaks_of(column.name, value) for value in values)
            if share(values, spoken) >= LEAST_SPEAKING:
                return profile, "its words"
    return None


def _length(profile: ColumnProfile) -> float:
    return sum(map(len, profile.values)) / max(1, len(profile.values))
