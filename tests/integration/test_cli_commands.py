"""What each command prints, writes and ends with; nights here are without Prefect."""

import csv
import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from builders.extracts import (
    AS_OF,
    quiet_estate,
    repair,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation

DONE, NO, WRONG, PARTIAL, FAILED = range(5)
PLANTED = "Zanzibarred"


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("after")
    tables = with_rows(
        quiet_estate(),
        lock_changes=three_lock_changes(8),
        repairs=[
            repair(f"X{n}", n % 9 + 1, n * 20 + 1, "Odd job", sor_code="LANDLORD7", trade_code="QQ")
            for n in range(12)
        ],
    )
    installation = Installation(folder / "home", write_extracts(folder / "extracts", tables))
    assert installation.night().error is None
    return installation


def test_check_lists_unmapped_codes_with_their_counts(after_a_night: Installation) -> None:
    checked = after_a_night.run("check")

    assert checked.code == DONE
    assert any(
        line.split()[0] == "12" and line.endswith("sor_code = LANDLORD7")
        for line in checked.out.splitlines()
    ), checked.out
    assert "configuration is sound" in checked.out


def test_check_writes_nothing(after_a_night: Installation, tmp_path: Path) -> None:
    elsewhere = Installation(tmp_path / "home", after_a_night.extracts)
    assert elsewhere.run("check").code == DONE
    assert list((tmp_path / "home").rglob("*")) == []


def test_check_ends_with_two_when_a_source_is_absent(
    after_a_night: Installation, tmp_path: Path
) -> None:
    checked = Installation(tmp_path / "home", tmp_path / "nowhere").run("check")
    assert checked.code == WRONG
    assert "REDFLAGS_EXTRACTS" in checked.err


def test_score_writes_the_same_as_csv_and_as_parquet(
    after_a_night: Installation, tmp_path: Path
) -> None:
    for name in ("scores.csv", "scores.parquet"):
        words = ("score", "--as-of", AS_OF.isoformat(), "--output", str(tmp_path / "new" / name))
        assert after_a_night.run(*words).code == DONE

    table = pd.read_csv(tmp_path / "new" / "scores.csv", dtype={"tenancy_ref": "str"})
    same = pd.read_parquet(tmp_path / "new" / "scores.parquet")
    assert list(table)[:3] == ["tenancy_ref", "score", "rank"]
    assert [name for name in table if name.endswith("_surprise")] != []
    assert list(table["rank"]) == list(range(1, 121))
    assert table["score"].is_monotonic_decreasing
    assert table["tenancy_ref"].iloc[0] == "T0008"
    pd.testing.assert_frame_equal(table, same, check_dtype=False)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "scores.csv",
        "scores.parquet",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["score", "--output", "scores.xlsx"],
        ["score", "--as-of", "31/10/2026", "--output", "scores.csv"],
        ["score"],
        ["alerts", "--format", "xml"],
        ["simulate", "--homes", "10", "--output", "out", "--character", "moon"],
        ["no-such-command"],
        ["night", "--no-such-option"],
    ],
)
def test_wrong_use_ends_with_two(words: list[str], after_a_night: Installation) -> None:
    used = after_a_night.run(*words)
    assert used.code == WRONG
    assert used.err
    assert used.out == ""


def test_score_before_any_record_says_what_to_do(tmp_path: Path) -> None:
    scored = Installation(tmp_path / "home", tmp_path).run(
        "score", "--output", str(tmp_path / "scores.csv")
    )
    assert scored.code == WRONG
    assert "redflags ingest" in scored.err
    assert not (tmp_path / "scores.csv").exists()


def test_alerts_in_text_and_by_day(after_a_night: Installation) -> None:
    text = after_a_night.run("alerts").out
    assert "3 lock changes since " in text
    assert text.endswith("\n1 alerts\n")
    another_day = after_a_night.run("alerts", "--as-of", "2026-10-30", "--format", "json")
    assert json.loads(another_day.out) == []
    that_day = after_a_night.run("alerts", "--as-of", AS_OF.isoformat(), "--format", "json")
    assert [alert["tenancy_ref"] for alert in that_day.json] == ["T0008"]


