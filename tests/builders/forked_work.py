"""What the processes of an installation do: its commands and its nights."""

import os
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def record_totals(environment: Mapping[str, str]) -> dict[str, int]:
    _settle(environment)
    from redflags.bootstrap import Program
    from redflags.settings import read_settings

    with Program(read_settings()).record_store() as records:
        return records.totals()


def _settle(environment: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("REDFLAGS_")]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(ROOT)


def run_commands(
    environment: Mapping[str, str], commands: tuple[tuple[str, ...], ...], folder: str
) -> None:
    _settle(environment)
    for number, words in enumerate(commands):
        place = Path(folder, str(number))
        place.mkdir()
        code = _command(words, place)
    sys.exit(code)


def _command(words: tuple[str, ...], place: Path) -> int:
    """Run one command; what it printed and how it ended is in `place`."""
    for descriptor, name in ((1, "out"), (2, "err")):
        handle = os.open(place / name, os.O_CREAT | os.O_WRONLY)
        os.dup2(handle, descriptor)
        os.close(handle)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    sys.argv = ["redflags", *words]
    from redflags.cli import main

    try:
        main()
    except SystemExit as ending:
        assert isinstance(ending.code, int)
        (place / "code").write_text(str(ending.code))
        return ending.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    raise AssertionError("a command ends with a code")


def run_night(
    environment: Mapping[str, str],
    as_of: date,
    minutes_later: int,
    accepted: str,
    tell: Connection,
) -> None:
    _settle(environment)
    started = time.perf_counter()

    def begins(stage: str) -> None:
        tell.send(("stage", (stage, time.perf_counter() - started)))

    from redflags.bootstrap import open_night, utc_now
    from redflags.domain.kept_records import CollapseAccepted
    from redflags.settings import read_settings

    def now() -> datetime:
        return utc_now() + timedelta(minutes=minutes_later)

    begins("open")
    try:
        accepting = CollapseAccepted("ada", accepted) if accepted else None
        with open_night(read_settings(), now, accepting) as night:
            begins("begin")
            run_id = night.begin(as_of)
            try:
                summary = _stages(night, run_id, as_of, begins)
            except Exception as error:
                night.fail(run_id, as_of, error)
                raise
        tell.send(("summary", summary))
    except Exception as error:
        tell.send(("error", error))


def _stages(night: Any, run_id: str, as_of: date, begins: Any) -> Any:
    from redflags.errors import SourceError

    begins("take")
    for name in night.source_names():
        try:
            night.take(run_id, as_of, name)
        except SourceError as error:
            night.source_failed(run_id, as_of, name, error)
    for stage in ("store", "score", "queue", "notify"):
        begins(stage)
        getattr(night, stage)(run_id, as_of)
    begins("finish")
    summary = night.finish(run_id, as_of)
    begins("close")
    return summary
