"""The store as a file: one writer, whatever dies; nobody else's to read; nothing half-written."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from builders.python_path import with_builders
from builders.records import Landlord, days_ago, extract, repair
from redflags.adapters.records import open_record_store
from redflags.adapters.records.connection import sole_writer
from redflags.errors import StoreBusy, StoreUnusable

HOLDING = """
import sys
from pathlib import Path
from redflags.adapters.records.connection import sole_writer

with sole_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""

MERGING = """
import sys, time
from pathlib import Path
from builders.records import Landlord, days_ago, dwelling, extract, repair, small_policy
from redflags.adapters.records import open_record_store

def stuck(records):
    print("merging", flush=True)
    time.sleep(60)

with open_record_store(Path(sys.argv[1])) as records:
    places = extract("properties", [dwelling(f"P{n}") for n in range(500)], fingerprint="places")
    jobs = extract("repairs", [repair("W2", days_ago(2), "Zanzibarred")], fingerprint="jobs")
    Landlord(records).sends(places, jobs, policy=small_policy(classify=stuck))
"""

NIGHT_AFTER_NIGHT = """
import sys
from pathlib import Path
from builders.records import Landlord, days_ago, extract, repair
from redflags.adapters.records import open_record_store

with open_record_store(Path(sys.argv[1])) as records:
    landlord = Landlord(records)
    for night in range(1000):
        rows = [repair(f"W{night}-{n}", days_ago(n)) for n in range(300)]
        landlord.sends(extract("repairs", rows, fingerprint=f"night {night}"))
        print(night, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records" / "records.duckdb"


@contextmanager
def _running(script: str, argument: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(argument)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=with_builders(dict(os.environ)),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _says(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    assert process.stdout.readline().strip() == word


def test_a_second_writer_gives_up_when_its_patience_ends(tmp_path: Path) -> None:
    with _running(HOLDING, tmp_path) as first:
        _says(first, "held")
        started = time.monotonic()

        with pytest.raises(StoreBusy), sole_writer(tmp_path, patience_seconds=0.4):
            pytest.fail("two writers at once")

        assert 0.4 <= time.monotonic() - started < 5


def test_a_second_writer_waits_until_the_first_is_done(tmp_path: Path) -> None:
    with _running(HOLDING, tmp_path) as first:
        _says(first, "held")
        assert first.stdin is not None
        first.stdin.write("\n")
        first.stdin.flush()

        with sole_writer(tmp_path, patience_seconds=30):
            assert first.wait(timeout=10) == 0


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    with _running(HOLDING, tmp_path) as first:
        _says(first, "held")
        first.send_signal(signal.SIGKILL)
        first.wait()

        with sole_writer(tmp_path, patience_seconds=5):
            pass


def test_nobody_else_can_read_any_file_of_the_store(path: Path) -> None:
    previous = os.umask(0o022)
    try:
        with open_record_store(path) as records:
            Landlord(records).has(repairs=[repair("W1", days_ago(3))])
            while_open = _modes(path.parent)
    finally:
        os.umask(previous)

    assert len(while_open) >= 3, "the store, its log and its lock"
    assert set(while_open.values()) == {0o600}
    assert set(_modes(path.parent).values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_store_leaves_the_programs_own_file_mode_alone(path: Path) -> None:
    previous = os.umask(0o022)
    try:
        with open_record_store(path) as records:
            Landlord(records).has(repairs=[repair("W1", days_ago(3))])
            (path.parents[1] / "scores.csv").touch()
    finally:
        os.umask(previous)

    assert stat.S_IMODE((path.parents[1] / "scores.csv").stat().st_mode) == 0o644


@pytest.mark.parametrize("content", [b"this is no store " * 4000, b"x", b""])
def test_a_file_that_is_something_else_is_unusable(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(StoreUnusable), open_record_store(path):
        pass

    assert path.read_bytes() == content


def test_a_database_of_another_kind_is_unusable(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE records (ref TEXT)")

    with pytest.raises(StoreUnusable), open_record_store(path):
        pass


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_a_store_that_was_cut_short_is_unusable(path: Path, share: float) -> None:
    with open_record_store(path) as records:
        rows = [repair(f"W{n}", days_ago(n % 99), "door_damage") for n in range(3000)]
        Landlord(records).has(repairs=rows)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(StoreUnusable), open_record_store(path):
        pass


def test_a_store_of_another_layout_is_unusable(path: Path) -> None:
    with open_record_store(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE facts SET value = '999' WHERE name = 'layout'")

    with pytest.raises(StoreUnusable, match="999"), open_record_store(path):
        pass


def test_what_was_written_is_there_when_the_store_is_opened_again(path: Path) -> None:
    with open_record_store(path) as records:
        Landlord(records).sends(extract("repairs", [repair("W1", days_ago(3), "door_damage")]))
    with open_record_store(path) as records:
        (merged,) = Landlord(records).sends(
            extract("repairs", [repair("W1", days_ago(3), "door_damage")])
        )

        assert (merged.replaced, merged.written) == (1, 0)
        assert Landlord(records).counts("P1")["door_damage"] == 1


def test_killed_in_the_middle_of_a_merge_the_store_is_as_it_was_before(path: Path) -> None:
    with open_record_store(path) as records:
        Landlord(records).has(repairs=[repair("W1", days_ago(3), "door_damage")])
    with _running(MERGING, path) as process:
        _says(process, "merging")
        process.send_signal(signal.SIGKILL)
        process.wait()
    left_behind = b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert b"Zanzibarred" not in left_behind
    with open_record_store(path) as records:
        assert records.totals()["repairs"] == 1
        assert records.totals()["properties"] == 0
        assert not records.is_taken("places")
        assert Landlord(records).counts("P1") == {"door_damage": 1, "repair_count": 1}


@pytest.mark.parametrize("nights", [1, 4])
def test_killed_at_any_moment_every_finished_night_is_there_whole(path: Path, nights: int) -> None:
    with _running(NIGHT_AFTER_NIGHT, path) as process:
        for night in range(nights):
            _says(process, str(night))
        time.sleep(0.013 * nights)
        process.send_signal(signal.SIGKILL)
        process.wait()

    with open_record_store(path) as records:
        stored, rest = divmod(records.totals()["repairs"], 300)
        assert rest == 0
        assert stored >= nights
        assert not stored or records.is_taken(f"night {stored - 1}")
        assert not records.is_taken(f"night {stored}")
        assert Landlord(records).household_refs() == ["P1"]


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
