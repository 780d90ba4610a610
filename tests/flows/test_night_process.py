"""The night as a process of its own: killed, stopped, started twice; its server goes too."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from builders.python_path import with_builders

NIGHT = """
import sys, time
from pathlib import Path
from builders.flows import AS_OF, FakeNight, opening
from flows.local import run_night
from redflags.settings import Settings

class SpokenNight(FakeNight):
    def score(self, run_id, as_of):
        print("scoring", flush=True)
        time.sleep(float(sys.argv[2]))
    def fail(self, run_id, as_of, error):
        print("failed by", type(error).__name__, flush=True)

print(run_night(Settings(home=Path(sys.argv[1])), AS_OF, opening(SpokenNight())).outcome)
"""
FOR_EVER = 600
SERVER_GONE_WITHIN_SECONDS = 20


@contextmanager
def night_process(home: Path, score_seconds: float = 0) -> Iterator[subprocess.Popen[str]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    process = subprocess.Popen(
        [sys.executable, "-c", NIGHT, str(home), str(score_seconds)],
        env=with_builders(environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_scoring(process: subprocess.Popen[str]) -> int:
    """Wait until the flow is under way; the process id of its server."""
    assert process.stdout is not None
    assert process.stdout.readline() == "scoring\n"
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + SERVER_GONE_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists() or "State:\tZ" in _status(pid):
            return True
        time.sleep(0.1)
    return False


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "State:\tZ"


def query(home: Path, statement: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database, database:
        return database.execute(statement).fetchall()


def test_a_killed_night_leaves_no_server_and_the_next_one_runs(redflags_home: Path) -> None:
    with night_process(redflags_home, FOR_EVER) as night:
        server = wait_for_scoring(night)
        night.send_signal(signal.SIGKILL)
        assert is_gone(server)
    assert query(redflags_home, "SELECT state_type FROM flow_run") == [("RUNNING",)]
    query(redflags_home, "UPDATE flow_run SET start_time = '2020-01-01 00:00:00.000000'")
    with night_process(redflags_home) as night:
        assert night.communicate()[0] == "scoring\ndone\n"
    states = query(redflags_home, "SELECT state_type FROM flow_run ORDER BY start_time")
    assert states == [("CRASHED",), ("COMPLETED",)]


def test_a_night_told_to_stop_records_it_and_takes_its_server_along(redflags_home: Path) -> None:
    with night_process(redflags_home, FOR_EVER) as night:
        server = wait_for_scoring(night)
        night.terminate()
        output, _ = night.communicate()
        assert is_gone(server)
    assert output == "failed by NightStopped\n"
    assert night.returncode == 4
    assert query(redflags_home, "SELECT state_type FROM flow_run") == [("CRASHED",)]


@pytest.mark.slow
def test_two_first_nights_at_once_both_run_and_leave_states_alone(tmp_path: Path) -> None:
    with night_process(tmp_path) as one, night_process(tmp_path) as other:
        assert [night.communicate()[0] for night in (one, other)] == ["scoring\ndone\n"] * 2
    stages = query(tmp_path, "SELECT state_type FROM task_run")
    assert stages == [("COMPLETED",)] * 12
    assert query(tmp_path, "SELECT count(*) FROM log") == [(0,)]
    assert query(tmp_path, "SELECT count(*) FROM events") == [(0,)]
