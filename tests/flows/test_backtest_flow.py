"""The flow that replays the last year: real, deployed beside the night, and silent about homes."""

import re
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from flows.open_nights import StageFailed

from builders.extracts import AS_OF, quiet_estate, three_lock_changes, with_rows, write_extracts
from builders.flows import PrefectServer
from builders.nights import ROOT, Installation, forked

FIRST, LAST = "2026-10-17", AS_OF.isoformat()
ANALYST = "ada@landlord.example"
WITHIN_SECONDS = 30


def _backtested(environment: dict[str, str], given: dict[str, Any]) -> str:
    """Run the flow; the words of the error that ended it, if one did."""
    import os

    os.environ.update(environment)
    from flows.backtest import backtest

    try:
        backtest(**given)
    except StageFailed as failed:
        return str(failed)
    return ""


@dataclass(frozen=True)
class Ran:
    """A flow run that ended, and what Prefect keeps of it."""

    installation: Installation
    run: dict[str, Any]
    logged: str


def test_it_is_deployed_paused_beside_the_night() -> None:
    named = yaml.safe_load((ROOT / "flows" / "prefect.yaml").read_text(encoding="utf-8"))
    (ours,) = [d for d in named["deployments"] if d["name"] == "backtest"]
    assert ours["entrypoint"] == "flows/backtest.py:backtest"
    assert ours["parameters"] == {}
    (schedule,) = ours["schedules"]
    assert (schedule["timezone"], schedule["active"]) == ("Europe/London", False)


def proposed_ruleset(folder: Path) -> Path:
    text = (ROOT / "config" / "ruleset.toml").read_text(encoding="utf-8")
    stricter = text.replace("min_score = { value = ", "min_score = { value = 9")
    assert stricter != text
    path = folder / "stricter.toml"
    path.write_text(stricter, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(prefect_server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Three weekly nights of the live rule set beside one that was proposed."""
    folder = tmp_path_factory.mktemp("backtest")
    locks = with_rows(quiet_estate(), lock_changes=three_lock_changes(9))
    server = {"PREFECT_API_URL": prefect_server.api_url, "PREFECT_HOME": str(prefect_server.home)}
    installation = Installation(
        folder / "home", write_extracts(folder / "extracts", locks), more=server
    )
    path = str(proposed_ruleset(folder))
    person = ("--email", ANALYST, "--name", "Ada", "--role", "analyst")
    for words in (
        ("ingest", "--as-of", LAST),
        ("user", "add", *person),
        ("ruleset", "propose", path, "--by", ANALYST, "--reason", "Fewer alerts"),
    ):
        assert installation.run(*words).code in {0, 3}
    given = {"first": FIRST, "last": LAST}
    assert forked(_backtested, installation.environment, given) == ""
    return Ran(installation, *kept_by(prefect_server))


def kept_by(server: PrefectServer) -> tuple[dict[str, Any], str]:
    (run,) = httpx.post(f"{server.api_url}/flow_runs/filter", json=OURS).json()
    question = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
    deadline = time.monotonic() + WITHIN_SECONDS
    while True:
        logs = httpx.post(f"{server.api_url}/logs/filter", json=question).json()
        logged = "\n".join(log["message"] for log in logs)
        if "how much work" in logged or time.monotonic() > deadline:
            return run, logged
        time.sleep(0.2)


OURS = {"flows": {"name": {"any_": ["backtest"]}}}


@pytest.mark.slow
def test_prefect_knows_dates_and_counts_and_no_household(ran: Ran) -> None:
    assert ran.run["state_type"] == "COMPLETED"
    assert ran.run["parameters"] == {"first": FIRST, "last": LAST, "rulesets": None}
    assert "live (" in ran.logged
    assert "3 nights, 120 households" in ran.logged
    assert not re.search(r"T0\d\d\d|P0\d\d\d|H-[A-Z2-7]{10}", ran.logged)


@pytest.mark.slow
def test_the_proposed_rule_set_stands_beside_the_live_one(ran: Ran) -> None:
    assert re.search(r"ruleset-\w+ against live: 0 households enter, \d+ leave", ran.logged)
    assert "backtested; proposed by Ada" in ran.installation.run("ruleset", "list").out


@pytest.mark.slow
def test_the_latest_is_left_to_look_at_and_its_numbers_are_runs(ran: Ran) -> None:
    output = ran.installation.home / "backtests"
    assert "<svg" in (output / "backtest.html").read_text(encoding="utf-8")
    assert not (output / ".replay").exists()
    written = [*output.iterdir(), *(ran.installation.home / "mlflow").rglob("*")]
    assert {"backtest.html", "mlflow.db", "load.svg"} <= {path.name for path in written}
    assert {path.stat().st_mode & 0o077 for path in written} == {0}
    with closing(sqlite3.connect(ran.installation.home / "mlflow" / "mlflow.db")) as database:
        names = database.execute("SELECT value FROM tags WHERE key = 'ruleset'").fetchall()
    assert sorted(name for (name,) in names)[0] == "live"
    assert len(names) == 2


@pytest.mark.slow
def test_rule_sets_nobody_knows_are_refused(ran: Ran) -> None:
    given = {"first": FIRST, "last": LAST, "rulesets": ["feedfeedfeedfeed"]}
    said = forked(_backtested, ran.installation.environment, given)
    assert said.startswith("backtest failed: UsageError: expected hashes or versions")
