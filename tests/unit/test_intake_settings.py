"""How much may be missing: read from the landlord's file, or from the defaults, and then said."""

import logging
from pathlib import Path

import pytest

from builders.intake import SHIPPED
from redflags.analysis.schemas import TABLES
from redflags.configuration.intake_settings import load_intake_settings
from redflags.errors import ConfigurationError

OWN = 'unit = "u", reason = "r", owner = "o", date = 2026-11-29'


def written(folder: Path, more: str) -> Path:
    path = folder / "intake.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8") + more, encoding="utf-8")
    return path


def test_a_folder_without_the_file_gets_the_defaults_and_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    absent = tmp_path / "intake.toml"
    assert load_intake_settings(absent, TABLES) == load_intake_settings(SHIPPED, TABLES)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert f"{absent}: expected it and it is not there" in record.getMessage()


def test_a_table_may_have_numbers_of_its_own(tmp_path: Path) -> None:
    more = f"[tables.asb]\nlargest_share = {{ value = 0.2, {OWN} }}\n"
    more += f"newest_record = {{ value = 40, {OWN} }}\n"
    settings = load_intake_settings(written(tmp_path, more), TABLES)
    assert (settings.largest_share("asb"), settings.largest_share("repairs")) == (0.2, 0.05)
    assert (settings.newest_record_days("asb"), settings.newest_record_days("repairs")) == (40, 14)
    assert (settings.rows_kept("asb"), settings.nights_absent("asb")) == (0.5, 5)


def test_a_table_that_there_is_not_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"tables\.job: expected one of asb, concerns"):
        load_intake_settings(written(tmp_path, "[tables.job]\n"), TABLES)


def test_a_number_without_its_reason_is_a_fault(tmp_path: Path) -> None:
    more = "[tables.asb]\nlargest_share = { value = 0.2 }\n"
    with pytest.raises(ConfigurationError, match=r"intake\.toml: tables\.asb\.largest_share"):
        load_intake_settings(written(tmp_path, more), TABLES)


def test_a_share_above_one_is_a_fault(tmp_path: Path) -> None:
    more = f"[tables.asb]\nlargest_share = {{ value = 5, {OWN} }}\n"
    with pytest.raises(ConfigurationError, match=r"largest_share\.value"):
        load_intake_settings(written(tmp_path, more), TABLES)
