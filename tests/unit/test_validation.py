"""Each fault on both sides, and what cleaning does to what is kept."""

from datetime import date

import pandas as pd
import pytest

from builders.detection import a_repair, a_tenancy, validated
from redflags.analysis.schemas import ASB, PROPERTIES, PROTECTED, REPAIRS, TENANCIES, Table
from redflags.analysis.validation import LONGEST_TEXT


def only(table: Table, row: dict[str, str | None]) -> pd.Series:
    found = validated(table, row)
    assert len(found) == 1
    return found.iloc[0]


def repair(**fields: str | None) -> pd.Series:
    return only(REPAIRS, a_repair(**fields))


def test_a_sound_row_is_taken_without_a_fault() -> None:
    row = repair(cost_gbp="12.50", work_type="Responsive", completed_at="2026-03-06T10:00:00")
    assert not row["_quarantined"]
    assert row["_faults"] == ""
    assert row["raised_at"] == pd.Timestamp(2026, 3, 5, 9)
    assert row["cost_gbp"] == 12.5
    assert row["work_type"] == "responsive"


@pytest.mark.parametrize("value", [None, "", "   ", "\u00a0", "\u200b"])
@pytest.mark.parametrize("column", ["work_order_ref", "property_ref", "raised_at"])
def test_a_blank_in_a_required_column_sets_the_row_aside(column: str, value: str | None) -> None:
    row = repair(**{column: value})
    assert row["_quarantined"]
    assert row["_faults"] == f"{column}:missing_value"


def test_a_blank_in_an_optional_column_is_no_fault() -> None:
    row = repair(completed_at=" ", cost_gbp="", status=None)
    assert not row["_quarantined"]
    assert row["_faults"] == ""


@pytest.mark.parametrize(
    "written",
    [
        "05/03/2026",
        "31/12/2025",
        "5/3/26",
        "13/1/26",
        "2026-02-30",
        "2026-13-01",
        "1899-12-31",
        "2101-01-01",
        "20260305",
        "infinity",
        "-infinity",
        "soon",
    ],
)
def test_what_is_no_iso_date_sets_the_row_aside_only_where_it_is_needed(written: str) -> None:
    row = repair(raised_at=written)
    assert row["_quarantined"]
    assert row["_faults"] == "raised_at:bad_date"
    kept = repair(completed_at=written)
    assert not kept["_quarantined"]
    assert kept["_faults"] == "completed_at:unusable_value"


@pytest.mark.parametrize("written", ["1900-01-01", "2100-12-31T23:59:59", "2026-03-05 09:00"])
def test_the_first_and_last_year_are_still_dates(written: str) -> None:
    assert not repair(raised_at=written)["_quarantined"]


@pytest.mark.parametrize(
    ("written", "on_the_wall"),
    [
        ("2026-07-01T23:30:00Z", "2026-07-02 00:30"),
        ("2026-01-01T23:30:00Z", "2026-01-01 23:30"),
        ("2026-07-01T10:00:00+01:00", "2026-07-01 10:00"),
        ("2026-07-01T10:00:00+0100", "2026-07-01 10:00"),
        ("2026-07-01 23:30:00 +0000", "2026-07-02 00:30"),
        ("2026-07-01 23:30:00+00", "2026-07-02 00:30"),
        ("2026-07-01 23:30:00 UTC", "2026-07-02 00:30"),
        ("2026-01-15T10:00:00-05:00", "2026-01-15 15:00"),
        ("2026-07-01T10:00Z", "2026-07-01 11:00"),
        ("2026-07-01T10:00:00.1234567Z", "2026-07-01 11:00:00.123456"),
        ("2026-07-01T10:00:00.1234567", "2026-07-01 10:00:00.123456"),
        ("2026-07-01T10:00:00", "2026-07-01 10:00"),
        ("2026-07-01", "2026-07-01 00:00"),
    ],
)
def test_a_moment_is_what_a_clock_in_london_showed(written: str, on_the_wall: str) -> None:
    row = repair(raised_at=written)
    assert row["_faults"] == ""
    assert row["raised_at"] == pd.Timestamp(on_the_wall)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-06-30T23:30:00Z", date(2026, 7, 1)),
        ("2026-01-31T23:30:00Z", date(2026, 1, 31)),
        ("2026-06-30T23:30:00", date(2026, 6, 30)),
    ],
)
def test_a_date_written_as_a_moment_is_the_day_in_london(written: str, day: date) -> None:
    row = only(TENANCIES, a_tenancy(start_date=written))
    assert pd.Timestamp(row["start_date"]).date() == day


