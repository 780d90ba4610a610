"""Help answers at once: no command loads what only a night needs."""

import subprocess
import sys
import time

import pytest

COMMANDS = (
    [],
    ["simulate"],
    ["check"],
    ["profile"],
    ["ingest"],
    ["score"],
    ["night"],
    ["alerts"],
    ["status"],
    ["problems"],
    ["purge"],
    ["report"],
    ["serve"],
    ["fairness"],
    ["baseline"],
    ["user"],
    ["user", "add"],
    ["user", "link"],
    ["user", "list"],
    ["audit"],
    ["audit", "verify"],
)
HEAVY = (
    "pandas",
    "numpy",
    "duckdb",
    "pyarrow",
    "prefect",
    "mlflow",
    "pyod",
    "sklearn",
    "sqlalchemy",
)
ASK_ALL = f"""
import io, sys
from contextlib import redirect_stdout
from redflags.cli import app
for command in {COMMANDS!r}:
    with redirect_stdout(io.StringIO()) as said:
        app([*command, "--help"], standalone_mode=False)
    assert "Usage" in said.getvalue(), command
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    assert not loaded, (command, loaded)
print("asked", len({COMMANDS!r}))
"""
AT_ONCE_SECONDS = 1.5


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)


def test_no_help_loads_a_heavy_library() -> None:
    asked = run("-c", ASK_ALL)
    assert asked.stdout == f"asked {len(COMMANDS)}\n", asked.stderr


@pytest.mark.parametrize("command", [["night"], ["score"]])
def test_help_answers_at_once(command: list[str]) -> None:
    """The best of three: other tests run beside it."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        asked = run("-m", "redflags.cli", *command, "--help")
        seconds.append(time.perf_counter() - began)
        assert asked.returncode == 0
        assert "--as-of" in asked.stdout
    assert min(seconds) < AT_ONCE_SECONDS


def test_every_command_of_the_contract_is_there() -> None:
    listed = run("-m", "redflags.cli", "--help").stdout
    for name in ("simulate", "check", "ingest", "score", "night", "alerts", "status", "purge"):
        assert f"\n  {name} " in listed
