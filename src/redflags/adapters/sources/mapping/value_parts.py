"""What is taken off a value, or out of it: prefixes, suffixes, the part that a pattern names.

A value that does not fit stays as it came, and is counted: nothing that is there becomes nothing.
The patterns are RE2's, which DuckDB and Arrow share.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_ONE_LINE_OR_MANY = "(?s)"


@dataclass(frozen=True, slots=True)
class ValueStep:
    """One thing done to a value: its key in the mapping, what fits, and what is put there."""

    key: str
    pattern: str
    keeps_whole_text: bool = True

    def fits(self, value: str) -> str:
        """SQL: whether the SQL text `value` fits."""
        return f"regexp_matches({value}, {_quoted(self.pattern)})"

    def result(self, value: str) -> str:
        """SQL: what is left of a value that fits; a value that does not is as it came."""
        if self.keeps_whole_text:
            return f"regexp_replace({value}, {_quoted(self.pattern)}, '\\1')"
        part = f"nullif(trim(regexp_extract({value}, {_quoted(self.pattern)}, 1)), '')"
        return f"CASE WHEN {self.fits(value)} THEN {part} ELSE {value} END"


def value_steps(
    part: str | None, prefixes: Sequence[str], suffixes: Sequence[str]
) -> Iterator[ValueStep]:
    """The steps of one column, in the order in which they are taken."""
    if part:
        yield ValueStep("part", part, keeps_whole_text=False)
    if prefixes:
        yield ValueStep("strip_prefix", rf"{_ONE_LINE_OR_MANY}^(?i:{_any_of(prefixes)})\s*(.+)$")
    if suffixes:
        yield ValueStep("strip_suffix", rf"{_ONE_LINE_OR_MANY}^(.+?)\s*(?i:{_any_of(suffixes)})$")


def after_steps(value: str, steps: Sequence[ValueStep]) -> str:
    """SQL: what all steps leave of the SQL text `value`."""
    for step in steps:
        value = step.result(value)
    return value


def misfits(value: str, steps: Sequence[ValueStep]) -> Mapping[str, str]:
    """SQL for each key: "1" where there is a value and it does not fit, else null."""
    found: dict[str, str] = {}
    for step in steps:
        found[step.key] = f"CASE WHEN NOT {step.fits(value)} THEN '1' END"
        value = step.result(value)
    return found


def check_pattern(pattern: str) -> None:
    """Raises ValueError unless RE2 reads the pattern and it has exactly one group."""
    try:
        groups = re.compile(pattern).groups
        pc.match_substring_regex(pa.array([""]), pattern)
    except (re.error, pa.ArrowInvalid):
        raise ValueError(
            f"expected a regular expression as RE2 reads it (no looking ahead or behind); "
            f"{pattern!r} came"
        ) from None
    if groups != 1:
        raise ValueError(
            f"expected one group, as in ^([0-9]+); {groups} came in {pattern!r}: "
            "write (?:…) for those that are no part of the value"
        )


def _any_of(texts: Sequence[str]) -> str:
    """The longest first, so that "Planned-" goes before "P"."""
    return "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"