@pytest.mark.parametrize(
    ("written", "gbp"),
    [("0", 0.0), ("12.5", 12.5), ("£1,234.50", 1234.5), ("£ 12", 12.0), ("1e3", 1000.0)],
)
def test_money_is_read_as_people_write_it(written: str, gbp: float) -> None:
    row = repair(cost_gbp=written)
    assert row["_faults"] == ""
    assert row["cost_gbp"] == gbp


@pytest.mark.parametrize("written", ["twelve", "nan", "inf", "-inf", "12.5.1", "(5"])
def test_money_that_is_no_number_is_dropped_and_the_row_kept(written: str) -> None:
    row = repair(cost_gbp=written)
    assert not row["_quarantined"]
    assert row["_faults"] == "cost_gbp:bad_number"
    assert pd.isna(row["cost_gbp"])


def test_a_negative_cost_is_dropped_and_the_row_kept() -> None:
    row = repair(cost_gbp="-0.01")
    assert not row["_quarantined"]
    assert row["_faults"] == "cost_gbp:negative_number"
    assert pd.isna(row["cost_gbp"])


@pytest.mark.parametrize(
    ("written", "kept", "faults"),
    [
        ("3", 3, ""),
        ("0", 0, ""),
        ("-1", None, "bedrooms:unusable_value"),
        ("three", None, "bedrooms:unusable_value"),
        ("nan", None, "bedrooms:unusable_value"),
        ("99999999999", None, "bedrooms:unusable_value"),
    ],
)
def test_a_count_that_cannot_be_used_is_dropped_and_the_row_kept(
    written: str, kept: int | None, faults: str
) -> None:
    row = only(PROPERTIES, {"property_ref": "0001", "bedrooms": written})
    assert not row["_quarantined"]
    assert row["_faults"] == faults
    assert pd.isna(row["bedrooms"]) if kept is None else row["bedrooms"] == kept


def test_an_unknown_category_in_an_optional_column_is_a_note_and_the_row_is_kept() -> None:
    row = repair(work_type="mystery")
    assert not row["_quarantined"]
    assert row["_faults"] == "work_type:unknown_category"
    assert row["work_type"] is None


def test_a_category_without_a_list_takes_anything() -> None:
    row = repair(status="Wörk Complete")
    assert row["_faults"] == ""
    assert row["status"] == "Wörk Complete"


def test_an_unknown_reason_to_protect_still_protects() -> None:
    row = only(PROTECTED, {"tenancy_ref": "T1", "reason_code": "Witness"})
    assert not row["_quarantined"]
    assert row["_faults"] == "reason_code:unknown_category"
    assert row["reason_code"] == "witness"


@pytest.mark.parametrize(
    ("end_date", "is_aside"), [("2019-12-31", True), ("2020-01-01", False), ("", False)]
)
def test_a_tenancy_may_end_on_the_day_it_starts_and_not_before(
    end_date: str, is_aside: bool
) -> None:
    row = only(TENANCIES, a_tenancy(start_date="2020-01-01", end_date=end_date))
    assert row["_quarantined"] == is_aside
    assert row["_faults"] == ("end_date:ends_before_start" if is_aside else "")


@pytest.mark.parametrize("extra", [0, 1])
def test_a_text_is_cut_at_the_longest_and_says_so(extra: int) -> None:
    row = repair(description="x" * (LONGEST_TEXT + extra))
    assert not row["_quarantined"]
    assert row["_faults"] == ("description:too_long" if extra else "")
    assert len(row["description"]) == LONGEST_TEXT


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0001", "0001"),
        ("000000012345678901234567890", "000000012345678901234567890"),
        ("0001        ", "0001"),
        ("  0001", "0001"),
        ("\u00a00001\u00a0", "0001"),
        ("10\u201110", "10-10"),
        ("10\u221210", "10-10"),
        ("00\u200b01", "0001"),
        ("\ufeff0001", "0001"),
        ("A 1", "A 1"),
        ("A\u00a01", "A 1"),
        ("1e5", "1e5"),
    ],
)
def test_a_ref_is_text_trimmed_and_spelled_plainly(written: str, kept: str) -> None:
    assert repair(property_ref=written)["property_ref"] == kept


def test_text_keeps_its_marks() -> None:
    assert repair(description=" it’s 10\u201110 ")["description"] == "it’s 10\u201110"


def test_every_fault_of_a_row_is_named() -> None:
    row = repair(property_ref="", raised_at="05/03/2026", cost_gbp="x", work_type="mystery")
    assert set(row["_faults"].split(";")) == {
        "property_ref:missing_value",
        "raised_at:bad_date",
        "cost_gbp:bad_number",
        "work_type:unknown_category",
    }


def test_columns_that_did_not_come_are_empty() -> None:
    row = only(ASB, {"report_ref": "A1", "subject_property_ref": "1", "reported_at": "2026-01-01"})
    assert not row["_quarantined"]
    assert row["merged_into"] is None


