"""Good extracts, one for each ready mapping and each layout of a city: sixty records each."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

ROWS = 60
FIRST = datetime.fromisoformat("2026-03-02T08:05:30")


def write_rows(path: Path, header: str, rows: Iterable[Sequence[object]], encoding: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([header.split(","), *rows])


def moment(number: int) -> datetime:
    """Days spread over months, so that no column looks as if days and months were swapped."""
    return FIRST + timedelta(days=3 * number, minutes=7 * number)


def home(number: int) -> str:
    return f"{2001 + number % 40:08d}"


def contractor_rows() -> list[list[object]]:
    return [
        [
            f"C-{number:04}",
            2001 + number % 40,
            "Test Person",
            f"{moment(number):%d/%m/%Y %H:%M:%S}",
            f"{moment(number) + timedelta(hours=3):%d/%m/%Y %H:%M:%S}",
            "Complete",
            "E",
            "CP",
            "390929",
            f"Lock change {number}, keys lost",
            "LC done",
            f"{45 + number}.50",
        ]
        for number in range(ROWS)
    ]


CONTRACTOR = (
    "Job No,Property Ref,Tenant Name / Phone,Date Raised,Date Completed,Status,Priority,Trade,"
    "SOR Code,Job Description,Operative Comments,Invoice Total"
)


def contractor_csv(folder: Path) -> None:
    write_rows(folder / "contractor" / "jobs.csv", CONTRACTOR, contractor_rows(), "cp1252")


def contractor_workbook(folder: Path) -> None:
    book = Workbook()
    for row in [CONTRACTOR.split(","), *contractor_rows()]:
        book.active.append(row)
    (folder / "contractor").mkdir(parents=True)
    book.save(folder / "contractor" / "jobs.xlsx")


def canonical(folder: Path) -> None:
    homes = [[home(number), "house", "north"] for number in range(40)]
    lets = [[f"T{n:05}", home(n), f"{2015 + n % 9}-04-{1 + n % 28:02}", ""] for n in range(40)]
    jobs = [
        [f"W{n:05}", home(n), moment(n).isoformat(), "responsive", f"Door {n} kicked in", f"{n}.5"]
        for n in range(ROWS)
    ]
    tables = (
        ("properties", "property_ref,property_type,patch", homes),
        ("tenancies", "tenancy_ref,property_ref,start_date,end_date", lets),
        ("repairs", "work_order_ref,property_ref,raised_at,work_type,description,cost_gbp", jobs),
    )
    for name, header, rows in tables:
        write_rows(folder / f"{name}.csv", header, rows, "utf-8")


def nec(folder: Path) -> None:
    homes = [[2001 + n, "OCC", "Test Person"] for n in range(40)]
    lets = [
        [f"{12345 + n:010}", 2001 + n, f"{moment(n):%d-%b-%Y}", "", "Test Person"]
        for n in range(40)
    ]
    write_rows(
        folder / "nec" / "lpro_20260301.csv",
        "lpro_propref,lpro_sco_code,lpro_phone_contact",
        homes,
        "utf-8",
    )
    write_rows(
        folder / "nec" / "ltcy_20260301.csv",
        "ltcy_alt_ref,ltcy_propref,ltcy_act_start_date,ltcy_act_end_date,tenant_name",
        lets,
        "utf-8",
    )


def noiseworks(folder: Path) -> None:
    cases = [
        [
            500 + n,
            f"{moment(n).isoformat()}+00:00",
            "shouting",
            "",
            100021000001 + n,
            "residence",
            "n",
        ]
        for n in range(ROWS)
    ]
    told = [
        [
            9000 + n,
            500 + n,
            f"{moment(n).isoformat()}+00:00",
            "",
            "",
            "Bedroom",
            f"Noise {n}",
            "Sleep",
        ]
        for n in range(ROWS)
    ]
    write_rows(
        folder / "noiseworks" / "Case.csv",
        "id,created,kind,kind_other,uprn,where,estate",
        cases,
        "utf-8",
    )
    write_rows(
        folder / "noiseworks" / "Complaint.csv",
        "id,case_id,created,start,end,rooms,description,effect",
        told,
        "utf-8",
    )


def hackney_orders(folder: Path) -> None:
    orders = [
        {
            "reference": 10000012 + n,
            "dateRaised": f"{moment(n).isoformat()}.17811",
            "description": f"Front door lock {n}",
            "propertyReference": home(n),
            "status": "Complete",
            "priorityCode": 3,
            "tradeCode": "CP",
        }
        for n in range(ROWS)
    ]
    place = folder / "hackney"
    place.mkdir(parents=True)
    (place / "workOrders.json").write_text(json.dumps(orders, indent=1), encoding="utf-8")
    for order in orders[:2]:
        tasks = [
            {"id": "a", "code": "390929", "description": "Renew lock", "quantity": 1, "cost": 95}
        ]
        detail = place / "workOrders" / str(order["reference"]) / "tasks.json"
        detail.parent.mkdir(parents=True)
        detail.write_text(json.dumps(tasks), encoding="utf-8")


def hackney_search(folder: Path) -> None:
    lines = []
    for n in range(ROWS):
        tenure = {
            "paymentReference": f"{134624975 + n}",
            "startOfTenureDate": f"{moment(n).isoformat()}Z",
            "endOfTenureDate": None,
            "type": "Secure",
        }
        asset = {
            "assetId": home(n) if n < 40 else f"{9000 + n:08d}",
            "assetType": "Dwelling",
            "tenure": tenure,
            "assetAddress": {"uprn": f"{100021000001 + n}"},
        }
        lines += [json.dumps({"index": {"_id": f"a{n}"}}), json.dumps(asset)]
    place = folder / "hackney"
    place.mkdir(parents=True)
    (place / "housing_search_assets.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def hact(folder: Path) -> None:
    orders = [
        {
            "Reference": [{"ID": f"HQ-{n}"}],
            "DescriptionOfWork": f"Renew front door lock {n}",
            "DateRaised": f"{moment(n).isoformat()}.7573391",
            "WorkType": 20,
            "WorkClass": 10,
            "WorkPriority": {"PriorityCode": 2},
            "SitePropertyUnit": [{"Reference": [{"ID": home(n)}]}],
            "WorkElement": [
                {"Trade": [{"CustomCode": "CP"}], "RateScheduleItem": [{"CustomCode": "390929"}]}
            ],
        }
        for n in range(ROWS)
    ]
    place = folder / "hact"
    place.mkdir(parents=True)
    text = json.dumps({"WorkOrder": orders}, indent=1)
    (place / "RaiseRepair.json").write_text(text, encoding="utf-8")


def city_2013(folder: Path) -> None:
    rows = [
        [1000 + n, "HPD", "Housing", "GENERAL CONSTRUCTION", "LOCKS", "RESIDENTIAL BUILDING", 10001,
         f"{n} TEST STREET", "TEST STREET", "Closed"]
        for n in range(ROWS)
    ]  # fmt: skip
    header = (
        "Unique Key,Agency,Agency Name,Complaint Type,Descriptor,Location Type,Incident Zip,"
        "Incident Address,Street Name,Status"
    )
    write_rows(folder / "nyc311" / "nyc311_2013-12_invented.csv", header, rows, "utf-8")


def city_2018(folder: Path) -> None:
    rows = [
        [2000 + n, f"{moment(n):%m/%d/%Y %I:%M:%S %p}", "", "HPD", "Housing", "PLUMBING", "DOOR",
         "RESIDENTIAL BUILDING", 11237, f"{n} TEST AVENUE", "", "Closed", "Inspected."]
        for n in range(ROWS)
    ]  # fmt: skip
    header = (
        "Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,"
        "Location Type,Incident Zip,Incident Address,Landmark,Status,Resolution Description"
    )
    write_rows(folder / "nyc311" / "nyc311_2018-01_invented.csv", header, rows, "utf-8")


def city_2022(folder: Path) -> None:
    rows = [
        [3000 + n, f"{moment(n):%m/%d/%Y %I:%M:%S %p}", "", "NYPD", "Police", "Noise - Residential",
         "Banging/Pounding", "Residential Building/House", 10452, f"{n} TEST AVENUE",
         2000000001 + n, "In Progress", ""]
        for n in range(ROWS)
    ]  # fmt: skip
    header = (
        "Unique Key,Created Date,Closed Date,Agency,Agency Name,Complaint Type,Descriptor,"
        "Location Type,Incident Zip,Incident Address,BBL,Status,Resolution Description"
    )
    write_rows(folder / "nyc311" / "nyc311_noise_2022-05_invented.csv", header, rows, "utf-8")


def civica(folder: Path) -> None:
    with sqlite3.connect(folder / "civica.sqlite3") as base:
        base.executescript(
            """CREATE TABLE tenagree (tag_ref, prop_ref, cot, eot, tenure);
               CREATE TABLE rmreqst (rq_ref, prop_ref, rq_problem, rq_date, rq_priority);
               CREATE TABLE rmworder (wo_ref, rq_ref, prop_ref, created, completed, wo_status,
                                      est_cost, act_cost);
               CREATE TABLE rmtask (wo_ref, task_no, job_code, trade, act_cost, task_text, recall);
            """
        )
        for n in range(ROWS):
            base.execute(
                "INSERT INTO tenagree VALUES (?, ?, ?, '1900-01-01 00:00:00', 'SEC')",
                (f"TA{n:05}", f"{home(n):<12}", moment(n).isoformat(" ")),
            )
            base.execute(
                "INSERT INTO rmreqst VALUES (?, ?, ?, ?, 'E')",
                (f"R{n:05}", home(n), f"Door {n} kicked in", moment(n).isoformat(" ")),
            )
            base.execute(
                "INSERT INTO rmworder VALUES (?, ?, ?, ?, NULL, 600, 10, 45.5)",
                (f"W{n:05}", f"R{n:05}", f"{home(n):<12}", moment(n).isoformat(" ")),
            )
            base.execute(
                "INSERT INTO rmtask VALUES (?, 1, '390929', 'CP', 45.5, 'LC done', 'N')",
                (f"W{n:05}",),
            )


EXTRACTS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "canonical": ("canonical", canonical),
    "contractor, .csv": ("contractor_spreadsheet", contractor_csv),
    "contractor, .xlsx": ("contractor_spreadsheet", contractor_workbook),
    "NEC": ("nec_housing", nec),
    "NoiseWorks": ("noiseworks", noiseworks),
    "Hackney orders": ("hackney_repairs_api", hackney_orders),
    "Hackney search": ("hackney_housing_search", hackney_search),
    "HACT": ("hact_raise_repair", hact),
    "city, 2013": ("nyc311_2013_12", city_2013),
    "city, 2018": ("nyc311_2018_01", city_2018),
    "city, 2022": ("nyc311_2022_05", city_2022),
    "Civica, SQL": ("civica_uh", civica),
}
"""What each extract is called, its mapping, and who writes it."""
