"""`redflags night` as cron starts it, twice: the same alerts, one message, and nothing given away.

The only two nights with a Prefect server of their own in these tests: each costs many seconds.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders.extracts import (
    AS_OF,
    concern,
    days_ago,
    quiet_estate,
    report,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Ended, Installation

TENANCY, HOME = "QUUXTENANCY-7", "QUUXHOME-7"
REFS = (TENANCY, HOME, "QUUXJOB", "QUUXLOCK", "QUUXREPORT", "QUUXCONCERN")
TEXTS = ("Zanzibarred", "Grelbfrim", "Vorpalisation", "07700 900123")
JOB = "Bathroom door Zanzibarred, kicked in by ex partner, call 07700 900123"
TABLES = ("asb", "concerns", "lock_changes", "properties", "repairs", "tenancies")
STAGES = (
    "take canonical",
    "take housing-queue",
    "take canary",
    "store",
    "score",
    "queue",
    "notify",
)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Pair:
    """Two nights for one day, and what they left."""

    installation: Installation
    nights: tuple[Ended, Ended]
    summaries: tuple[dict[str, Any], dict[str, Any]]
    alerts: tuple[list[dict[str, Any]], list[dict[str, Any]]]


def planted_landlord() -> dict[str, list[dict[str, str]]]:
    at_home = {"property_ref": HOME}
    return with_rows(
        quiet_estate(),
        properties=[at_home | {"property_type": "house", "patch": "north"}],
        tenancies=[at_home | {"tenancy_ref": TENANCY, "start_date": "2019-04-01"}],
        repairs=[
            at_home
            | {"work_order_ref": f"QUUXJOB-{n}", "raised_at": days_ago(n), "description": JOB}
            for n in (12, 44, 90)
        ],
        lock_changes=[
            *three_lock_changes(9),
            {"lock_change_ref": "QUUXLOCK-1", "changed_at": days_ago(8), "reason": "Grelbfrim"}
            | at_home,
        ],
        asb=[
            report("QUUXREPORT-1", 0, 6, "Screaming, Vorpalisation")
            | {"subject_property_ref": HOME}
        ],
        concerns=[concern("QUUXCONCERN-1", 0, 3, "Tenant Grelbfrim is afraid") | at_home],
    )


@pytest.fixture(scope="module")
def pair(migrated_prefect_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("night")
    shutil.copytree(migrated_prefect_home, folder / "home" / "prefect")
    extracts = write_extracts(folder / "extracts", planted_landlord())
    installation = Installation(folder / "home", extracts)
    nights, summaries, alerts = [], [], []
    for number in (1, 2):
        path = folder / "summaries" / f"{number}.json"
        words = ("night", "--as-of", AS_OF.isoformat(), "--summary-json", str(path))
        nights.append(installation.run_with_prefect(*words))
        assert nights[-1].code == 0, nights[-1].err
        summaries.append(json.loads(path.read_text()))
        alerts.append(installation.alerts())
    return Pair(installation, tuple(nights), tuple(summaries), tuple(alerts))  # type: ignore[arg-type]


def test_a_second_night_changes_nothing(pair: Pair) -> None:
    first, second = pair.alerts
    assert TENANCY in {alert["tenancy_ref"] for alert in first}
    assert second == first
    assert pair.summaries[0]["alerts"]["raised"] == len(first)
    assert pair.summaries[1]["alerts"]["raised"] == 0
    assert pair.summaries[1]["alerts"]["updated"] == 0


def test_one_message_goes_out(pair: Pair) -> None:
    (message,) = pair.installation.messages()
    assert b"The housing queue is ready for 31/10/2026." in message.read_bytes()


def test_the_summary_has_the_shape_of_the_contract(pair: Pair) -> None:
    first, second = pair.summaries
    assert (first["as_of"], first["outcome"]) == (AS_OF.isoformat(), "done")
    assert set(first["tables"]) >= set(TABLES)
    for rows in first["tables"].values():
        assert list(rows) == ["read", "accepted", "quarantined", "replaced"]
        assert rows["read"] == rows["accepted"] + rows["quarantined"] + rows["replaced"]
    assert set(first["alerts"]) >= {"raised", "updated", "open"}
    assert first["alerts"]["open"] == len(pair.alerts[0]) == second["alerts"]["open"]
    assert tuple(first["stages"]) == STAGES or set(first["stages"]) == set(STAGES)
    assert all(isinstance(seconds, float) for seconds in first["stages"].values())
    assert sum(rows["read"] for rows in second["tables"].values()) == 0


def test_an_alert_has_the_shape_of_the_contract(pair: Pair) -> None:
    for alert in pair.alerts[0]:
        assert {"alert_id", "tenancy_ref", "raised_on", "priority", "score", "state"} <= set(alert)
        assert {"reasons", "ruleset_hash", "model_version"} <= set(alert)
        assert date.fromisoformat(alert["raised_on"]) == AS_OF
        assert alert["reasons"]
        for reason in alert["reasons"]:
            assert {"rule_id", "sentence", "evidence"} <= set(reason)
            assert reason["sentence"].endswith(".")
            assert reason["evidence"]


def test_the_canary_is_in_no_list(pair: Pair) -> None:
    scored = pair.installation.home / "scores.csv"
    words = ("score", "--as-of", AS_OF.isoformat(), "--output", str(scored))
    assert pair.installation.run(*words).code == 0
    assert "CANARY" not in json.dumps(pair.alerts) + json.dumps(pair.summaries)
    assert "CANARY" not in scored.read_text()
    assert "canary" not in pair.installation.run("problems").out.lower()


def test_no_reference_leaves_the_stores(pair: Pair) -> None:
    home = pair.installation.home
    printed = "".join(night.out + night.err for night in pair.nights).encode()
    for place in ("prefect", "mlflow", "models", "outbox"):
        kept = everything_in(home / place)
        assert kept, place
        assert [ref for ref in (*REFS, *TEXTS) if ref.encode() in kept] == [], place
    assert [ref for ref in (*REFS, *TEXTS) if ref.encode() in printed] == []
    assert json.dumps(pair.summaries).count("QUUX") == 0


def test_no_job_text_is_written_anywhere_in_clear(pair: Pair) -> None:
    kept = everything_in(pair.installation.home)
    assert TENANCY.encode() in kept, "the search finds what is there"
    assert [text for text in TEXTS if text.encode() in kept] == []


def test_files_are_for_their_owner_only(pair: Pair) -> None:
    for name in ("records/records.duckdb", "redflags.sqlite3"):
        assert (pair.installation.home / name).stat().st_mode & 0o077 == 0, name


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
