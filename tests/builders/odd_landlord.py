"""A landlord whose extracts nobody prepared: their own layout, names, codes and references."""

import random
from datetime import datetime, timedelta
from pathlib import Path

FAULTS = (
    "Bathroom door kicked in, lock broken",
    "Tap drips in kitchen \u2013 caf\u00e9 side",
    "Boiler will not light; no heating",
    "Front door lock changed, lost keys",
    "Window glazed in bedroom",
    "Gutter leaks at back of house",
)
NAMES = ("Mrs Ann Example", "Mr Bob Sample", "Ms Cara Test", "Dr Dan Invented")
HOMES, JOBS = 60, 240
FIRST_HOME = 2893


def write_odd_landlord(folder: Path, seed: int = 1) -> Path:
    """Requests and orders with pipes, tenancies with semicolons; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    jobs = [_job(number, rng) for number in range(JOBS)]
    requests = [["Request No", "Unit", "Logged", "Contact", "Tel", "Fault reported", "Urgency"]]
    requests += [job[0] for job in jobs]
    orders = [["Order", "Request No", "Craft", "State", "Finished", "Rate code", "Invoice"]]
    orders += [job[1] for job in jobs]
    total = sum(float(row[6].strip("\u00a3").replace(",", "")) for row in orders[1:])
    orders.append(["TOTAL", "", "", "", "", "", f"\u00a3{total:,.2f}"])
    _write(folder / "requests_2026-11.txt", requests, "|", "cp1252")
    _write(folder / "orders_2026-11.txt", orders, "|", "cp1252")
    _write(folder / "agreements.csv", _agreements(rng), ";", "utf-8-sig")
    return folder


def _job(number: int, rng: random.Random) -> tuple[list[str], list[str]]:
    logged = datetime(2024, 11, 3, 14, 5) + timedelta(hours=70 * number)  # noqa: DTZ001
    finished = logged + timedelta(days=rng.randint(0, 20))
    state = rng.choice(["FIN", "FIN", "FIN", "CNX", "N/A", "OPN"])
    request = [
        *(f"RQ{40000 + number}", f"U-{FIRST_HOME + rng.randrange(HOMES):08}", _moment(logged)),
        *(rng.choice(NAMES), f"07700 900{rng.randrange(1000):03}", rng.choice(FAULTS)),
        rng.choice(["P1", "P2", "P3"]),
    ]
    order = [
        *(f"O/{7000 + number}", request[0], rng.choice(["CRP", "PLM", "GLZ"]), state),
        _moment(finished) if state == "FIN" else "",
        rng.choice(["Responsive-330007", "N551055", "Planned-3909AA"]),
        f"\u00a3{rng.choice([45.5, 112, 1234.5, 88]):,.2f}",
    ]
    return request, order


def _agreements(rng: random.Random) -> list[list[str]]:
    rows = [["Agreement", "Place ref", "Tenant", "From", "To", "Agreement type"]]
    for number in range(HOMES):
        start = datetime(2012, 1, 5) + timedelta(days=rng.randrange(3000))  # noqa: DTZ001
        ref = [f"{900100 + number}/1", f"{FIRST_HOME + number:08}"]
        dates = [f"{start:%d/%m/%Y}", "31/12/9999"]
        rows.append([*ref, NAMES[number % 4], *dates, rng.choice(["SEC", "AST"])])
    return rows


def _moment(moment: datetime) -> str:
    return f"{moment:%d-%b-%Y %H:%M}"


def _write(path: Path, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    path.write_bytes(text.encode(encoding))
