"""Which changes of a mapping file may leave rows behind under references nobody uses any more."""

from pathlib import Path

import pytest

from redflags.adapters.sources import row_identities

MAPPING = """
enabled = true
kind = "delimited"
precedence = 3
[tables.repairs]
files = ["jobs*.csv"]
date_format = "iso"
[tables.repairs.pad]
property_ref = 8
[tables.repairs.columns]
work_order_ref = "Job"
property_ref = "Home"
raised_at = "Raised"
[tables.repairs.codes.status]
C = "complete"
"""


def identity(tmp_path: Path, old: str = "", new: str = "") -> dict[str, dict[str, str]]:
    assert old in MAPPING
    (tmp_path / "mapped.toml").write_text(MAPPING.replace(old, new), encoding="utf-8")
    return row_identities(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Job"', '"Order"'),
        ('"jobs*.csv"', '"orders*.csv"'),
        ("property_ref = 8", "work_order_ref = 8"),
        ('date_format = "iso"', 'where = [{ column = "Kind", equals = "R" }]'),
    ],
)
def test_what_decides_which_rows_there_are_and_their_references_counts(
    tmp_path: Path, old: str, new: str
) -> None:
    assert identity(tmp_path, old, new) != identity(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Raised"', '"Raised on"'),
        ('date_format = "iso"', 'date_format = "%d/%m/%Y"'),
        ('date_format = "iso"', 'date_format = "iso"\nzone = "UTC"\nrepeated = "report"'),
        ('C = "complete"', 'C = "done"'),
        ("property_ref = 8", "property_ref = 9"),
        ("precedence = 3", "precedence = 4"),
    ],
)
def test_what_a_row_says_beside_its_reference_does_not(tmp_path: Path, old: str, new: str) -> None:
    assert identity(tmp_path, old, new) == identity(tmp_path)


def test_only_sources_that_are_enabled_have_any(tmp_path: Path) -> None:
    assert set(identity(tmp_path)) == {"mapped"}
    assert identity(tmp_path, "enabled = true", "enabled = false") == {}