def test_the_hash_tells_content_apart_and_not_spelling() -> None:
    spelled = validated(
        REPAIRS,
        a_repair(cost_gbp="12.50", property_ref="0001 "),
        a_repair(cost_gbp="12.5", property_ref="0001"),
        a_repair(cost_gbp="12.51", property_ref="0001"),
        a_repair(cost_gbp="12.5", property_ref="1"),
    )["_hash"]
    assert spelled[0] == spelled[1]
    assert spelled.nunique() == 3


@pytest.mark.parametrize("ends", ["ongoing", "0001-01-01"])
def test_who_is_protected_stays_so_whatever_the_end_says(ends: str) -> None:
    row = only(PROTECTED, {"tenancy_ref": "T1", "reason_code": "open_case", "until_date": ends})
    assert not row["_quarantined"]
    assert pd.isna(row["until_date"])


def test_a_protection_without_a_reason_protects_all_the_same() -> None:
    row = only(PROTECTED, {"tenancy_ref": "T1", "reason_code": " "})
    assert not row["_quarantined"]
    assert (row["reason_code"], row["_faults"]) == ("not_given", "reason_code:unusable_value")


@pytest.mark.parametrize(
    ("written", "gbp"),
    [
        ("£1,234", 1234.0),
        ("1,234,567.89", 1234567.89),
        ("£ 45.00", 45.0),
        ("£\u00a045.00", 45.0),
        ("1234.50 GBP", 1234.5),
        ("gbp 12", 12.0),
        ("1 234.50", 1234.5),
        ("1\u202f234", 1234.0),
        ("1'234.50", 1234.5),
        ("1\u2019234", 1234.0),
        ("+45", 45.0),
        (".5", 0.5),
        ("12.", 12.0),
        ("45.00DR", 45.0),
        ("1.2E+03", 1200.0),
    ],
)
def test_marks_of_thousands_and_of_the_pound_are_read(written: str, gbp: float) -> None:
    assert (repair(cost_gbp=written)["_faults"], repair(cost_gbp=written)["cost_gbp"]) == ("", gbp)


@pytest.mark.parametrize(
    "written",
    [
        *("12,50", "2,40", "1,2345", "0,123", "1.234,56", "£ 1 234,00", "1,23", "1,234,5"),
        *("12 50", "1'23", "1.234.567", "1_000", "0x1F", "12,345 678", "£", "-", "()", "45%"),
    ],
)
def test_a_sum_with_two_readings_is_not_read(written: str) -> None:
    row = repair(cost_gbp=written)
    assert row["_faults"] == "cost_gbp:bad_number"
    assert pd.isna(row["cost_gbp"])


@pytest.mark.parametrize(
    "written",
    [
        "(45.00)",
        "( £45.00 )",
        "45.00-",
        "-£45.00",
        "£-45.00",
        "-45",
        "45.00CR",
        "45.00 cr",
        "\u221245",
    ],
)
def test_a_credit_is_no_cost_and_keeps_its_sign(written: str) -> None:
    row = repair(cost_gbp=written)
    assert row["_faults"] == "cost_gbp:negative_number"
    assert pd.isna(row["cost_gbp"])
    assert row["_signed_cost_gbp"] == -45.0


def test_a_count_is_whole() -> None:
    row = only(PROPERTIES, {"property_ref": "0001", "bedrooms": "2.5", "build_year": "1960.0"})
    assert row["_faults"] == "bedrooms:unusable_value"
    assert row["build_year"] == 1960


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("14-Sept-2026", "99-Aaaa-9999"),
        ("31.12.26 at 9", "99.99.99 aa 9"),
        ("\u0661\u0664 Octobre \u00e9t\u00e9", "99 Aaaaaaa aaa"),
        ("\u2603 no date", "? aa aaaa"),
        ("5th of September, about noon", "9aa aa Aaaaaaaaa, aa"),
    ],
)
def test_the_shape_of_a_value_is_told_and_not_the_value(written: str, shape: str) -> None:
    row = repair(raised_at=written)
    assert (row["_faults"], row["_shapes"]) == ("raised_at:bad_date", shape)


def test_shapes_stand_in_the_order_of_the_faults_and_none_is_of_a_reference() -> None:
    row = repair(work_order_ref=None, raised_at="soon", cost_gbp="12,5,0", description="x" * 5000)
    faults = ["work_order_ref:missing_value", "raised_at:bad_date", "description:too_long"]
    assert row["_faults"].split(";") == [*faults, "cost_gbp:bad_number"]
    assert row["_shapes"].split("\x1f") == ["", "aaaa", "", "99,9,9"]
