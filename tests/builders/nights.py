"""Installations, their commands and their nights, each in a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builders.extracts import AS_OF
from builders.forks import (
    FORKED,
    WITHIN_SECONDS,
    forked,
    home_with_empty_registry,
    started,
    wait_for,
)

ROOT = Path(__file__).parents[2]
SECRET = "a secret for tests and nothing else"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Installation:
    """One home, one configuration, one landlord's extracts."""

    home: Path
    extracts: Path
    config: Path = ROOT / "config"
    more: Mapping[str, str] = field(default_factory=dict)
    is_bare: bool = False
    """Its first night finds no model registry and makes one, as on the first day. Making it takes
    longer than the rest of the night, so most homes are given one without any model."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "REDFLAGS_HOME": str(self.home),
            "REDFLAGS_EXTRACTS": str(self.extracts),
            "REDFLAGS_CONFIG": str(self.config),
            "REDFLAGS_SECRET_KEY": SECRET,
            **self.more,
        }

    def with_setting(self, **settings: str) -> "Installation":
        """Another value of ``REDFLAGS_<NAME>``."""
        named = {f"REDFLAGS_{name.upper()}": value for name, value in settings.items()}
        return replace(self, more={**self.more, **named})

    def run(self, *words: str) -> Ended:
        """`redflags` with `words`, as the command line would run it."""
        with TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            arguments = (self.environment, words, str(out), str(err))
            process = started(_command, *arguments)
            wait_for(process)
            assert process.exitcode is not None
            return Ended(process.exitcode, out.read_text(), err.read_text())

    def alerts(self) -> list[dict[str, Any]]:
        listed = self.run("alerts", "--format", "json")
        assert listed.code == 0, listed.err
        found: list[dict[str, Any]] = listed.json
        return found

    def messages(self) -> list[Path]:
        """Whole ones; a night killed while it wrote may leave an unfinished file beside them."""
        return sorted((self.home / "outbox").glob("*.eml"))

    def record_totals(self) -> dict[str, int]:
        """Rows of each table of the record store, the canary's left out."""
        totals: dict[str, int] = forked(_record_totals, self.environment)
        return totals

    def night(
        self, as_of: date = AS_OF, minutes_later: int = 0, accepted: str = ""
    ) -> "NightEnded":
        """A night without Prefect, from beginning to end; its clock may be ahead.

        `accepted` is why somebody accepts that it sees far less than the last one.
        """
        return self.begin_night(as_of, minutes_later, accepted).ended()

    def begin_night(
        self, as_of: date = AS_OF, minutes_later: int = 0, accepted: str = ""
    ) -> "RunningNight":
        if not self.is_bare:
            prepare_model_registry(self.home)
        ours, theirs = FORKED.Pipe()
        process = started(_night, self.environment, as_of, minutes_later, accepted, theirs)
        theirs.close()
        return RunningNight(process, ours)

    def run_with_prefect(self, *words: str) -> Ended:
        """`redflags` in a fresh interpreter, as cron starts it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "REDFLAGS_"))}
        ended = subprocess.run(
            [sys.executable, "-m", "redflags.cli", *words],
            cwd=ROOT,
            env=kept | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True)
class NightEnded:
    """The summary of a night, or the error that ended it; seconds at which each stage began."""

    summary: Any = None
    error: BaseException | None = None
    began: Mapping[str, float] = field(default_factory=dict)


class RunningNight:
    """A night that says which stage it has come to."""

    def __init__(self, process: BaseProcess, stages: Connection) -> None:
        self._process = process
        self._stages = stages

    def kill_within(self, stage: str, after_seconds: float) -> bool:
        """Kill it `after_seconds` after `stage` began; False when it had ended before."""
        self.come_to(stage)
        return self.kill(after_seconds)

    def come_to(self, stage: str) -> None:
        """Wait until `stage` begins."""
        while True:
            kind, value = self._said()
            assert kind == "stage", f"the night ended before {stage}: {value}"
            if value[0] == stage:
                return

    def kill(self, after_seconds: float = 0) -> bool:
        """SIGKILL; False when it had ended before."""
        time.sleep(after_seconds)
        self._process.kill()
        self._process.join()
        return self._process.exitcode == -signal.SIGKILL

    def ended(self) -> NightEnded:
        began = {}
        while True:
            kind, value = self._said()
            if kind == "stage":
                began[value[0]] = value[1]
                continue
            self._process.join()
            return NightEnded(began=began, **{kind: value})

    def _said(self) -> tuple[str, Any]:
        if not self._stages.poll(WITHIN_SECONDS):
            self._process.kill()
            raise AssertionError("nothing was heard of the night")
        said: tuple[str, Any] = self._stages.recv()
        return said


def wait_for_file(path: Path) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} did not come"
        time.sleep(0.01)


def prepare_model_registry(home: Path) -> None:
    """Give `home` the tables of a model registry, without any model, if it has no registry."""
    if not (home / "mlflow").exists():
        shutil.copytree(Path(home_with_empty_registry().name, "mlflow"), home / "mlflow")


# what the forked processes do


def _record_totals(environment: Mapping[str, str]) -> dict[str, int]:
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


def _command(environment: Mapping[str, str], words: list[str], out: str, err: str) -> None:
    _settle(environment)
    for descriptor, path in ((1, out), (2, err)):
        handle = os.open(path, os.O_CREAT | os.O_WRONLY)
        os.dup2(handle, descriptor)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    sys.argv = ["redflags", *words]
    from redflags.cli import main

    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _night(
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
