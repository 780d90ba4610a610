"""The ready mappings on data as their systems write it today, also where columns are missing."""

import json
from pathlib import Path
from typing import Any

import pytest

from builders.sources import READY, Taken, mapped_source, ready_source, refusals, taken


def read(name: str, tmp_path: Path, **files: str) -> dict[str, Taken]:
    """What the ready mapping makes of `files`: "folder/name" with `__` for the slash."""
    return taken(ready_source(name, tmp_path, extracts(tmp_path, **files)))


def extracts(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "extracts"
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


CASES = """id,created,kind,kind_other,uprn,where,estate
501,2026-06-03T21:10:44+00:00,shouting,,100021000001,residence,y
502,2026-06-05T01:00:00+00:00,tv,,100021000002,residence,n
"""
COMPLAINTS = """id,case_id,created,start,end,rooms,description,effect
7,501,2026-06-03T21:10:44+00:00,2026-06-03T20:00:00+00:00,,Bedroom,Shouting,No sleep
8,501,2026-06-03T21:10:44+00:00,2026-06-03T20:00:00+00:00,,Kitchen,Banging,
9,502,2026-06-05T01:00:00+00:00,,,Kitchen,Loud film,
"""


def test_noiseworks_without_closed_and_merged_and_with_an_id(tmp_path: Path) -> None:
    asb = read(
        "noiseworks",
        tmp_path,
        noiseworks__Case_dot_csv=CASES,
        noiseworks__Complaint_dot_csv=COMPLAINTS,
    )["asb"]

    # two neighbours within one second of one case are two reports
    assert asb.values("report_ref") == [
        "501/2026-06-03T21:10:44+00:00/7",
        "501/2026-06-03T21:10:44+00:00/8",
        "502/2026-06-05T01:00:00+00:00/9",
    ]
    assert asb.values("subject_property_ref") == ["100021000001", "100021000001", "100021000002"]
    assert asb.values("description") == ["Shouting No sleep", "Banging", "Loud film"]
    assert asb.values("merged_into") == [None, None, None]
    assert asb.extract.doubts == []
    assert asb.extract.notes == ["the files of the join case have no 'merged_into': left blank"]


NEC_TENANCIES = """ltcy_alt_ref,ltcy_propref,ltcy_act_start_date{end_name}
0000012345,1001,05-SEPT-2021{end}
0000012346,1002,12-Jun-2019{end}
"""


@pytest.mark.parametrize(
    ("end_name", "end", "ends"),
    [
        ("", "", None),
        (",ltcy_act_end_date", ",", [None, None]),
        (",ltcy_act_end_date", ",31-DEC-2999", [None, None]),
        (",ltcy_act_end_date", ",01/01/1900", [None, None]),
        (",ltcy_act_end_date", ",31-JAN-2026", ["2026-01-31", "2026-01-31"]),
    ],
)
def test_nec_tenancies_with_and_without_an_end(
    end_name: str, end: str, ends: list[str | None] | None, tmp_path: Path
) -> None:
    tables = read(
        "nec_housing",
        tmp_path,
        nec__lpro_dot_csv="lpro_propref,lpro_sco_code\n1001,OCC\n",
        nec__ltcy_dot_csv=NEC_TENANCIES.format(end_name=end_name, end=end),
    )

    tenancies = tables["tenancies"]
    assert tenancies.values("start_date") == ["2021-09-05", "2019-06-12"]
    assert tenancies.values("property_ref") == ["00001001", "00001002"]
    if ends is None:
        assert tenancies.extract.absent_columns == ("end_date",)
    else:
        assert tenancies.values("end_date") == ends


def test_nec_homes_without_their_state_are_refused_and_not_all_taken(tmp_path: Path) -> None:
    folder = extracts(
        tmp_path,
        nec__lpro_dot_csv="lpro_propref\n1001\n",
        nec__ltcy_dot_csv=NEC_TENANCIES.format(end_name="", end=""),
    )

    (refused,) = refusals(ready_source("nec_housing", tmp_path, folder))

    assert refused.table == "properties"
    assert "'lpro_sco_code'" in str(refused.error)


def asset(ref: str, end: str | None, **more: Any) -> str:
    tenure = {
        "paymentReference": f"T{ref}",
        "startOfTenureDate": "2023-06-25T23:00:00",
        "endOfTenureDate": end,
    }
    return json.dumps({"assetId": ref, "assetType": "Dwelling", "tenure": tenure} | more)


def test_housing_search_ends_of_1900_mean_none_and_stamps_without_a_zone_are_utc(
    tmp_path: Path,
) -> None:
    lines = [
        asset("1", "1900-01-01T00:00:00"),
        asset("2", None),
        asset("3", "2025-06-30T23:00:00", assetAddress={"uprn": "100"}),
        json.dumps({"assetId": "4", "assetType": "Dwelling", "tenure": None}),
    ]
    tables = read(
        "hackney_housing_search",
        tmp_path,
        hackney__housing_search_assets_dot_jsonl="\n".join(lines),
    )

    tenancies = tables["tenancies"]
    assert tenancies.values("start_date") == ["2023-06-26"] * 3
    assert tenancies.values("end_date") == [None, None, "2025-07-01"]
    assert tables["properties"].values("property_ref") == ["1", "2", "3", "4"]
    assert "bedrooms" in tables["properties"].extract.absent_columns
    assert tenancies.extract.absent_columns == ("tenure_code",)


ORDERS = [
    {"reference": 1, "dateRaised": "2026-06-18T23:30:00.1781145", "description": "Door",
     "propertyReference": "00012345", "status": "In Progress"},
    {"reference": 2, "dateRaised": "2026-01-18T23:30:00", "description": "Tap",
     "propertyReference": "00012346", "status": "Complete"},
]  # fmt: skip
TASKS = [
    {"code": "Planned-20110001", "quantity": 1, "cost": 10, "description": "Call out"},
    {"code": "Responsive-390929", "quantity": 2, "cost": 40.5, "description": "Renew lock"},
]


def test_a_repairs_api_without_priority_and_trade_and_with_the_book_before_codes(
    tmp_path: Path,
) -> None:
    folder = extracts(
        tmp_path,
        hackney__workOrders_dot_json=json.dumps(ORDERS),
        hackney__workOrders__1__tasks_dot_json=json.dumps(TASKS),
        hackney__workOrders__2__tasks_dot_json=json.dumps([{**TASKS[0], "code": "N551055"}]),
    )
    repairs = taken(ready_source("hackney_repairs_api", tmp_path, folder))["repairs"]

    assert repairs.values("sor_code") == ["390929", "551055"]
    assert repairs.values("cost_gbp") == ["91.00", "10.00"]
    assert repairs.extract.absent_columns == ("priority_code", "trade_code")
    assert not [note for note in repairs.extract.notes if "do not fit" in note]


def test_a_repairs_api_that_writes_utc_says_so_in_one_line(tmp_path: Path) -> None:
    folder = extracts(tmp_path, hackney__workOrders_dot_json=json.dumps(ORDERS))
    shipped = (READY / "hackney_repairs_api.toml").read_text(encoding="utf-8")
    in_utc = shipped.replace('date_format = "iso"', 'date_format = "iso"\nzone = "UTC"')

    repairs = taken(mapped_source(in_utc.replace("false", "true", 1), tmp_path, folder))["repairs"]

    # 23:30 UTC is half past midnight in London in June, and not in January
    assert [text[:16] for text in repairs.values("raised_at") if text] == [
        "2026-06-19T00:30",
        "2026-01-18T23:30",
    ]


def test_hact_orders_without_priority_elements_and_items(tmp_path: Path) -> None:
    order = {
        "Reference": [{"ID": "H1"}],
        "SitePropertyUnit": [{"Reference": [{"ID": "00012345"}]}],
        "DateRaised": "2026-02-03T09:33:35",
        "WorkType": 70,
        "WorkClass": 20,
        "DescriptionOfWork": "Paint",
    }
    item = {"CustomCode": "Responsive-342311", "CustomName": "Frame"}
    whole = order | {
        "Reference": [{"ID": "H2"}],
        "WorkClass": 10,
        "WorkElement": [{"Trade": [{"CustomCode": "CP"}], "RateScheduleItem": [item]}],
    }
    repairs = read(
        "hact_raise_repair",
        tmp_path,
        hact__RaiseRepair_dot_json=json.dumps([{"WorkOrder": order}, {"WorkOrder": whole}]),
    )["repairs"]

    assert repairs.values("work_order_ref") == ["H1", "H2"]
    assert repairs.values("work_type") == ["planned", "responsive"]
    assert repairs.values("sor_code") == [None, "342311"]
    assert repairs.values("trade_code") == [None, "CP"]
    assert repairs.extract.absent_columns == ("priority_code",)
