"""What each column of a sample holds, told by its values and then by its name."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from redflags.analysis.profiling.date_guesses import DateGuess, day_comes_first, guess_dates
from redflags.analysis.profiling.header_words import meanings_of
from redflags.analysis.profiling.personal_columns import personal_by_content, personal_by_name
from redflags.analysis.profiling.samples import Sample, Sureness
from redflags.analysis.profiling.value_shapes import (
    has_decimal_comma,
    has_pounds_or_pence,
    is_integer,
    is_money,
    shapes_of,
    share,
)

NEARLY_ALL = 0.95
MOST_CODES, TEXT_WORDS = 60, 2.5
LEAST_NAMELESS_DATES = 3
_SERIALS = (20_000, 80_000)
_DATED = frozenset({"raised", "completed", "start", "end", "observed", "other_date"})


class ColumnKind(StrEnum):
    """What the values of a column look like."""

    BLANK = "blank"
    DATE = "date"
    MONEY = "money"
    INTEGER = "integer"
    REFERENCE = "reference"
    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column; `values` are its filled cells and stay inside, `shapes` may be told."""

    name: str
    kind: ColumnKind
    values: tuple[str, ...] = field(repr=False)
    rows: int
    distinct: int
    personal: str
    dates: DateGuess | None
    meanings: tuple[tuple[str, int], ...]
    has_pounds: bool
    has_decimal_commas: bool

    @property
    def filled_share(self) -> float:
        return len(self.values) / self.rows if self.rows else 0.0

    @property
    def is_unique(self) -> bool:
        return bool(self.values) and self.distinct >= 0.99 * len(self.values)

    @property
    def shapes(self) -> str:
        return shapes_of(self.values)

    def meaning(self, concept: str) -> int:
        return dict(self.meanings).get(concept, 0)

    @property
    def best_meaning(self) -> str:
        return self.meanings[0][0] if self.meanings else ""


def profile_columns(sample: Sample) -> tuple[ColumnProfile, ...]:
    """Every column of the sample, in its order."""
    orders = [day_comes_first(sample.column(name)) for name in sample.names]
    shown = {order for order in orders if order is not None}
    elsewhere = next(iter(shown)) if len(shown) == 1 else None
    return tuple(_profile(sample, name, elsewhere) for name in sample.names)


def _profile(sample: Sample, name: str, day_first: bool | None) -> ColumnProfile:
    values = sample.column(name)
    meanings = meanings_of(name) if sample.has_header else ()
    dates = _dates(values, meanings, day_first)
    kind = _kind(values, dates)
    personal = personal_by_name(name) if sample.has_header else ""
    is_told_apart = kind in (ColumnKind.DATE, ColumnKind.MONEY)
    if not personal and not is_told_apart:
        personal = personal_by_content(values, kind is ColumnKind.TEXT)
    return ColumnProfile(
        name=name,
        kind=kind,
        values=tuple(values),
        rows=len(sample.rows),
        distinct=len(set(values)),
        personal=personal,
        dates=dates,
        meanings=meanings,
        has_pounds=any(map(has_pounds_or_pence, values)),
        has_decimal_commas=any(map(has_decimal_comma, values)),
    )


def _dates(
    values: Sequence[str], meanings: Sequence[tuple[str, int]], day_first: bool | None
) -> DateGuess | None:
    """Numbers are dates where the name says so, or where each of eight digits is one.

    45000 is a day of Excel, or a job: without a name it is no date.
    """
    is_named = bool(meanings) and meanings[0][0] in _DATED
    if values and all(map(is_integer, values)):
        if not is_named and (meanings or len({*values}) < LEAST_NAMELESS_DATES):
            return None
        if is_named and _are_serials(values):
            return DateGuess(
                ("%d/%m/%Y",), Sureness.LIKELY, "numbers of days, as Excel counts them"
            )
    return guess_dates(values, day_first)


def _are_serials(values: Sequence[str]) -> bool:
    return all(_SERIALS[0] <= int(value) <= _SERIALS[1] for value in values)


def _kind(values: Sequence[str], dates: DateGuess | None) -> ColumnKind:
    if not values:
        return ColumnKind.BLANK
    if dates:
        return ColumnKind.DATE
    if _most(values, is_integer):
        return ColumnKind.INTEGER
    if _most(values, lambda value: is_money(value) or has_decimal_comma(value)):
        return ColumnKind.MONEY
    words = sum(len(value.split()) for value in values) / len(values)
    if words > TEXT_WORDS:
        return ColumnKind.TEXT
    if len(set(values)) <= min(MOST_CODES, max(3, len(values) / 3)):
        return ColumnKind.CODE
    digits = share(values, sum(any(map(str.isdigit, value)) for value in values))
    return ColumnKind.REFERENCE if digits >= 0.8 and words <= 1.5 else ColumnKind.TEXT


def _most(values: Sequence[str], test: Callable[[str], bool]) -> bool:
    return share(values, sum(test(value) for value in values)) >= NEARLY_ALL


def counted(values: Sequence[str]) -> list[tuple[str, int]]:
    """Distinct values with their rows, the most frequent first."""
    return sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
