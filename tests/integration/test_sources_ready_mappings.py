"""Each ready mapping lands its fixture files in the contract."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from builders.sources import FIXTURES, READY, Taken, ready_source, taken
from redflags.analysis.schemas import TABLES


def read(name: str, tmp_path: Path) -> dict[str, Taken]:
    return taken(ready_source(name, tmp_path, FIXTURES))


def test_nec_properties_and_tenancies(tmp_path: Path) -> None:
    tables = read("nec_housing", tmp_path)

    assert tables["properties"].without_row_numbers() == [
        {"property_ref": "00001001"},
        {"property_ref": "00001002"},
    ]
    assert tables["properties"].extract.left_out == {"drop_when lpro_sco_code equals": 1}
    columns = ("tenancy_ref", "property_ref", "start_date", "end_date")
    assert [tuple(row[c] for c in columns) for row in tables["tenancies"].rows] == [
        ("0000012345", "00001001", "2021-04-05", None),
        ("0000012346", "00001002", "2019-06-12", "2026-01-31"),
        ("0000012347", "00001004", "2020-02-01", "not known"),
    ]


def test_noiseworks_reports_carry_the_home_of_their_case(tmp_path: Path) -> None:
    asb = read("noiseworks", tmp_path)["asb"]

    assert asb.rows == [
        {
            "report_ref": "501/2026-01-03T21:10:44.1234567+00:00",
            "case_ref": "501",
            "subject_property_ref": "100021000001",
            "reported_at": "2026-01-03T21:10:44.123456+00:00",
            "category": "shouting",
            "description": "Shouting and banging\nagain tonight Cannot sleep",
            "merged_into": None,
            "_row": 1,
        },
        {
            "report_ref": "501/2026-01-09T22:15:00.5+00:00",
            "case_ref": "501",
            "subject_property_ref": "100021000001",
            "reported_at": "2026-01-09T22:15:00.5+00:00",
            "category": "shouting",
            "description": 'A man shouting, "get out"',
            "merged_into": None,
            "_row": 2,
        },
        {
            "report_ref": "502/2026-01-05T01:00:00.000001+00:00",
            "case_ref": "502",
            "subject_property_ref": "100021000002",
            "reported_at": "2026-01-05T01:00:00.000001+00:00",
            "category": "tv",
            "description": "Loud film",
            "merged_into": "501",
            "_row": 3,
        },
    ]
    assert asb.extract.left_out == {
        "drop_when case.uprn blank": 1,
        "drop_when case.kind in": 1,
        "no row in the join case": 1,
    }
    assert asb.extract.notes == ["1 of 6 rows of asb have no row in the join case"]


CONTRACTOR_ROWS = [
    {
        "work_order_ref": "C-0001",
        "property_ref": "00001001",
        "raised_at": "2026-02-14T08:05:00",
        "completed_at": "2026-02-14T11:30:00",
        "status": "completed",
        "work_type": "responsive",
        "priority_code": "E",
        "trade_code": "CP",
        "sor_code": "390929",
        "description": "Lock change, keys lost\r\nring before visit",
        "notes": "LC done",
        "cost_gbp": "45",
    },
    {
        "work_order_ref": "C-0002",
        "property_ref": "00001002",
        "raised_at": "2026-02-15T00:00:00",
        "completed_at": None,
        "status": "completed",
        "work_type": "responsive",
        "priority_code": "R",
        "trade_code": "CP",
        "sor_code": "330001",
        "description": "Int dr kicked in, renew \u2013 bthrm",
        "notes": None,
        "cost_gbp": "1240.50",
    },
    {
        "work_order_ref": "C-0003",
        "property_ref": "00001003",
        "raised_at": "30/02/2026 10:00:00",
        "completed_at": None,
        "status": "On Hold",
        "work_type": "responsive",
        "priority_code": "R",
        "trade_code": "GL",
        "sor_code": "575026",
        "description": "Board up",
        "notes": None,
        "cost_gbp": "12",
    },
]


def test_contractor_csv_with_line_feeds_pounds_and_an_impossible_date(tmp_path: Path) -> None:
    repairs = read("contractor_spreadsheet", tmp_path)["repairs"]

    assert repairs.without_row_numbers() == CONTRACTOR_ROWS
    assert repairs.extract.unmapped == {"status": {"On Hold": 1}}


def test_contractor_workbook_gives_the_same_rows(tmp_path: Path) -> None:
    repairs = taken(ready_source("contractor_spreadsheet", tmp_path, workbook(tmp_path)))["repairs"]

    csv_line_ends = [row["description"].replace("\n", "\r\n") for row in repairs.rows]
    rows = [
        row | {"description": text}
        for row, text in zip(repairs.without_row_numbers(), csv_line_ends, strict=True)
    ]
    assert rows == CONTRACTOR_ROWS
    assert repairs.values("_row") == [1, 2, 4]


HEADER = [
    *("Job No", "Property Ref", "Tenant Name / Phone", "Date Raised", "Date Completed", "Status"),
    *("Priority", "Trade", "SOR Code", "Job Description", "Operative Comments", "Invoice Total"),
]
FIRST = [
    *("C-0001", 1001, "Test Person One 07700 900001"),
    *(datetime(2026, 2, 14, 8, 5), datetime(2026, 2, 14, 11, 30), "Complete"),  # noqa: DTZ001
    *("E", "CP", 390929, "Lock change, keys lost\nring before visit", "LC done", 45),
]
SECOND = [
    *("C-0002", "00001002", "Test Person Two\n07700 900002", "15/02/2026", None, "Work Complete"),
    *("R", "CP", "330001", "Int dr kicked in, renew \u2013 bthrm", "", "\u00a31,240.50"),
]
THIRD = [
    *("C-0003", 1003, "Test Person Three", "30/02/2026 10:00:00", None, "On Hold"),
    *("R", "GL", 575026.0, "Board up", None, 12.0),
]


def workbook(folder: Path) -> Path:
    """The rows of the .csv fixture as a workbook: typed cells, and an empty row in the middle."""
    book = Workbook()
    for row in (HEADER, FIRST, SECOND, [], THIRD):
        book.active.append(row)
    (folder / "contractor").mkdir()
    book.save(folder / "contractor" / "jobs.xlsx")
    return folder


def test_hact_work_type_says_more_than_class_and_a_lock_more_than_a_call_out(
    tmp_path: Path,
) -> None:
    repairs = read("hact_raise_repair", tmp_path)["repairs"]

    assert repairs.rows[0] == {
        "work_order_ref": "HQ-1",
        "property_ref": "00012345",
        "raised_at": "2026-02-03T09:33:35.757339",
        "work_type": "responsive",
        "priority_code": "2",
        "trade_code": "CP",
        "sor_code": "390929",
        "description": "Renew front door lock",
        "notes": "Emergency call out; Renew lock",
        "_row": 1,
    }
    assert repairs.values("work_type") == ["responsive", "void", "adaptation", "70/70"]
    assert repairs.values("raised_at")[1:] == [
        "2026-02-04T10:00:00Z",
        "2026-02-05T10:00:00.12345",
        "2026-02-06T10:00:00",
    ]
    assert repairs.extract.unmapped == {"work_type": {"70/70": 1}}


def test_a_repairs_api_order_costs_the_sum_of_its_tasks(tmp_path: Path) -> None:
    repairs = read("hackney_repairs_api", tmp_path)["repairs"]

    assert repairs.rows[0] == {
        "work_order_ref": "10000012",
        "property_ref": "00012345",
        "raised_at": "2026-01-18T15:28:57.17811",
        "status": "In Progress",
        "work_type": "responsive",
        "priority_code": "3",
        "trade_code": "CP",
        "sor_code": "390929",
        "description": "Front door lock broken",
        "notes": "Emergency call out; Renew lock; Inspect",
        "cost_gbp": "115.50",
        "_row": 1,
    }
    assert repairs.values("cost_gbp") == ["115.50", "to be agreed", None]
    assert repairs.values("raised_at")[1] == "2026-01-19T08:00:01.123456"


def test_late_tasks_make_the_orders_new_again(tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"
    shutil.copytree(FIXTURES / "hackney", extracts / "hackney")
    source = ready_source("hackney_repairs_api", tmp_path, extracts)
    before = taken(source)["repairs"].extract.fingerprint
    (extracts / "hackney" / "workOrders" / "10000014").mkdir()
    (extracts / "hackney" / "workOrders" / "10000014" / "tasks.json").write_text("[]")

    assert taken(source)["repairs"].extract.fingerprint != before


def test_assets_give_homes_and_their_present_tenancies(tmp_path: Path) -> None:
    tables = read("hackney_housing_search", tmp_path)

    assert tables["properties"].rows == [
        {
            "property_ref": "00012345",
            "uprn": "100021000001",
            "bedrooms": "2",
            "build_year": "1967",
            "_row": 2,
        },
        {
            "property_ref": "00012346",
            "uprn": "100021000002",
            "bedrooms": "1",
            "build_year": None,
            "_row": 4,
        },
    ]
    # 23:00 UTC on 26 March 2023 is midnight of the 27th in London: summer time began that day
    assert tables["tenancies"].without_row_numbers() == [
        {
            "tenancy_ref": "134624975",
            "property_ref": "00012345",
            "start_date": "2023-03-27",
            "end_date": None,
            "tenure_code": "Secure",
        }
    ]


def test_city_requests_without_dates_are_dated_on_the_last_day_of_their_month(
    tmp_path: Path,
) -> None:
    tables = read("nyc311_2013_12", tmp_path)

    assert tables["repairs"].without_row_numbers() == [
        {
            "work_order_ref": "1001",
            "property_ref": "1 TEST STREET, 10001",
            "raised_at": "2013-12-31",
            "status": "Closed",
            "work_type": "responsive",
            "trade_code": "GENERAL CONSTRUCTION",
            "sor_code": "LOCKS",
            "description": "GENERAL CONSTRUCTION - LOCKS",
        }
    ]
    assert tables["repairs"].extract.left_out == {
        "where Agency in": 3,
        "drop_when Incident Zip blank": 1,
    }
    assert tables["asb"].values("subject_property_ref") == ["4 TEST STREET, 10001"]
    assert tables["asb"].values("reported_at") == ["2013-12-31"]


def test_the_older_city_layout(tmp_path: Path) -> None:
    tables = read("nyc311_2018_01", tmp_path)

    (row,) = tables["repairs"].rows
    assert (row["raised_at"], row["completed_at"]) == (
        "2018-01-22T00:00:00",
        "2018-01-23T13:05:09",
    )
    assert (row["property_ref"], row["notes"]) == ("18 TEST AVENUE, 11237", "Inspected.")
    assert tables["asb"].rows == []


def test_the_city_noise_layout(tmp_path: Path) -> None:
    tables = read("nyc311_2022_05", tmp_path)

    assert tables["repairs"].values("raised_at") == ["2022-05-01T23:59:59"]
    assert tables["asb"].without_row_numbers() == [
        {
            "report_ref": "3001",
            "subject_property_ref": "100 TEST AVENUE, 10452",
            "reported_at": "2022-05-01T00:00:03",
            "category": "Noise - Residential",
            "description": "Banging/Pounding",
        }
    ]


READY_ON_FILES = sorted(
    path.stem for path in READY.glob("*.toml") if path.stem not in ("canonical", "civica_uh")
)


@pytest.mark.parametrize("name", READY_ON_FILES)
def test_no_ready_mapping_lets_a_name_or_a_telephone_number_out(name: str, tmp_path: Path) -> None:
    for table, read_table in read(name, tmp_path).items():
        assert set(read_table.extract.rows.schema.names) <= {*TABLES[table].column_names, "_row"}
        text = repr(read_table.rows)
        assert "Test Person" not in text
        assert "07700" not in text
