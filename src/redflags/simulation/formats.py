"""Values as they stand in a CSV file: text columns, blank where something is missing."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from redflags.simulation.span import Flags, Floats, Ints, Span
from redflags.simulation.text import Texts, alternatives

Column = pd.Series
"""Text, with a missing value where the file has a blank."""

_CLOCK_SHARES = (0.0, 0.06, 0.52, 0.90, 1.0)
_CLOCK_SECONDS = (0, 8 * 3600, 12 * 3600, 17 * 3600, 24 * 3600 - 1)
"""Share of calls that came in before midnight, 8, 12, 17 and 24 o'clock."""


def table(**columns: "Iterable[object]") -> pd.DataFrame:
    """A frame of text columns in the given order."""
    return pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in columns.items()})


def refs(numbers: Ints, width: int, prefix: str = "") -> Texts:
    """Zero-padded references."""
    return np.array([f"{prefix}{number:0{width}d}" for number in numbers.tolist()], dtype=object)


def dates(span: Span, day: Floats | Ints) -> Texts:
    """ISO dates of whole days counted from the first of the span; blank when infinite."""
    known = np.isfinite(day)
    whole = np.where(known, day, 0).astype(np.int64)
    text = np.datetime_as_string(np.datetime64(span.since, "D") + whole, unit="D").astype(object)
    return blanked(text, ~known)


def timestamps(span: Span, seconds: Ints) -> Texts:
    """ISO date and time of seconds counted from the first midnight of the span."""
    moments = np.datetime64(span.since, "s") + seconds
    return np.datetime_as_string(moments, unit="s").astype(object)


def clock_seconds(day: Floats) -> Ints:
    """Seconds from the first midnight: calls gather in working hours, their order is kept."""
    whole = np.floor(day)
    return (whole * 86_400 + np.interp(day - whole, _CLOCK_SHARES, _CLOCK_SECONDS)).astype(np.int64)


def money(pounds: Floats, missing: Flags) -> Texts:
    """Pounds with two decimals."""
    pence = np.round(pounds * 100).astype(np.int64).tolist()
    text = np.array([f"{value // 100}.{value % 100:02d}" for value in pence], dtype=object)
    return blanked(text, missing)


def blanked(text: Texts, missing: Flags) -> Texts:
    """The same column with blanks where `missing`."""
    text = text.copy()
    text[missing] = None
    return text


def named(names: ArrayLike, numbers: Ints) -> Texts:
    """The name that each number stands for."""
    return np.asarray(names, dtype=object)[numbers]


def picked(choices: str, size: int, rng: np.random.Generator) -> Texts:
    """`size` random alternatives of a list written with bars."""
    names: NDArray[np.object_] = np.array(alternatives(choices), dtype=object)
    return names[rng.integers(len(names), size=size)]
