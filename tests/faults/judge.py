"""What became of an extract: every row in, told with 3 or 4, or lost in silence."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from builders.sources import CITY, READY
from faults.extracts import EXTRACTS
from redflags.bootstrap import Program
from redflags.errors import RedflagsError
from redflags.services.intake.ingest import take_everything
from redflags.settings import read_settings

ALL_IN, TOLD, LOST = "all in", "told with 3 or 4", "LOST IN SILENCE"
SET_ASIDE = "set aside within the share"
NOTED = "noted with 0"
"""A canonical file that stops without a line end: an older promise is that this is no fault."""
ABSENT = "absent table"
"""Exit 0 by the contract, when an evidence table is left; the night says what was absent."""
UNKNOWABLE = "cut between two rows"
"""Nothing in the file tells it; the last good night does, and a companion file."""
AS_OF = date(2026, 11, 20)
REPOSITORY = READY.parents[1]
KEPT_FOR_LONG = ("record_days = { value = 1460", "record_days = { value = 9300")
"""One layout of a city is of 2013, and what is older than is kept would be told of every file."""


@dataclass(frozen=True)
class Arrived:
    """Rows of each table, how they were taken, and whether the command would end with 0."""

    rows: dict[str, int]
    set_aside: int
    is_quiet: bool
    notes: str


@contextmanager
def installed(name: str, folder: Path) -> Iterator[Path]:
    """An installation of its own that reads one extract; gives the folder of the extract."""
    mapping, write = EXTRACTS[name]
    extracts, config = folder / "extracts", folder / "config"
    extracts.mkdir(parents=True)
    (config / "sources").mkdir(parents=True)
    for part in ("ruleset.toml", "signals.toml", "review.toml", "intake.toml"):
        shutil.copy(REPOSITORY / "config" / part, config)
    rules = config / "ruleset.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace(*KEPT_FOR_LONG), encoding="utf-8")
    ready = READY / f"{mapping}.toml"
    text = (ready if ready.exists() else CITY / f"{mapping}.toml").read_text(encoding="utf-8")
    text = text.replace("enabled = false", "enabled = true", 1)
    (config / "sources" / f"{mapping}.toml").write_text(text, encoding="utf-8")
    write(extracts)
    before = dict(os.environ)
    os.environ |= {
        "REDFLAGS_HOME": str(folder / "home"),
        "REDFLAGS_CONFIG": str(config),
        "REDFLAGS_EXTRACTS": str(extracts),
        "REDFLAGS_SECRET_KEY": "a secret of the fault injector, long enough",
        "REDFLAGS_QUIET_SECONDS": "0",
        "CIVICA_DATABASE_URL": f"sqlite:///{extracts / 'civica.sqlite3'}",
    }
    try:
        yield extracts
    finally:
        os.environ.clear()
        os.environ |= before


def program_here() -> Program:
    """The program of the installation, its configuration read once."""
    return Program(read_settings())


def taken(program: Program) -> Arrived | None:
    """What `redflags ingest` makes of the extract as it is; None when it ends with 2 or 4."""
    try:
        with program.passing_record_store() as records:
            intake = program.intake(records, AS_OF)
            policy = program.ingest_policy(AS_OF)
            came = take_everything(intake, policy, AS_OF, program.signal_set.hash)
    except RedflagsError:
        return None
    return Arrived(
        {table.table: table.read for table in came.tables},
        sum(table.quarantined for table in came.tables),
        came.is_whole,
        " ".join(came.notes),
    )


def verdict(what: str, good: Arrived, faulty: Arrived | None) -> str:
    """How the fault `what` was met."""
    if faulty is None or not faulty.is_quiet:
        return TOLD
    # a line end that was changed makes one row of two, which is set aside as one
    told_rows = 2 * (faulty.set_aside - good.set_aside)
    if any(rows - faulty.rows.get(table, 0) > told_rows for table, rows in good.rows.items()):
        if "last line has no end" in faulty.notes:
            return NOTED
        if what.endswith("between rows"):
            return UNKNOWABLE
        return ABSENT if what.endswith("gone") else LOST
    return SET_ASIDE if told_rows else ALL_IN
