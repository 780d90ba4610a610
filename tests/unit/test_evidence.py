"""Which record is news, and which was known under another name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.detection import a_candidate, a_record, closed_alert, days_ago, queue_state
from builders.detection import queue_settings as settings
from redflags.analysis.ordering.queueing import plan_queue
from redflags.domain.alert import Evidence, known_by

KNOWN = a_record(ref="1001")
A_DAY_LATER = replace(KNOWN, occurred_on=KNOWN.occurred_on + timedelta(days=1))


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (KNOWN, True),
        (replace(KNOWN, signal="door_damage", tell="fear"), True),
        (A_DAY_LATER, True),  # its own source corrected the day
        (replace(KNOWN, source="renamed"), True),  # the same system under another name
        (replace(A_DAY_LATER, source="bolt"), False),  # another contractor's job of that number
        (replace(KNOWN, ref="1002"), False),
        (replace(KNOWN, table="lock_changes"), False),
    ],
)
def test_a_record_is_known_by_its_source_or_by_its_day(record: Evidence, known: bool) -> None:
    assert record.is_among(known_by([KNOWN])) is known


@pytest.mark.parametrize(("source", "comes_up"), [("canonical", 0), ("bolt", 1)])
def test_a_job_of_another_contractor_brings_a_household_up_again(
    source: str, comes_up: int
) -> None:
    seen = a_record(days_ago(300), ref="1001")
    news = replace(seen, source=source, occurred_on=days_ago(1))
    reviewed = closed_alert("T1", closed_on=days_ago(250), seen=[seen])

    made = plan_queue([a_candidate("T1", records=[news])], [], queue_state(reviewed), settings())

    assert len(made.to_raise) == comes_up
