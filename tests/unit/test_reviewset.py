"""How the queue is worked: read from the landlord's file, or from the defaults, and then said."""

import logging
from pathlib import Path

import pytest

from redflags.configuration.review_settings import load_reviewset
from redflags.errors import ConfigurationError

SHIPPED = Path(__file__).parents[2] / "config" / "review.toml"


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    """The shipped file with `changes`, as a landlord's own."""
    text = SHIPPED.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "review.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_without_the_file_gets_the_defaults_and_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    absent = tmp_path / "review.toml"
    assert load_reviewset(absent) == load_reviewset(SHIPPED)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert f"{absent}: expected it and it is not there" in record.getMessage()
    assert str(SHIPPED) in record.getMessage()


def test_a_file_of_the_landlords_own_is_used_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = write(tmp_path, ("claim_lapses = { value = 120", "claim_lapses = { value = 90"))
    assert load_reviewset(own).times.claim_lapses.value == 90
    assert caplog.records == []


def test_a_file_that_is_wrong_is_a_fault_and_not_the_defaults(tmp_path: Path) -> None:
    own = write(tmp_path, ("claim_lapses = { value = 120", 'claim_lapses = { value = "two hours"'))
    with pytest.raises(ConfigurationError) as raised:
        load_reviewset(own)
    (fault,) = raised.value.faults
    assert fault.startswith("review.toml: times.claim_lapses.value: ")


def test_an_empty_file_is_wrong_too(tmp_path: Path) -> None:
    (tmp_path / "review.toml").touch()
    with pytest.raises(ConfigurationError, match="times: Field required"):
        load_reviewset(tmp_path / "review.toml")


def test_a_link_that_leads_nowhere_is_wrong_too(tmp_path: Path) -> None:
    (tmp_path / "review.toml").symlink_to(tmp_path / "gone.toml")
    with pytest.raises(ConfigurationError, match="not found"):
        load_reviewset(tmp_path / "review.toml")


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not found; set REDFLAGS_CONFIG"):
        load_reviewset(tmp_path / "mistyped" / "review.toml")
