"""Values by their looks, so that something can be told of them without telling them."""

import re
from collections import Counter
from collections.abc import Sequence

LONGEST_SHAPE, MOST_WORDS = 24, 2
MOST_SHAPES = 3
_MONEY = re.compile(
    r"[-(]?\s*(?:£|GBP)?\s*-?\s*(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d{1,4})?\s*(?:-|\)|CR|DR)?"
)
_DECIMAL_COMMA = re.compile(r"[-(]?\s*£?\s*(?:\d{1,3}(?:\.\d{3})+|\d+),\d{2}\)?")
_INTEGER = re.compile(r"\d+")
_WORDS_FOR_NONE = frozenset({"null", "none", "n/a", "nil", "-", "."})


def shape_of(value: str) -> str:
    """Digits as 9, capitals as A, small letters as a; a text as its number of words."""
    words = value.split()
    if len(words) > MOST_WORDS or len(value) > LONGEST_SHAPE:
        return f"text of {_rounded(len(words))} words"
    shape = re.sub(r"[^\W\d_]", lambda match: "A" if match[0].isupper() else "a", value)
    return re.sub(r"\d", "9", shape)


def shapes_of(values: Sequence[str]) -> str:
    """The most frequent shapes of a column with their counts, for a comment."""
    counted = Counter(map(shape_of, values)).most_common()
    shown = ", ".join(f"{shape} ({rows})" for shape, rows in counted[:MOST_SHAPES])
    rest = len(counted) - MOST_SHAPES
    return f"{shown} and {rest} other shapes" if rest > 0 else shown


def is_money(value: str) -> bool:
    return bool(_MONEY.fullmatch(value))


def has_pounds_or_pence(value: str) -> bool:
    """Whether a number is plainly a sum of money."""
    return "£" in value or bool(re.search(r"\.\d\d\b", value)) or "GBP" in value


def has_decimal_comma(value: str) -> bool:
    return bool(_DECIMAL_COMMA.fullmatch(value))


def is_integer(value: str) -> bool:
    return bool(_INTEGER.fullmatch(value))


def is_word_for_none(value: str) -> bool:
    return value.casefold() in _WORDS_FOR_NONE


def shared_start(values: Sequence[str]) -> str:
    """What all values begin with."""
    if not values:
        return ""
    first, last = min(values), max(values)
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:length]


def share(values: Sequence[str], matching: int) -> float:
    return matching / len(values) if values else 0.0


def _rounded(words: int) -> str:
    """A number of words as a range: the exact one says more than is needed."""
    return "up to 5" if words <= 5 else "6 to 20" if words <= 20 else "over 20"
