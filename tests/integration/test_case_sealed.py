"""What people write is sealed to its place, and stands in no audit entry."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, update

from builders.acts import PLAN
from builders.cases import Office
from builders.full_case import full_case
from redflags.adapters.store import QueueStore, open_store
from redflags.adapters.store.case_tables import CASE_NOTES
from redflags.casework.acts import assign_check, case_notes, look_with_reason
from redflags.domain.alert import AlertState
from redflags.errors import StoreUnusable


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def test_nothing_that_people_wrote_can_be_read_in_the_file(sqlite_databases: Any) -> None:
    url = sqlite_databases.migrated()
    with open_store(url) as store:
        office = Office(store)
        full_case(office)
        office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint came in")
    path = Path(str(make_url(url).database))
    files = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    assert b"person:rita" in files
    for written in (
        "Three locks in five months",
        "The bell is broken",
        "A child was there",
        "A complaint came in",
        "At the door",
        PLAN.when,
        PLAN.not_told,
        PLAN.neutral_reason,
        "A fist-shaped hole",
        "kicked in",
    ):
        assert written.encode() not in files


def test_a_note_moved_to_another_alert_does_not_open(office: Office) -> None:
    for alert_id in ("a1", "a2"):
        office.brings_to(AlertState.CLAIMED, alert_id)
        office.acts(office.reviewer, case_notes.add_note, f"On {alert_id}", alert_id=alert_id)
    notes = CASE_NOTES.c
    with office.store.writing() as connection:
        connection.execute(
            update(CASE_NOTES)
            .where(notes.alert_id == "a2")
            .values(
                text_sealed=CASE_NOTES.select()
                .with_only_columns(notes.text_sealed)
                .where(notes.alert_id == "a1")
                .scalar_subquery()
            )
        )
    assert office.reads(office.reviewer, "a1").notes[0].text == "On a1"
    with pytest.raises(StoreUnusable):
        office.reads(office.reviewer, "a2")


def test_the_trail_holds_no_household_and_no_words(office: Office) -> None:
    full_case(office)
    office.does(office.manager, look_with_reason.look_with_reason, "a1", "A complaint came in")
    office.acts(office.manager, assign_check.assign, "carl", "She is on holiday")
    written = office.whole_trail()
    assert "evidence_granted" in written
    for private in (
        "T-a1",
        "P-1",
        "R-1",
        "complaint",
        "holiday",
        "was there",
        "bell",
        "landlord.test",
    ):
        # a random number may begin as a reference does: "R-1" is none in "R-17ed184488c17768"
        assert not re.search(rf"{re.escape(private)}\b", written)
