"""References that came more than once in one extract, and what was done about them."""

from dataclasses import dataclass
from enum import StrEnum


class Repetition(StrEnum):
    """What is to become of rows of one extract that share a reference and differ."""

    COMBINE = "combine"
    REPLACE = "replace"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many references came more than once, in how many rows, and how many name two homes."""

    repetition: Repetition
    references: int
    rows: int
    homes: int = 0

    def note(self, table: str) -> str:
        """A sentence for the operator."""
        came = (
            f"{self.references} references of {table} came more than once in one file "
            f"({self.rows} rows that differ): "
        )
        match self.repetition:
            case Repetition.COMBINE:
                return came + "each became one record with all texts and the sum of its costs"
            case Repetition.REPLACE:
                return came + "only the last row of each counts"
            case Repetition.REPORT:
                return came + (
                    "only the last row of each counts; correct the export, or set repeated in the "
                    'mapping to "combine" or "replace"'
                )

    def doubt(self, table: str) -> str:
        """A sentence for the operator when rows may be wrong; empty when there is nothing."""
        if self.repetition is Repetition.REPORT:
            return self.note(table)
        if self.homes:
            return (
                f"{self.homes} references of {table} came more than once in one file with "
                "different homes, and only one home of each was kept: is the reference that of "
                "one job?"
            )
        return ""
