"""Cells that hold an error instead of a value, as text: what spreadsheets write, and what we do.

A reader that cannot give the text of a cell gives one of these instead of nothing, so that the
row's problem says what was there.
"""

import re

from redflags.domain.row_problem import ProblemCode

FORMULA_WITHOUT_VALUE = "#FORMULA WITHOUT VALUE!"
"""A formula whose result was never stored in the workbook."""
UNREADABLE_TYPE = "#UNREADABLE TYPE"
"""A value of a database or workbook that has no text; the name of its type follows."""

SPREADSHEET_ERRORS = (
    "#N/A",
    "#REF!",
    "#NAME?",
    "#VALUE!",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#UNKNOWN!",
    "#BUSY!",
    "#PYTHON!",
    "#GETTING_DATA",
    "#ERROR!",
)
_TOO_NARROW = "^##+$"
"""What a column that is too narrow shows, and what is exported as text then."""


def is_error(value: str) -> str:
    """SQL: whether the SQL text `value`, trimmed, is an error instead of a value."""
    listed = ", ".join(f"'{text}'" for text in SPREADSHEET_ERRORS)
    return (
        f"CASE WHEN starts_with({value}, '#') THEN upper({value}) IN ({listed}) "
        f"OR regexp_matches({value}, '{_TOO_NARROW}') OR {value} = '{FORMULA_WITHOUT_VALUE}' "
        f"OR starts_with({value}, '{UNREADABLE_TYPE}') ELSE false END"
    )


def error_code(value: str) -> ProblemCode | None:
    """The problem that a trimmed cell tells of, None for a value."""
    if value == FORMULA_WITHOUT_VALUE:
        return ProblemCode.FORMULA_WITHOUT_VALUE
    if value.startswith(UNREADABLE_TYPE):
        return ProblemCode.UNREADABLE_TYPE
    if value.upper() in SPREADSHEET_ERRORS or re.match(_TOO_NARROW, value):
        return ProblemCode.SPREADSHEET_ERROR
    return None
