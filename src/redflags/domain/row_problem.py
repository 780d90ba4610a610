"""A row that could not be taken as it came: a fact to be listed, not an exception.

A problem names the place and the kind of fault, never the value: reports of faults travel further
than the data they are about.
"""

from enum import StrEnum


class ProblemCode(StrEnum):
    """Why a row was set aside or changed. `is_note` codes do not set the row aside."""

    MISSING_VALUE = "missing_value"
    BAD_DATE = "bad_date"
    BAD_NUMBER = "bad_number"
    NEGATIVE_NUMBER = "negative_number"
    UNKNOWN_CATEGORY = "unknown_category"
    ENDS_BEFORE_START = "ends_before_start"
    MALFORMED_ROW = "malformed_row"
    TOTALS_ROW = "totals_row"
    TOO_LONG = "too_long"
    UNUSABLE_VALUE = "unusable_value"
    ENCODING_REPAIRED = "encoding_repaired"
    SPREADSHEET_ERROR = "spreadsheet_error"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    UNREADABLE_TYPE = "unreadable_type"

    @property
    def is_note(self) -> bool:
        """True when the row is kept and only a value in it was repaired or dropped."""
        return self in NOTES


NOTES = frozenset(
    {
        ProblemCode.UNKNOWN_CATEGORY,
        ProblemCode.ENCODING_REPAIRED,
        ProblemCode.UNUSABLE_VALUE,
        ProblemCode.BAD_NUMBER,
        ProblemCode.NEGATIVE_NUMBER,
        ProblemCode.TOO_LONG,
        ProblemCode.SPREADSHEET_ERROR,
        ProblemCode.FORMULA_WITHOUT_VALUE,
        ProblemCode.UNREADABLE_TYPE,
    }
)
