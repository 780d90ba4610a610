"""Suppression against a reader who solves the equations, on random reports of joined tables."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from builders.examples import examples
from redflags.analysis.monitoring.small_number_suppression import (
    DisclosedCount,
    Disclosure,
    Sum,
    suppress,
)

SMALL = 5
NO_END = 10_000


SIZES = st.one_of(st.integers(0, 7), st.integers(6, 14), st.integers(20, 60))


@st.composite
def reports(draw: st.DrawFn) -> tuple[dict[str, int], list[Sum]]:
    """Counts and sums as reports have them: totals cut in several ways, parts cut again."""
    counts: dict[str, int] = {}
    sums: list[Sum] = []
    for table in ("a", "b")[: draw(st.integers(1, 2))]:
        sizes = draw(st.lists(SIZES, min_size=1, max_size=5))
        counts[table] = sum(sizes)
        parts = _parts(f"{table}0", sizes, counts, table, sums)
        if draw(st.booleans()):
            _parts(f"{table}1", _split(draw, sum(sizes)), counts, table, sums)
        for part in parts:
            if draw(st.booleans()):
                _parts(f"{part}.", _split(draw, counts[part]), counts, part, sums)
    return counts, sums


def _parts(
    prefix: str, sizes: list[int], counts: dict[str, int], whole: str, sums: list[Sum]
) -> tuple[str, ...]:
    names = tuple(f"{prefix}{place}" for place in range(len(sizes)))
    counts.update(zip(names, sizes, strict=True))
    sums.append(Sum(whole, names))
    return names


def _split(draw: st.DrawFn, whole: int) -> list[int]:
    cuts = sorted(draw(st.lists(st.integers(0, whole), max_size=3)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, whole], strict=True)]


class Reader:
    """Knows every mark, every number shown and every sum, and solves for the rest exactly."""

    def __init__(
        self, counts: dict[str, int], sums: list[Sum], known: dict[str, DisclosedCount]
    ) -> None:
        self._names = list(dict.fromkeys([*counts, *(n for item in sums for n in item.counts)]))
        self._said = {name: _said(counts[name], known[name].disclosure) for name in counts}
        self._sums = sums

    def least_and_most(self, name: str) -> tuple[float, float]:
        least, most = self._solved(name, 1), self._solved(name, -1)
        assert least is not None
        assert most is not None
        return least, most

    def may_be(self, name: str, value: int) -> bool:
        return self._solved(name, 1, {name: (value, value)}) is not None

    def _solved(
        self, name: str, sign: int, also: dict[str, tuple[float, float]] | None = None
    ) -> float | None:
        """The least (sign 1) or the most (sign -1) that `name` can be; None when nothing fits."""
        said = {**self._said, **(also or {})}
        lows, highs = zip(*(said.get(n, (0, NO_END)) for n in self._names), strict=True)
        goal = np.array([sign * (n == name) for n in self._names], dtype=float)
        answer = milp(
            goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(lows, highs),
            constraints=LinearConstraint(self._equations(), 0, 0) if self._sums else (),
        )
        return round(sign * answer.fun) if answer.success else None

    def _equations(self) -> np.ndarray:
        rows = np.zeros((len(self._sums), len(self._names)))
        for row, item in zip(rows, self._sums, strict=True):
            row[self._names.index(item.whole)] = -1
            row[[self._names.index(part) for part in item.parts]] = 1
        return rows


def _said(count: int, disclosure: Disclosure) -> tuple[float, float]:
    ranges = {
        Disclosure.SHOWN: (count, count),
        Disclosure.SMALL: (0, SMALL),
        Disclosure.UNSAID: (0, NO_END),
    }
    return ranges.get(disclosure, (SMALL + 1, NO_END))


@examples(60)
@given(reports())
def test_who_solves_the_equations_learns_no_hidden_count(
    report: tuple[dict[str, int], list[Sum]],
) -> None:
    counts, sums = report
    known = suppress(counts, sums, SMALL)
    reader = Reader(counts, sums, known)
    for name, what in known.items():
        if what.disclosure is Disclosure.SMALL:
            assert all(reader.may_be(name, value) for value in range(1, SMALL + 1))
        elif not what.is_shown:
            least, most = reader.least_and_most(name)
            assert most - least >= SMALL - 1


@examples(60)
@given(reports())
def test_the_bounds_told_are_those_a_reader_finds(
    report: tuple[dict[str, int], list[Sum]],
) -> None:
    counts, sums = report
    known = suppress(counts, sums, SMALL)
    reader = Reader(counts, sums, known)
    for name, what in known.items():
        least, most = reader.least_and_most(name)
        assert what.low == least
        assert what.high == most or most > NO_END / 2 < what.high
        assert least <= counts[name] <= most


@given(reports())
def test_no_small_count_is_ever_shown(report: tuple[dict[str, int], list[Sum]]) -> None:
    counts, sums = report
    known = suppress(counts, sums, SMALL)
    assert all(counts[name] > SMALL for name, what in known.items() if what.is_shown)


@given(st.lists(st.integers(SMALL + 1, 500), min_size=1, max_size=8))
def test_nothing_is_hidden_where_nothing_is_small(parts: list[int]) -> None:
    names = tuple(f"p{place}" for place in range(len(parts)))
    counts = {"whole": sum(parts), **dict(zip(names, parts, strict=True))}
    known = suppress(counts, [Sum("whole", names)], SMALL)
    assert all(what.is_shown for what in known.values())
