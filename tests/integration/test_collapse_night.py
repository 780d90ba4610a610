"""A night that sees far less than the last good one fails before it comes to the queue."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from builders.extracts import (
    AS_OF,
    Tables,
    quiet_estate,
    repair,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation, NightEnded
from builders.servers import WebServer, web_server

DONE, NO, WRONG, PARTIAL, FAILED = 0, 1, 2, 3, 4
NEXT = AS_OF + timedelta(days=1)
START, SUCCESS, FAIL = "/secret/start", "/secret", "/secret/fail"


@pytest.fixture
def watcher() -> Iterator[WebServer]:
    with web_server() as web:
        yield web


@pytest.fixture
def installation(tmp_path: Path, watcher: WebServer) -> Installation:
    """A landlord of 40 homes whom somebody watches from outside."""
    extracts = write_extracts(tmp_path / "extracts", estate())
    home = Installation(tmp_path / "home", extracts)
    return home.with_setting(heartbeat_url=f"{watcher.url}/secret")


def estate(homes: int = 40) -> Tables:
    return with_rows(quiet_estate(homes), lock_changes=three_lock_changes(7))


def pings(watcher: WebServer) -> list[str]:
    return [request.path for request in watcher.requests]


def with_ends(first: int, end: str = "2026-10-31") -> Tables:
    """The estate with an end on every tenancy from the `first` on."""
    tables = estate()
    for number, row in enumerate(tables["tenancies"], 1):
        row["end_date"] = end if number >= first else ""
    return tables


def outcome(night: NightEnded) -> str:
    return "failed" if night.error is not None else str(night.summary.outcome)


def audited(installation: Installation, action: str) -> list[dict[str, object]]:
    with sqlite3.connect(installation.home / "redflags.sqlite3") as connection:
        rows = connection.execute(
            "SELECT actor, details FROM audit_events WHERE action = ?", [action]
        ).fetchall()
    return [{"actor": actor, **json.loads(details)} for actor, details in rows]


def test_half_of_the_households_may_leave_in_a_night(installation: Installation) -> None:
    assert outcome(installation.night()) == "done"
    write_extracts(installation.extracts, with_ends(first=21))
    night = installation.night(NEXT)
    assert outcome(night) == "done"
    assert night.summary.households == 20


def test_one_more_fails_the_night_and_the_queue_is_as_it_was(
    installation: Installation, watcher: WebServer
) -> None:
    installation.night()
    before = installation.alerts(), installation.messages()
    write_extracts(installation.extracts, with_ends(first=20))

    night = installation.night(NEXT)

    assert type(night.error).__name__ == "NightCollapsed"
    assert night.error.exit_code == FAILED  # type: ignore[union-attr]
    assert "19 households are current; there were 40 on 2026-10-31" in str(night.error)
    assert "score" not in night.began
    assert pings(watcher) == [START, SUCCESS, START, FAIL]
    assert (installation.alerts(), installation.messages()) == before
    assert installation.record_totals()["tenancies"] == 40
    status = installation.run("status")
    assert status.code == NO
    assert f"last night: {NEXT}, failed" in status.out
    assert "because: THE NIGHT COLLAPSED: 19 households are current" in status.out


def test_an_end_on_every_tenancy_fails_the_first_night_too(tmp_path: Path) -> None:
    extracts = write_extracts(tmp_path / "extracts", with_ends(first=1, end="2026-10-30"))
    night = Installation(tmp_path / "home", extracts).night()
    assert type(night.error).__name__ == "NightCollapsed"
    assert "every one of 40 tenancies has ended" in str(night.error)


def test_it_fails_each_night_until_it_is_mended(installation: Installation) -> None:
    installation.night()
    write_extracts(installation.extracts, with_ends(first=1, end="2026-10-30"))
    ended = [outcome(installation.night(AS_OF + timedelta(days=n))) for n in (1, 2)]
    write_extracts(installation.extracts, estate())
    ended.append(outcome(installation.night(AS_OF + timedelta(days=3))))
    assert ended == ["failed", "failed", "done"]


def test_what_is_real_is_accepted_by_a_person_and_is_usual_from_then_on(
    installation: Installation,
) -> None:
    installation.night()
    write_extracts(installation.extracts, with_ends(first=6))
    assert outcome(installation.night(NEXT)) == "failed"

    night = installation.night(NEXT, accepted="35 homes went to another landlord")

    assert outcome(night) == "done"
    collapsed = ["5 households are current; there were 40 on 2026-10-31"]
    told = night.summary.as_json()["collapse_accepted"]
    reason = "35 homes went to another landlord"
    assert told == {"by": "ada", "reason": reason, "collapsed": collapsed}
    (act,) = audited(installation, "collapse_accepted")
    assert (act["actor"], act["collapsed"]) == ("ada", collapsed)
    assert installation.run("audit", "verify").code == DONE
    assert outcome(installation.night(AS_OF + timedelta(days=2))) == "done"


def test_an_acceptance_that_was_not_needed_is_said_and_not_written_down(
    installation: Installation,
) -> None:
    night = installation.night(accepted="one never knows")
    assert outcome(night) == "done"
    assert any("nothing had collapsed" in note for note in night.summary.notes)
    assert audited(installation, "collapse_accepted") == []


def test_a_merger_is_no_collapse(installation: Installation) -> None:
    installation.night()
    write_extracts(installation.extracts, estate(homes=120))
    assert outcome(installation.night(NEXT)) == "done"


def test_a_small_landlords_quiet_nights_are_no_collapse(tmp_path: Path) -> None:
    extracts = write_extracts(tmp_path / "extracts", quiet_estate(3))
    installation = Installation(tmp_path / "home", extracts)
    ended = [outcome(installation.night(AS_OF + timedelta(days=n))) for n in (0, 1, 30)]
    assert ended == ["done"] * 3


def busy(until: int) -> Tables:
    """Three repairs a day for a hundred days, the last of them `until` days before AS_OF."""
    rows = [
        repair(f"B{ago}-{nth}", (ago * 3 + nth) % 40 + 1, ago, "Dripping tap in kitchen")
        for ago in range(until, 100)
        for nth in range(3)
    ]
    return {**quiet_estate(40), "repairs": rows}


@pytest.mark.parametrize(("days_on", "ends"), [(14, "done"), (15, "failed")])
def test_a_busy_table_that_stands_still_fails_the_night_after_two_weeks(
    days_on: int, ends: str, tmp_path: Path
) -> None:
    extracts = write_extracts(tmp_path / "extracts", busy(until=0))
    installation = Installation(tmp_path / "home", extracts)
    assert outcome(installation.night()) == "done"
    night = installation.night(AS_OF + timedelta(days=days_on))
    assert outcome(night) == ends
    if ends == "failed":
        assert f"repairs: no record is newer than {AS_OF}, 15 days ago" in str(night.error)


def test_a_missing_folder_is_no_success_to_who_watches(tmp_path: Path, watcher: WebServer) -> None:
    nowhere = Installation(tmp_path / "home", tmp_path / "nowhere")
    installation = nowhere.with_setting(heartbeat_url=f"{watcher.url}/secret")
    today = datetime.now(UTC).date()

    night = installation.night(today)

    assert outcome(night) == "partial"
    assert pings(watcher) == [START, FAIL]
    assert any(note.startswith("MAIN SOURCE ABSENT") for note in night.summary.notes)
    assert installation.run("status").code == NO


def test_a_folder_that_goes_missing_is_no_success_either(
    installation: Installation, watcher: WebServer
) -> None:
    installation.night()
    installation.extracts.rename(installation.extracts.with_name("elsewhere"))
    assert outcome(installation.night(NEXT)) == "partial"
    assert pings(watcher) == [START, SUCCESS, START, FAIL]


def test_a_folder_without_any_main_table_is_no_success(tmp_path: Path, watcher: WebServer) -> None:
    tables = {"properties": quiet_estate(5)["properties"]}
    extracts = write_extracts(tmp_path / "extracts", tables)
    home = Installation(tmp_path / "home", extracts)
    assert outcome(home.with_setting(heartbeat_url=f"{watcher.url}/secret").night()) == "partial"
    assert pings(watcher) == [START, FAIL]


def test_the_summary_tells_rows_by_source_and_what_is_kept(installation: Installation) -> None:
    summary = installation.night().summary.as_json()
    assert summary["sources"]["canonical"]["lock_changes"]["accepted"] == 3
    assert summary["kept"]["households"] == 40
    kept = summary["kept"]["tables"]["lock_changes"]
    assert (kept["rows"], kept["newest_on"]) == (3, (AS_OF - timedelta(days=55)).isoformat())
    assert summary["came"] == ["lock_changes", "properties", "repairs", "tenancies"]
    status = installation.run("status").out
    assert "    lock_changes: 3 read, 3 accepted, 0 quarantined, 0 replaced" in status
    assert "; 3 kept, the newest of 2026-09-06" in status


def test_the_command_fails_with_four_and_accepts_with_a_reason(
    installation: Installation,
) -> None:
    today = date.today()  # noqa: DTZ011 - `status` asks for the night of today
    tables = with_ends(first=1, end=(today - timedelta(days=1)).isoformat())
    write_extracts(installation.extracts, tables)
    words = ("night", "--as-of", today.isoformat())

    failed = installation.run(*words)
    blank = installation.run(*words, "--accept-collapse", " ")
    real = installation.run(*words, "--accept-collapse", "all homes were sold", "--by", "Ada")

    assert (failed.code, blank.code, real.code) == (FAILED, WRONG, DONE), real.err
    assert "THE NIGHT COLLAPSED: no household is current" in failed.err
    assert "note: accepted by Ada: no household is current" in real.err
    assert installation.run("status").code == DONE
