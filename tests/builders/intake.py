"""Files of a night with only what a judgement of them looks at."""

from datetime import date
from pathlib import Path

from redflags.analysis.extracts import FaultCount
from redflags.analysis.monitoring.intake_judgement import FileIntake
from redflags.analysis.schemas import TABLES
from redflags.configuration.intake_settings import IntakeSettings, load_intake_settings
from redflags.domain.row_problem import ProblemCode

SHIPPED = Path(__file__).parents[2] / "config" / "intake.toml"


def shipped_limits() -> IntakeSettings:
    """5 % and 2 rows; half of the households; 14 days; 5 nights."""
    return load_intake_settings(SHIPPED, TABLES)


def bad_dates(rows: int, shape: str = "99/99/9999") -> FaultCount:
    return FaultCount("raised_at", ProblemCode.BAD_DATE, rows, shape)


def file_of(
    read: int,
    set_aside: int = 0,
    *faults: FaultCount,
    table: str = "repairs",
    source: str = "canonical",
    place: int = 1,
    files: int = 1,
    newest: date | None = None,
) -> FileIntake:
    told = faults or ((bad_dates(set_aside),) if set_aside else ())
    return FileIntake(source, table, place, files, read, set_aside, told, newest)
