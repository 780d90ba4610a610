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

ALL_IN, TOLD, SET_ASIDE, LOST = "all in", "told", "set aside within the share", "LOST IN SILENCE"
AS_OF = date(2026, 11, 20)
REPOSITORY = READY.parents[1]


@dataclass(frozen=True)
class Arrived:
    """Rows of each table, how they were taken, and whether the command would end with 0."""

    rows: dict[str, int]
    set_aside: int
    is_quiet: bool


@contextmanager
def installed(name: str, folder: Path) -> Iterator[Path]:
    """An installation of its own that reads one extract; gives the folder of the extract."""
    mapping, write = EXTRACTS[name]
    extracts, config = folder / "extracts", folder / "config"
    extracts.mkdir(parents=True)
    (config / "sources").mkdir(parents=True)
    for part in ("ruleset.toml", "signals.toml", "review.toml", "intake.toml"):
        shutil.copy(REPOSITORY / "config" / part, config)
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


def taken() -> Arrived | None:
    """What `redflags ingest` makes of the extract as it is; None when it ends with 2 or 4."""
    program = Program(read_settings())
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
    )


def verdict(good: Arrived, faulty: Arrived | None) -> str:
    """How a fault was met."""
    if faulty is None or not faulty.is_quiet:
        return TOLD
    if any(faulty.rows.get(table, 0) < rows for table, rows in good.rows.items()):
        return LOST
    return SET_ASIDE if faulty.set_aside > good.set_aside else ALL_IN
