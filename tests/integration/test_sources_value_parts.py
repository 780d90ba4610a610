"""Prefixes, suffixes and parts of values are taken by configuration; what does not fit is told."""

from pathlib import Path

import pytest

from builders.sources import Taken, mapped_source, taken
from redflags.adapters.sources import load_sources
from redflags.errors import ConfigurationError

MAPPING = """
enabled = true
kind = "delimited"
[tables.repairs]
files = ["jobs.csv"]
{more}
[tables.repairs.columns]
work_order_ref = "Job"
property_ref = "Home"
raised_at = "When"
sor_code = "Work"
description = "Work"
"""


def read(tmp_path: Path, more: str, *rows: str) -> Taken:
    lines = ["Job,Home,When,Work", *rows, ""]
    (tmp_path / "jobs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return taken(mapped_source(MAPPING.format(more=more), tmp_path, tmp_path))["repairs"]


def test_a_prefix_is_taken_off_whatever_its_case_and_the_rest_stays(tmp_path: Path) -> None:
    jobs = read(
        tmp_path,
        'strip_prefix = { property_ref = "U-" }\npad = { property_ref = 8 }',
        *("1,U-00002893,2026-01-01,a", "2,u- 2894,2026-01-01,b", "3,00002895,2026-01-01,c"),
        *("4,U-,2026-01-01,d", "5,,2026-01-01,e", "6,#N/A,2026-01-01,f"),
    )

    assert jobs.values("property_ref") == [
        *("00002893", "00002894", "00002895", "000000U-", None, None)
    ]
    assert jobs.extract.notes == [
        "3 values of repairs.property_ref do not fit strip_prefix and stay as they came"
    ]


def test_the_longest_prefix_goes_first_and_suffixes_go_too(tmp_path: Path) -> None:
    jobs = read(
        tmp_path,
        'strip_prefix = { property_ref = ["P", "P/O-"] }\nstrip_suffix = { property_ref = "(X)" }',
        *("1,P/O-17 (x),2026-01-01,a", "2,P18(X),2026-01-01,b"),
    )

    assert jobs.values("property_ref") == ["17", "18"]
    assert jobs.extract.notes == []


def test_one_column_is_split_into_two(tmp_path: Path) -> None:
    jobs = read(
        tmp_path,
        "part = { sor_code = '^([0-9]{6}) ', description = '^[0-9]{6} *-? *(.*)$' }",
        *("1,9,2026-01-01,330007 - Door off", "2,9,2026-01-01,No code here", "3,9,2026-01-01,"),
    )

    assert jobs.values("sor_code") == ["330007", "No code here", None]
    assert jobs.values("description") == ["Door off", "No code here", None]
    assert jobs.extract.notes == [
        "1 values of repairs.sor_code do not fit part and stay as they came",
        "1 values of repairs.description do not fit part and stay as they came",
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [("Responsive-330007", "330007"), ("N551055", "551055"), ("Planned-3909AA", "3909AA"),
     ("330007", "330007"), ("20110010", "20110010"), ("DA974001", "DA974001"),
     ("Planned-FS040123", "FS040123")],
)  # fmt: skip
def test_the_book_before_a_code_is_taken_off(tmp_path: Path, value: str, code: str) -> None:
    pattern = "^(?:[A-Za-z]+-)?N?((?:[A-Z]{2})?[0-9].*)$"
    jobs = read(tmp_path, f"part = {{ sor_code = '{pattern}' }}", f"1,9,2026-01-01,{value}")

    assert jobs.values("sor_code") == [code]
    assert jobs.extract.notes == []


def test_codes_are_looked_up_after_the_steps(tmp_path: Path) -> None:
    jobs = read(
        tmp_path,
        'strip_prefix = { sor_code = "C:" }\ncodes = { sor_code = { "1" = "one" } }',
        *("1,9,2026-01-01,C:1", "2,9,2026-01-01,C:2"),
    )

    assert jobs.values("sor_code") == ["one", "2"]
    assert jobs.extract.unmapped == {"sor_code": {"2": 1}}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("part = { sor_code = '[0-9]+' }", "expected one group, as in ^([0-9]+); 0 came"),
        ("part = { sor_code = '([0-9])([a-z])' }", "2 came"),
        ("part = { sor_code = '(?<=a)([0-9])' }", "a regular expression as RE2 reads it"),
        ("part = { sor_code = '([0-9]' }", "a regular expression as RE2 reads it"),
        ('strip_prefix = { sor_code = "" }', "strip_prefix.sor_code"),
        ("strip_suffix = { sor_code = [] }", "expected what is to be taken off; a blank came"),
        ('strip_prefix = { trade_code = "U-" }', "expected a column of repairs"),
    ],
)
def test_a_step_that_means_nothing_is_a_fault(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "jobs.toml").write_text(MAPPING.format(more=line), encoding="utf-8")

    with pytest.raises(ConfigurationError) as raised:
        load_sources(tmp_path, tmp_path, {})

    assert words in "\n".join(raised.value.faults)