def test_status_ends_with_one_when_a_night_is_missing(after_a_night: Installation) -> None:
    status = after_a_night.run("status")
    assert status.code == NO
    assert status.out.startswith("MISSING: ")
    assert "the last good one was 2026-10-31" in status.out


def test_status_ends_with_zero_after_the_night_that_was_due(
    after_a_night: Installation, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "home", after_a_night.extracts)
    installation.night(datetime.now(ZoneInfo("Europe/London")).date())
    status = installation.run("status")
    assert (status.code, "MISSING" in status.out) == (DONE, False)


def test_status_before_the_first_night(tmp_path: Path) -> None:
    status = Installation(tmp_path / "home", tmp_path).run("status")
    assert status.code == NO
    assert "no night has run yet" in status.out


def test_purge_drops_what_is_older_than_the_rules_allow(
    after_a_night: Installation, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "home", after_a_night.extracts)
    assert installation.run("ingest", "--as-of", AS_OF.isoformat()).code == DONE
    before = installation.record_totals()["repairs"]

    nothing = installation.run("purge", "--as-of", AS_OF.isoformat())
    everything = installation.run("purge", "--as-of", "2031-01-01")

    assert (nothing.code, everything.code) == (DONE, DONE)
    assert before == 312
    assert installation.record_totals()["repairs"] == 0
    assert everything.out.endswith(" dropped\n")


def test_audit_verify_ends_with_one_after_tampering(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path / "nowhere")
    assert installation.night().summary is not None
    whole = installation.run("audit", "verify")
    with closing(sqlite3.connect(installation.home / "redflags.sqlite3")) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE audit_events SET actor = 'nobody' WHERE entry_no = 2")

    broken = installation.run("audit", "verify")

    assert (whole.code, broken.code) == (DONE, NO)
    assert "the audit trail is intact" in whole.out
    assert "audit entry 2" in broken.err
    assert broken.out == ""


def test_a_store_that_is_no_store_ends_with_four(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", write_extracts(tmp_path / "x", quiet_estate(9)))
    (installation.home / "records").mkdir(parents=True)
    (installation.home / "records" / "records.duckdb").write_text(f"{PLANTED} " * 1_000)

    ended = installation.run("ingest")

    assert ended.code == FAILED
    assert "expected a record store" in ended.err
    assert PLANTED not in ended.err


def test_the_unforeseen_ends_with_four_and_quotes_no_record(tmp_path: Path) -> None:
    """A database of the right name whose rows are not ours: pandas or SQL would quote them."""
    installation = Installation(tmp_path / "home", tmp_path)
    installation.run("status")
    path = installation.home / "redflags.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(
            "INSERT INTO night_runs (run_id, as_of, outcome, started_at_utc, last_seen_at_utc,"
            " ruleset_hash, signals_hash, model_version, reason, counts)"
            " VALUES ('1', '2026-10-31', ?, ?, ?, '', '', '', '', '{}')",
            (PLANTED, "2026-10-31 02:00:00.000000", "2026-10-31 02:00:00.000000"),
        )

    ended = installation.run("status")

    assert ended.code == FAILED
    assert ended.err.startswith("redflags: failed: ")
    assert PLANTED not in ended.err + ended.out
    assert "Traceback" not in ended.err


def test_a_secret_key_of_another_installation_is_told(
    after_a_night: Installation, tmp_path: Path
) -> None:
    short = after_a_night.with_setting(secret_key="short")
    ended = short.run("ingest")
    assert ended.code == WRONG
    assert "short" not in ended.err.replace("too short", "")


def test_simulate_writes_the_canonical_layout_and_truth(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path)
    words = ("simulate", "--homes", "60", "--years", "1", "--seed", "4", "--output")
    first = installation.run(*words, str(tmp_path / "first"))
    again = installation.run(*words, str(tmp_path / "again"))

    assert (first.code, again.code) == (DONE, DONE)
    names = {path.name for path in (tmp_path / "first").iterdir()}
    assert names >= {"properties.csv", "tenancies.csv", "repairs.csv", "asb.csv", "truth.csv"}
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    with (tmp_path / "first" / "truth.csv").open(newline="") as stream:
        assert next(csv.reader(stream)) == ["tenancy_ref", "onset", "end"]
