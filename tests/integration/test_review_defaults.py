"""A configuration from before there was a review.toml runs on the defaults, and says so.

What the file may hold is a matter of tests/unit/test_reviewset.py.
"""

import shutil
from pathlib import Path

import pytest

from builders.extracts import AS_OF, quiet_estate, write_extracts
from builders.nights import ROOT, Installation, prepare_model_registry

DONE, WRONG = 0, 2


@pytest.fixture
def upgraded(tmp_path: Path) -> Installation:
    """What a landlord has who wrote their configuration with an earlier version."""
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    (config / "review.toml").unlink()
    return Installation(
        tmp_path / "home", write_extracts(tmp_path / "extracts", quiet_estate()), config
    )


def warning(installed: Installation) -> str:
    return f"{installed.config / 'review.toml'}: expected it and it is not there"


def test_a_check_passes_and_warns_once(upgraded: Installation) -> None:
    ended = upgraded.run("check")
    assert ended.code == DONE, ended.err
    assert ended.err.count(warning(upgraded)) == 1


def test_a_night_runs_and_warns_once_in_its_log(
    upgraded: Installation, migrated_prefect_home: Path
) -> None:
    shutil.copytree(migrated_prefect_home, upgraded.home / "prefect")
    prepare_model_registry(upgraded.home)
    ended = upgraded.run("night", "--as-of", AS_OF.isoformat())
    assert ended.code == DONE, ended.err
    assert ended.err.count(warning(upgraded)) == 1


def test_people_are_added_with_the_times_of_the_defaults(upgraded: Installation) -> None:
    words = ("--email", "ada@landlord.test", "--name", "Ada", "--role", "manager")
    ended = upgraded.run("user", "add", *words)
    assert ended.code == DONE, ended.err
    assert warning(upgraded) in ended.err


def test_a_file_that_is_there_and_wrong_still_ends_with_2(upgraded: Installation) -> None:
    (upgraded.config / "review.toml").write_text("[times]\nclaim_lapses = 3\n")
    ended = upgraded.run("check")
    assert ended.code == WRONG
    assert "redflags: review.toml: work: Field required" in ended.err
    assert "expected it and it is not there" not in ended.err
