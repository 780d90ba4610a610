"""What files are called where their own names may not be told: a name may be a person's.

A name made of nothing but the words of its pattern, the table's, dates and short numbers is told as
it is. Any other is told as "repairs file 3 of 7", by its place in the order in which the files are
taken, and kept in the store under a digest.
"""

import hashlib
import os
import re
from collections.abc import Sequence

from redflags.adapters.sources.files.dates_in_names import MONTH_WORDS

LONGEST_NUMBER = 4
_HARMLESS = MONTH_WORDS | {
    *("week", "weeks", "wk", "w", "day", "month", "quarter", "q", "t", "z", "st", "nd", "rd", "th"),
    *("part", "no", "nr", "full", "all", "delta", "deltas", "update", "updates", "new", "data"),
    *("extract", "extracts", "export", "report", "csv", "tsv", "txt", "tab", "dat", "gz", "xlsx"),
    *(
        "xlsm",
        "json",
        "jsonl",
        "job",
        "jobs",
        "order",
        "orders",
        "work",
        "works",
        "repair",
        "repairs",
    ),
    *("lock", "locks", "case", "cases", "complaint", "complaints", "home", "homes", "invoices"),
}
_word = re.compile(r"[^\W\d_]+")
_number = re.compile(r"\d+")
_lengths_of_dates = frozenset({6, 8, 12, 14})


def can_be_told(name: str, patterns: Sequence[str], table: str) -> bool:
    """Whether nothing in the name can be somebody's."""
    known = _HARMLESS | set(_words(table)) | {w for pattern in patterns for w in _words(pattern)}
    numbers = _number.findall(name)
    return (
        name.isascii()
        and name.isprintable()
        and all(word in known for word in _words(name))
        and all(len(n) <= LONGEST_NUMBER or len(n) in _lengths_of_dates for n in numbers)
    )


def kept_name(name: str, patterns: Sequence[str], table: str) -> str:
    """What the store knows the file by: the same every night."""
    if can_be_told(name, patterns, table):
        return name
    return f"{table} file {hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"


def told_name(name: str, patterns: Sequence[str], table: str, place: int, files: int) -> str:
    """What notes call the file; `place` counts from 1 among `files`."""
    if can_be_told(name, patterns, table):
        return name
    return f"{table} file {place} of {files}"


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _word.findall(text)]
