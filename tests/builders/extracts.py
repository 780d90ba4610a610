"""Canonical extracts with only the rows that matter, and an estate where nothing happens."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

AS_OF = date(2026, 10, 31)
Row = dict[str, str]
Tables = dict[str, list[Row]]
LET_ON = date(2019, 4, 1)
ORDINARY = ("Dripping tap in kitchen", "Boiler not firing", "Gutter leaking", "Renew toilet seat")


def days_ago(days: int) -> str:
    return (AS_OF - timedelta(days=days)).isoformat()


def home(number: int, **more: str) -> Row:
    return {"property_ref": f"P{number:04}", "property_type": "house", "patch": "north"} | more


def tenancy(number: int, **more: str) -> Row:
    refs = {"tenancy_ref": f"T{number:04}", "property_ref": f"P{number:04}"}
    return refs | {"start_date": LET_ON.isoformat()} | more


def repair(ref: str, number: int, days: int, description: str, **more: str) -> Row:
    at = {"property_ref": f"P{number:04}", "raised_at": days_ago(days)}
    return {"work_order_ref": ref} | at | {"work_type": "responsive"} | _text(description) | more


def lock_change(ref: str, number: int, days: int, reason: str = "Renew lock", **more: str) -> Row:
    at = {"property_ref": f"P{number:04}", "changed_at": days_ago(days), "reason": reason}
    return {"lock_change_ref": ref} | at | more


def report(ref: str, number: int, days: int, description: str, **more: str) -> Row:
    at = {"subject_property_ref": f"P{number:04}", "reported_at": days_ago(days)}
    return {"report_ref": ref} | at | {"category": "noise"} | _text(description) | more


def concern(ref: str, number: int, days: int, words: str = "Worried about the tenant") -> Row:
    at = {"property_ref": f"P{number:04}", "observed_at": days_ago(days), "concern": words}
    return {"concern_ref": ref, "reporter_role": "plumber"} | at


def presentation(ref: str, number: int, days: int, reason: str = "Asked for advice") -> Row:
    at = {"tenancy_ref": f"T{number:04}", "presented_at": days_ago(days), "reason": reason}
    return {"presentation_ref": ref} | at


def protection(number: int, reason_code: str) -> Row:
    return {"tenancy_ref": f"T{number:04}", "reason_code": reason_code}


def three_lock_changes(number: int) -> list[Row]:
    """Enough for `frequent_lock_changes`; on other days than next door, or it were a storm."""
    days = (20 + 5 * number, 130 + 5 * number, 240 + 5 * number)
    return [lock_change(f"L{number:04}-{nth}", number, ago) for nth, ago in enumerate(days)]


def quiet_estate(homes: int = 120) -> Tables:
    """Homes with ordinary repairs, one to four in two years: nobody for a rule to speak of."""
    numbers = range(1, homes + 1)
    return {
        "properties": [home(number) for number in numbers],
        "tenancies": [tenancy(number) for number in numbers],
        "repairs": [
            repair(f"W{number:04}-{nth}", number, (number * 37 + nth * 171) % 700 + 5, text)
            for number in numbers
            for nth, text in enumerate(ORDINARY[: number % 4 + 1])
        ],
    }


def with_rows(tables: Tables, **more: Iterable[Row]) -> Tables:
    return {
        name: [*tables.get(name, ()), *more.get(name, ())]
        for name in dict.fromkeys((*tables, *more))
    }


def write_extracts(folder: Path, tables: Mapping[str, Iterable[Row]]) -> Path:
    """Write ``<table>.csv`` into `folder`, which is made; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        write_table(folder / f"{table}.csv", list(rows))
    return folder


def write_table(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_table(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _text(description: str) -> Row:
    return {"description": description}
