"""Dates that stand for none: an end that a system had to fill in although nothing has ended."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from redflags.analysis.validation import EARLIEST_YEAR, LATEST_YEAR

DEFAULT_NO_DATES = ("1970-01-01", "2079-06-06", "2099-12-31", "null", "none", "n/a", "nil", "0")
"""What counts as none beside years that no end can have (1900, 1753, 0001, 2999, 9999 …)."""
_SERIALS_OF_9999 = ("2958465", "2958466")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def is_no_date(text: str, listed: Sequence[str]) -> bool:
    """Whether a date as it came, or in ISO 8601, stands for none.

    `listed` holds days in ISO 8601, years and words; case does not matter.
    """
    plain = text.strip().lower()
    years = _YEAR.findall(plain)
    return (
        plain in listed
        or plain[:10] in listed
        or plain in _SERIALS_OF_9999
        or not any(letter.isalnum() for letter in plain)
        or any(year in listed or not EARLIEST_YEAR < int(year) <= LATEST_YEAR for year in years[:1])
    )


def without_no_dates(values: pa.Array, listed: Sequence[str]) -> tuple[pa.Array, int]:
    """The column with such dates blank, and how many there were.

    Dates of years that an end can have are let through at a glance.
    """
    lowered = tuple(text.lower() for text in listed)
    first, last = f"{EARLIEST_YEAR + 1}-", f"{LATEST_YEAR + 1}-"
    is_usual = pc.and_(pc.greater_equal(values, first), pc.less(values, last))
    is_usual = pc.and_(is_usual, pc.equal(pc.utf8_slice_codeunits(values, 4, 5), "-"))
    days = pa.array([text[:10] for text in lowered], pa.string())
    is_listed = pc.is_in(pc.utf8_slice_codeunits(values, 0, 10), value_set=days)
    years = pa.array([text for text in lowered if len(text) == 4], pa.string())
    is_listed = pc.or_(is_listed, pc.is_in(pc.utf8_slice_codeunits(values, 0, 4), value_set=years))
    doubtful = pc.unique(values.filter(pc.or_(pc.invert(is_usual), is_listed)))
    none = [text for text in doubtful.to_pylist() if text and is_no_date(text, lowered)]
    if not none:
        return values, 0
    is_none = pc.is_in(values, value_set=pa.array(none, pa.string()))
    return pc.if_else(is_none, pa.scalar(None, pa.string()), values), int(pc.sum(is_none).as_py())
