"""What the operator is told in the morning."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders.detection import RunLog, a_night
from redflags.domain.kept_records import KeptRecords, KeptTable
from redflags.domain.night import NightOutcome, NightSource, NightTable, SourceStatus
from redflags.domain.queue_state import Standing
from redflags.services.night.night_status import Status, due_night, read_status
from redflags.services.night.night_summary import AlertCounts, NightSummary, added_up

TODAY = date(2026, 11, 4)
MORNING = datetime(2026, 11, 4, 8, 0, tzinfo=ZoneInfo("Europe/London"))


def status(log: RunLog, at: datetime = MORNING) -> Status:
    return read_status(log, log.queue, at)  # type: ignore[arg-type]


def days_before(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("hour", "minute", "due"),
    [(0, 0, days_before(1)), (5, 59, days_before(1)), (6, 0, TODAY), (23, 59, TODAY)],
)
def test_tonights_run_is_due_at_six_in_london(hour: int, minute: int, due: date) -> None:
    assert due_night(MORNING.replace(hour=hour, minute=minute)) == due


def test_a_good_night_is_not_missing() -> None:
    told = status(RunLog([a_night(TODAY)]))
    assert not told.is_missing
    assert told.lines[0] == "last night: 2026-11-04, done, started 02:00 UTC"


def test_yesterdays_night_is_enough_until_six() -> None:
    log = RunLog([a_night(days_before(1))])
    assert not status(log, MORNING.replace(hour=5, minute=59)).is_missing
    assert status(log, MORNING.replace(hour=6)).is_missing


def test_no_night_at_all_is_missing() -> None:
    told = status(RunLog())
    assert told.is_missing
    assert told.lines[0].startswith("MISSING: no good night for 2026-11-04; there was no good one")
    assert "no night has run yet" in told.lines


def test_a_partial_night_is_good_and_names_what_was_absent() -> None:
    absent = NightSource("repairs", SourceStatus.ABSENT, "source_absent", "the folder is empty")
    told = status(RunLog([a_night(TODAY, NightOutcome.PARTIAL, sources=(absent,))]))
    assert not told.is_missing
    assert "  source repairs: absent (the folder is empty)" in told.lines


@pytest.mark.parametrize(
    "outcome", [NightOutcome.FAILED, NightOutcome.ABANDONED, NightOutcome.RUNNING]
)
def test_a_night_that_did_not_end_well_is_missing(outcome: NightOutcome) -> None:
    log = RunLog([a_night(days_before(1)), a_night(TODAY, outcome, reason="the disk is full")])
    told = status(log)
    assert told.is_missing
    assert "the last good one was 2026-11-03" in told.lines[0]
    assert f"last night: 2026-11-04, {outcome}, started 02:00 UTC" in told.lines
    assert "  because: the disk is full" in told.lines


def test_a_failed_run_after_a_good_one_for_the_same_day_is_not_missing() -> None:
    log = RunLog([a_night(TODAY), a_night(TODAY, NightOutcome.FAILED)])
    assert not status(log).is_missing


def test_a_night_run_for_a_day_to_come_does_not_hide_a_missed_one() -> None:
    assert status(RunLog([a_night(TODAY + timedelta(days=30))])).is_missing


def test_counts_and_model_of_the_last_night_are_told() -> None:
    night = a_night(
        TODAY,
        tables=(NightTable("repairs", 1200, 1000, 150, 50),),
        stages={"read": 1.25, "score": 2.0},
        model_version="3",
    )
    lines = status(RunLog([night])).lines
    assert "  repairs: 1,200 read, 1,000 accepted, 150 quarantined, 50 replaced" in lines
    assert any(line.endswith("seconds, model 3") for line in lines)


def test_what_the_last_night_said_of_itself_is_told() -> None:
    lines = status(RunLog([a_night(TODAY, counts={"notes": ["the model registry is gone"]})])).lines
    assert "  the model registry is gone" in lines


def test_what_nobody_looked_at_in_time_is_told() -> None:
    lines = status(RunLog([a_night(TODAY)], Standing(open=9, unclaimed=4, look_overdue=1))).lines
    assert "9 alerts are open, 4 of them not yet claimed" in lines
    assert [line[:22] for line in lines if "OVERDUE" in line] == ["OVERDUE: 1 alerts have"]


def test_welfare_checks_without_contact_in_time_are_told() -> None:
    lines = status(RunLog([a_night(TODAY)], Standing(open=9, contact_overdue=2))).lines
    assert "OVERDUE: 2 welfare checks are past their 48 hours without contact" in lines


def test_a_queue_in_time_is_not_overdue() -> None:
    lines = status(RunLog([a_night(TODAY)], Standing(open=9, unclaimed=4))).lines
    assert not any("OVERDUE" in line for line in lines)


def test_alerts_that_nobody_may_see_are_told_before_all_that_waits() -> None:
    lines = status(RunLog([a_night(TODAY)], Standing(open=9, look_overdue=9, unseen=2))).lines
    loud = next(line for line in lines if "NOBODY" in line)
    assert loud.startswith("NOBODY CAN BE TOLD of 2 open alerts: ")
    assert lines.index(loud) < lines.index("9 alerts are open, 0 of them not yet claimed")
    assert not any("NOBODY" in line for line in status(RunLog([a_night(TODAY)])).lines)


def test_messages_that_wait_are_told() -> None:
    lines = status(RunLog([a_night(TODAY)], waiting_messages=2)).lines
    assert "2 messages wait in the outbox" in lines
    assert not any("outbox" in line for line in status(RunLog([a_night(TODAY)])).lines)


# ---------------------------------------------------------------- the summary of a night


def test_parts_of_a_table_are_added_up_in_order_of_name() -> None:
    parts = [NightTable("repairs", 5, 3, 1, 1), NightTable("asb", 1, 1, 0, 0)]
    assert added_up([*parts, NightTable("repairs", 10, 10, 0, 0)]) == (
        NightTable("asb", 1, 1, 0, 0),
        NightTable("repairs", 15, 13, 1, 1),
    )


def test_the_summary_has_the_shape_of_the_contract() -> None:
    summary = NightSummary(
        as_of=TODAY,
        outcome=NightOutcome.DONE,
        tables=(NightTable("asb", 3, 1, 1, 1),),
        alerts=AlertCounts(raised=2, updated=1, open=7),
        stages={"read": 0.12345},
    )
    told = summary.as_json()
    assert told["as_of"] == "2026-11-04"
    assert told["outcome"] == "done"
    assert told["tables"] == {"asb": {"read": 3, "accepted": 1, "quarantined": 1, "replaced": 1}}
    assert told["alerts"] == {"raised": 2, "updated": 1, "open": 7, "waiting": 0}
    assert told["stages"] == {"read": 0.123}


def kept_of(households: int) -> dict[str, object]:
    tables = {"repairs": KeptTable(1234, TODAY), "protected": KeptTable(2)}
    return {"kept": KeptRecords(households, tables).as_json()}


def test_rows_are_told_by_source_and_what_is_kept_by_table_with_its_newest_day() -> None:
    rows = {"read": 40, "accepted": 38, "quarantined": 1, "replaced": 1}
    night = a_night(
        TODAY,
        counts=kept_of(20) | {"sources": {"contractor": {"repairs": rows}}},
        sources=(NightSource("contractor", SourceStatus.TAKEN),),
        tables=(NightTable("repairs", 40, 38, 1, 1), NightTable("protected", 0, 0, 0, 0)),
    )
    lines = status(RunLog([night])).lines
    place = lines.index("  source contractor: taken")
    said = "repairs: 40 read, 38 accepted, 1 quarantined, 1 replaced"
    assert lines[place + 1] == f"    {said}"
    assert f"  {said}; 1,234 kept, the newest of 2026-11-04" in lines
    assert "  protected: 0 read, 0 accepted, 0 quarantined, 0 replaced; 2 kept" in lines


@pytest.mark.parametrize(("households", "is_missing"), [(0, True), (1, False)])
def test_a_night_that_saw_nobody_is_not_good(households: int, is_missing: bool) -> None:
    log = RunLog([a_night(TODAY, NightOutcome.PARTIAL, counts=kept_of(households))])
    assert status(log).is_missing is is_missing


def test_a_night_that_rightly_saw_nobody_is_good() -> None:
    counts = kept_of(0) | {"collapse_accepted": {"by": "ada", "reason": "all homes were sold"}}
    assert not status(RunLog([a_night(TODAY, counts=counts)])).is_missing


def test_a_collapse_after_a_good_run_for_the_same_day_ends_with_one() -> None:
    counts = kept_of(1) | {"collapsed": ["1 households are current; there were 900"]}
    told = status(RunLog([a_night(TODAY), a_night(TODAY, NightOutcome.FAILED, counts=counts)]))
    assert told.is_missing
    assert told.lines[0].startswith("COLLAPSED: the last night saw far less")
