"""The alerts of a small fixed landlord, word by word.

Twelve homes with a story stand in ``golden/landlord`` and a quiet estate around them gives the
cohort. When words or thresholds change on purpose, read the difference and then write it down:
``GOLDEN=write pytest tests/integration/test_golden_alerts.py``.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from builders.extracts import quiet_estate, read_table, with_rows, write_extracts
from builders.nights import Installation

GOLDEN = Path(__file__).parents[1] / "golden"
MACHINE = ("score", "ruleset_hash", "signals_hash", "model_version")
"""What other versions of the libraries, or a new reason in the rule set, may change."""


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("golden")
    stories = {path.stem: read_table(path) for path in (GOLDEN / "landlord").glob("*.csv")}
    tables = with_rows(quiet_estate(homes=300), **stories)
    installation = Installation(folder / "home", write_extracts(folder / "extracts", tables))
    assert installation.night().error is None
    return installation.alerts()


def test_the_alerts_are_those_written_down(alerts: list[dict[str, Any]]) -> None:
    said = [{k: v for k, v in alert.items() if k not in MACHINE} for alert in alerts]
    path = GOLDEN / "alerts.json"
    if os.environ.get("GOLDEN") == "write":
        path.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    assert said == json.loads(path.read_text(encoding="utf-8"))


def test_innocent_stories_raise_nobody(alerts: list[dict[str, Any]]) -> None:
    """A block's windows in one night, an empty home, a new tenant, lost keys, a loud party."""
    innocent = {f"T-{number}" for number in (1002, 1003, 1004, 1005, 1006, 1007, 1012)}
    innocent.add("T-1006B")
    assert not innocent & {alert["tenancy_ref"] for alert in alerts}


def test_nobody_of_the_quiet_estate_is_raised(alerts: list[dict[str, Any]]) -> None:
    assert all(alert["tenancy_ref"].startswith("T-") for alert in alerts)
