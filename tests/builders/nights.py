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
from datetime import date
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builders.extracts import AS_OF, quiet_estate, write_extracts
from builders.forked_work import ROOT, record_totals, run_commands, run_night
from builders.forks import (
    FORKED,
    WITHIN_SECONDS,
    forked,
    home_with_empty_registry,
    started,
    wait_for,
)
from builders.model_homes import database_of, give_models

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
    knows_estate: bool = False
    """It is given a champion fitted on the quiet estate, as every night but the first finds one.
    Fitting and registering one takes as long as the rest of the night."""

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
        (ended,) = self.run_each(words)
        return ended

    def run_each(self, *commands: tuple[str, ...]) -> list[Ended]:
        """Several commands that only look, one after the other in one process."""
        with TemporaryDirectory() as folder:
            process = started(run_commands, self.environment, commands, folder)
            wait_for(process)
            ended = [_ended(Path(folder, str(number))) for number in range(len(commands))]
            assert process.exitcode == ended[-1].code
            return ended

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
        totals: dict[str, int] = forked(record_totals, self.environment)
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
            prepare_model_registry(self.home, self.knows_estate)
        ours, theirs = FORKED.Pipe()
        process = started(run_night, self.environment, as_of, minutes_later, accepted, theirs)
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


def prepare_model_registry(home: Path, with_champion: bool = False) -> None:
    """Give `home` the tables of a model registry, if it has none; with no model unless told."""
    if database_of(home).exists():
        return
    if with_champion:
        give_models(home, Path(home_with_champion().name))
    else:
        shutil.copytree(Path(home_with_empty_registry().name, "mlflow"), home / "mlflow")


@cache
def home_with_champion() -> "TemporaryDirectory[str]":
    """A home after its first night, over the quiet estate."""
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="redflags-champion-")
    extracts = write_extracts(Path(folder.name, "extracts"), quiet_estate())
    first = Installation(Path(folder.name), extracts).night()
    assert first.error is None
    return folder


def _ended(place: Path) -> Ended:
    out, err = (Path(place, name).read_text() for name in ("out", "err"))
    return Ended(int(Path(place, "code").read_text()), out, err)
