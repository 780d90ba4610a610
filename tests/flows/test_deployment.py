"""``flows/prefect.yaml`` on a real Prefect server: the night is deployed and has its next runs."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

ROOT = Path(__file__).parents[2]
WITHIN_SECONDS = 90


def prefect(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", "prefect", *words], cwd=ROOT, env=environment, check=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def environment(migrated_prefect_home: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an operator whose Prefect server runs."""
    home = shutil.copytree(migrated_prefect_home, tmp_path / "prefect")
    port = free_port()
    surroundings = os.environ | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "true",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--port", str(port), "--no-ui"],
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(surroundings["PREFECT_API_URL"] + "/health")
        yield surroundings
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx.get(url).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer")


def scheduled_runs(api_url: str, deployment_id: str) -> list[dict[str, str]]:
    """The runs that the server's scheduler has made of a deployment, earliest first."""
    question = {
        "deployments": {"id": {"any_": [deployment_id]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        "sort": "EXPECTED_START_TIME_ASC",
    }
    deadline = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < deadline:
        runs: list[dict[str, str]] = httpx.post(f"{api_url}/flow_runs/filter", json=question).json()
        if runs:
            return runs
        time.sleep(0.5)
    return []


@pytest.mark.slow
def test_the_deployed_night_is_scheduled_at_two_in_london(environment: dict[str, str]) -> None:
    prefect(environment, "work-pool", "create", "redflags", "--type", "process")
    prefect(environment, "--no-prompt", "deploy", "--prefect-file", "flows/prefect.yaml", "--all")
    api_url = environment["PREFECT_API_URL"]
    deployed = httpx.get(f"{api_url}/deployments/name/nightly/nightly").json()
    assert deployed["global_concurrency_limit"]["limit"] == 1
    assert deployed["entrypoint"] == "flows/nightly.py:nightly"
    starts = [
        datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Europe/London"))
        for run in scheduled_runs(api_url, deployed["id"])
    ]
    assert starts
    assert {(start.hour, start.minute) for start in starts} == {(2, 0)}
