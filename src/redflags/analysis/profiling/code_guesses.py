"""What a system's codes probably stand for, and which codes may be shown at all."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redflags.analysis.profiling.personal_columns import may_be_personal

MOST_SHOWN = 40
LONGEST_CODE, LONGEST_RARE_CODE, ROWS_OF_A_PHRASE = 30, 12, 3
_MEANINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "status": (
        ("cancelled", r"cancel|^can$|^cnl|^cxl|withdrawn|abort|void"),
        ("no access", r"no ?access|^n/?a$|noacc|carded"),
        ("completed", r"compl|^cmp|^com$|^cpl|closed|^cls|finish|^fin|^done|^inv|paid|practical"),
        ("on hold", r"hold|await|suspend|^hld|pending"),
        ("in progress", r"progress|open|issued|raised|^new|^iss|^wip|start|assign|book|alloc"),
    ),
    "work_type": (
        ("void", r"void|empty|relet|^vd$|^v$"),
        ("adaptation", r"adapt|disab|^da$|^dfg"),
        ("defect", r"defect|^dv$|warranty"),
        ("cyclical", r"cyclic|service|servicing|gas safety|^cyc|^gs$"),
        ("planned", r"plann|programme|capital|major|^pl|^pw"),
        ("communal", r"communal|block|^com"),
        ("responsive", r"respon|react|day.?to.?day|repair|emerg|urgent|routine|^r$|^rr|^rep|^res"),
    ),
    "property_type": (
        ("maisonette", r"mais|^ma?s"),
        ("sheltered", r"shelt|extra ?care|^sh"),
        ("bungalow", r"bung|^bn?g"),
        ("flat", r"flat|apart|bedsit|studio|^fl?t?$"),
        ("house", r"house|terrace|semi|detach|^hs?e?$"),
    ),
    "reason_code": (
        ("sanctuary_works", r"sanctu"),
        ("do_not_contact", r"contact|dnc"),
        ("staff_household", r"staff|employee"),
        ("open_case", r"open|case|marac|dv|dash"),
    ),
}  # fmt: skip
FALLBACKS = {"work_type": "responsive", "property_type": "other"}
"""Ours for codes whose meaning is not known, where only listed words are taken."""


@dataclass(frozen=True, slots=True)
class CodeGuess:
    """One code of theirs, ours, its rows, and whether a word in it tells the meaning."""

    theirs: str
    ours: str
    rows: int
    is_told: bool


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """The codes of a column that may be shown, and how many were left out."""

    codes: tuple[CodeGuess, ...]
    not_shown: int


def guess_codes(column: str, values: Sequence[str]) -> CodeBlock:
    """Ours for each code: what its words say, else the code itself, to be filled in."""
    counted = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    folded: dict[str, tuple[str, int]] = {}
    for code, rows in counted:
        first, before = folded.get(code.casefold(), (code, 0))
        folded[code.casefold()] = (first, before + rows)
    shown = [(code, rows) for code, rows in folded.values() if may_be_shown(code, rows)]
    guesses = [_guess(column, code, rows) for code, rows in shown[:MOST_SHOWN]]
    return CodeBlock(tuple(guesses), len(folded) - len(guesses))


def speaks_of(column: str, value: str) -> bool:
    """Whether the words of a value say what it means for the column."""
    return bool(_meaning(column, value))


def may_be_shown(code: str, rows: int) -> bool:
    """A rare phrase may be somebody's sentence or name that got into the column."""
    if len(code) > LONGEST_CODE or may_be_personal(code) or "*" in code:
        return False
    is_short = len(code) <= LONGEST_RARE_CODE and " " not in code.strip()
    return rows >= ROWS_OF_A_PHRASE or is_short


def _guess(column: str, code: str, rows: int) -> CodeGuess:
    ours = _meaning(column, code)
    return CodeGuess(code, ours or FALLBACKS.get(column, code), rows, bool(ours))


def _meaning(column: str, value: str) -> str:
    plain = value.strip().casefold()
    listed = _MEANINGS.get(column, ())
    if plain in {ours for ours, _ in listed}:
        return plain
    return next((ours for ours, pattern in listed if re.search(pattern, plain)), "")
