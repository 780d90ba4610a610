"""A file that is still on its way over SFTP is waited for, and not taken half."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from builders.sources import mapped_source, nothing_is_taken
from redflags.analysis.extracts import Extract, Refusal
from redflags.errors import ConfigurationError

LOCKS = """
enabled = true
kind = "delimited"
{more}
[tables.lock_changes]
files = ["*"]
columns = {{ lock_change_ref = "a", property_ref = "b", changed_at = "c" }}
"""
HEADER = "a,b,c\n"
QUICK = "quiet_seconds = 0.6\npatience_seconds = 5"


def source(tmp_path: Path, more: str, environment: dict[str, str] | None = None):
    (tmp_path / "in").mkdir(exist_ok=True)
    text = LOCKS.format(more='folder = "in"\n' + more)
    return mapped_source(text, tmp_path, tmp_path, environment)


def written(tmp_path: Path, name: str = "locks.csv", age: float = 0.0, rows: int = 1) -> Path:
    path = tmp_path / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + "1,2,3\n" * rows)
    os.utime(path, (time.time() - age,) * 2)
    return path


def outcome(made: object) -> int | str:
    """Rows of the one file, or what was told of it."""
    (only,) = made.extracts(nothing_is_taken)  # type: ignore[attr-defined]
    if isinstance(only, Refusal):
        return str(only.error)
    assert isinstance(only, Extract)
    return int(only.rows.read_all().num_rows)


def test_a_file_that_grows_is_waited_for_and_taken_whole(tmp_path: Path) -> None:
    path = written(tmp_path)

    def upload() -> None:
        for _ in range(5):
            time.sleep(0.2)
            with path.open("a") as file:
                file.write("1,2,3\n")

    upload_in_background = threading.Thread(target=upload)
    upload_in_background.start()
    rows = outcome(source(tmp_path, QUICK))
    upload_in_background.join()

    assert rows == 6


def test_a_file_that_does_not_come_to_rest_is_told_and_the_others_are_taken(
    tmp_path: Path,
) -> None:
    written(tmp_path, "quiet.csv", age=60)
    path = written(tmp_path, "loud.csv")
    is_over = threading.Event()

    def upload() -> None:
        while not is_over.wait(0.05):
            with path.open("a") as file:
                file.write("1,2,3\n")

    upload_in_background = threading.Thread(target=upload)
    upload_in_background.start()
    made = source(tmp_path, "quiet_seconds = 0.6\npatience_seconds = 1")
    outcomes = {o.name: o for o in made.extracts(nothing_is_taken)}
    is_over.set()
    upload_in_background.join()

    told = [o for o in outcomes.values() if isinstance(o, Refusal)]
    assert len(outcomes) == 2
    assert len(told) == 1
    assert "still being written" in str(told[0].error)
    assert "taken the next night" in str(told[0].error)


def test_a_quiet_file_is_not_waited_for(tmp_path: Path) -> None:
    written(tmp_path, age=1)
    start = time.monotonic()

    assert outcome(source(tmp_path, "quiet_seconds = 0.9\npatience_seconds = 60")) == 1
    assert time.monotonic() - start < 0.9


def test_a_file_from_the_future_is_watched_for_a_while(tmp_path: Path) -> None:
    written(tmp_path, age=-3600)

    assert outcome(source(tmp_path, QUICK)) == 1


def test_the_environment_says_how_long_where_the_mapping_does_not(tmp_path: Path) -> None:
    made = source(tmp_path, "", {"REDFLAGS_QUIET_SECONDS": "7.5"})
    own = source(tmp_path, "quiet_seconds = 2", {"REDFLAGS_QUIET_SECONDS": "7.5"})
    default = source(tmp_path, "", {"REDFLAGS_QUIET_SECONDS": ""})

    assert made.finished.quiet_seconds == 7.5
    assert own.finished.quiet_seconds == 2
    assert default.finished.quiet_seconds == 5


@pytest.mark.parametrize("seconds", ["soon", "-1", "inf", "nan"])
def test_seconds_that_are_none_are_a_fault_of_the_configuration(
    tmp_path: Path, seconds: str
) -> None:
    with pytest.raises(ConfigurationError, match="REDFLAGS_QUIET_SECONDS: expected seconds"):
        source(tmp_path, "", {"REDFLAGS_QUIET_SECONDS": seconds})


@pytest.mark.parametrize(
    ("pattern", "companion"),
    [("{name}.done", "locks.csv.done"), ("{stem}.ok", "locks.ok"), ("ALL.done", "ALL.done")],
)
def test_a_companion_says_that_a_file_is_done(tmp_path: Path, pattern: str, companion: str) -> None:
    written(tmp_path)
    made = source(tmp_path, f'quiet_seconds = 0\ndone_file = "{pattern}"')
    assert "still being written" in str(outcome(made))

    (tmp_path / "in" / companion).write_text("")

    assert outcome(made) == 1


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_a_checksum_says_that_a_file_is_whole(tmp_path: Path, algorithm: str) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    made = source(tmp_path, 'quiet_seconds = 0\nchecksum_file = "{name}.sum"')
    assert "its checksum is not there" in str(outcome(made))

    digest = hashlib.new(algorithm, whole).hexdigest().upper()
    (tmp_path / "in" / "locks.csv.sum").write_text(f"{digest}  locks.csv\n")
    assert outcome(made) == 1

    path.write_bytes(whole[:-3])
    assert "its checksum is another" in str(outcome(made))


def test_how_long_is_waited_does_not_have_a_file_read_again(tmp_path: Path) -> None:
    written(tmp_path, age=60)

    (before,) = source(tmp_path, "quiet_seconds = 0").extracts(nothing_is_taken)
    (after,) = source(tmp_path, "quiet_seconds = 1").extracts(nothing_is_taken)

    assert before.fingerprint == after.fingerprint
