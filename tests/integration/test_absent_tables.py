"""A landlord without one table or another still gets a night, and is told what that costs."""

from pathlib import Path

import pytest

from builders.extracts import (
    Tables,
    quiet_estate,
    repair,
    report,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation

NO_TENANCIES = "no tenancies came"
NO_PROPERTIES = "no properties came"


def a_landlord() -> Tables:
    return with_rows(
        quiet_estate(),
        repairs=[repair(f"X{n}", 9, n, "Bathroom door kicked in by ex partner") for n in (5, 30)],
        lock_changes=three_lock_changes(8),
        asb=[
            report(f"A{number}-{n}", number, 3 * number + 9 * n, "Screaming and banging")
            for number, n in [(7, 1), (7, 2), (7, 3), (7, 4), *((k, 5) for k in range(20, 30))]
        ],
    )


def night_with(tables: Tables, folder: Path) -> tuple[list[str], set[str]]:
    """Notes of the night, and whom it raised."""
    installation = Installation(
        folder / "home", write_extracts(folder / "extracts", tables), knows_estate=True
    )
    ended = installation.night()
    assert ended.error is None
    assert str(ended.summary.outcome) == "done"
    return list(ended.summary.notes), {alert["tenancy_ref"] for alert in installation.alerts()}


def only(*names: str) -> Tables:
    return {name: rows for name, rows in a_landlord().items() if name in names}


def mentions(notes: list[str], words: str) -> bool:
    return any(words in note for note in notes)


def test_with_everything_there_is_nothing_to_note(tmp_path: Path) -> None:
    notes, raised = night_with(a_landlord(), tmp_path)
    assert not mentions(notes, NO_TENANCIES)
    assert not mentions(notes, NO_PROPERTIES)
    assert raised >= {"T0007", "T0008", "T0009"}


def test_without_tenancies_a_household_is_an_address(tmp_path: Path) -> None:
    notes, raised = night_with(only("properties", "repairs", "lock_changes", "asb"), tmp_path)
    assert mentions(notes, NO_TENANCIES)
    assert not mentions(notes, NO_PROPERTIES)
    assert raised >= {"P0007", "P0008", "P0009"}


def test_without_properties_like_homes_are_all_homes(tmp_path: Path) -> None:
    notes, raised = night_with(only("tenancies", "repairs", "lock_changes", "asb"), tmp_path)
    assert mentions(notes, NO_PROPERTIES)
    assert not mentions(notes, NO_TENANCIES)
    assert raised >= {"T0007", "T0008", "T0009"}


@pytest.mark.parametrize(
    ("table", "household"), [("repairs", "P0009"), ("lock_changes", "P0008"), ("asb", "P0007")]
)
def test_one_table_of_evidence_is_enough(table: str, household: str, tmp_path: Path) -> None:
    notes, raised = night_with(only(table), tmp_path)
    assert mentions(notes, NO_TENANCIES)
    assert mentions(notes, NO_PROPERTIES)
    for absent in {"repairs", "lock_changes", "asb"} - {table}:
        assert mentions(notes, f"no {absent} came"), notes
    assert household in raised


def test_records_of_homes_no_table_knows_are_kept_and_counted(tmp_path: Path) -> None:
    strays = [repair("S1", 9001, 3, "Dripping tap"), repair("S2", 9002, 3, "Dripping tap")]
    notes, _ = night_with(with_rows(a_landlord(), repairs=strays), tmp_path)
    assert mentions(notes, "2 rows of repairs name a property no table knows")
