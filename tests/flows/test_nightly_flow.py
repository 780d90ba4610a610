"""The order of the stages, what is tried again, what a failure does; on a real server."""

from pathlib import Path

import pytest
from flows.local import run_night
from flows.nightly import nightly
from flows.open_nights import StageFailed

from builders.flows import AS_OF, FakeNight, Summary, absent, opening
from redflags.errors import CanaryMissing, SourceRefused, StoreBusy, UsageError
from redflags.settings import Settings

pytestmark = pytest.mark.usefixtures("operators_server")

AFTER_TAKING = ["store", "score", "queue", "notify", "finish"]


def run(night: FakeNight) -> Summary:
    return run_night(Settings(home=Path("unused")), AS_OF, opening(night))  # type: ignore[return-value]


def test_every_source_is_taken_before_anything_is_stored() -> None:
    night = FakeNight(sources=("asb", "repairs", "tenancies"))
    run(night)
    assert night.calls[0] == "begin"
    assert sorted(night.calls[1:4]) == ["take asb", "take repairs", "take tenancies"]
    assert night.calls[4:] == AFTER_TAKING
    assert night.closed


def test_the_summary_of_the_night_is_given_back() -> None:
    assert run(FakeNight()) == Summary(AS_OF, "done")


def test_a_night_without_sources_still_runs_its_stages() -> None:
    night = FakeNight(sources=())
    run(night)
    assert night.calls == ["begin", *AFTER_TAKING]


def test_an_absent_source_does_not_stop_the_others() -> None:
    night = FakeNight(fails={"take repairs": [absent(transient=False)]})
    assert run(night).outcome == "partial"
    assert night.failed_sources == ["repairs"]
    assert night.calls[-5:] == AFTER_TAKING


def test_a_transient_absence_is_tried_again() -> None:
    night = FakeNight(fails={"take repairs": [absent(transient=True), absent(transient=True)]})
    assert run(night).outcome == "done"
    assert night.calls.count("take repairs") == 3


def test_a_source_that_stays_away_is_tried_four_times() -> None:
    night = FakeNight(fails={"take repairs": [absent(transient=True) for _ in range(9)]})
    assert run(night).outcome == "partial"
    assert night.calls.count("take repairs") == 4


@pytest.mark.parametrize("error", [absent(transient=False), SourceRefused("no column raised_at")])
def test_what_will_not_pass_by_waiting_is_not_tried_again(error: SourceRefused) -> None:
    night = FakeNight(fails={"take repairs": [error]})
    run(night)
    assert night.calls.count("take repairs") == 1


@pytest.mark.parametrize("stage", ["take repairs", "store", "score", "notify", "finish"])
def test_a_failure_is_recorded_and_raised_unchanged(stage: str) -> None:
    error = KeyError("a column")
    night = FakeNight(fails={stage: [error]})
    with pytest.raises(KeyError) as raised:
        run(night)
    assert raised.value is error
    assert night.failure is error
    assert night.calls[-1] == "fail"
    assert night.closed


def test_nothing_is_scored_when_storing_failed() -> None:
    night = FakeNight(fails={"store": [StoreBusy("another night is writing")]})
    with pytest.raises(StoreBusy):
        run(night)
    assert night.calls[-2:] == ["store", "fail"]


@pytest.mark.parametrize("run_id", ["", "2026-11-20-of-another-process"])
def test_the_id_of_a_night_that_is_not_open_here_is_refused_and_begins_none(run_id: str) -> None:
    with pytest.raises(StageFailed, match="open in this process") as raised:
        nightly(AS_OF.isoformat(), run_id)
    assert isinstance(raised.value.error, UsageError)


def test_a_missing_canary_fails_the_night() -> None:
    night = FakeNight(fails={"queue": [CanaryMissing("the canary raised nothing")]})
    with pytest.raises(CanaryMissing):
        run(night)
    assert "notify" not in night.calls
    assert "finish" not in night.calls


def test_a_night_that_could_not_begin_has_nothing_to_record() -> None:
    night = FakeNight(fails={"begin": [StoreBusy("another night is writing")]})
    with pytest.raises(StoreBusy):
        run(night)
    assert night.calls == ["begin"]


def test_a_failure_that_cannot_be_recorded_does_not_hide_the_first() -> None:
    night = FakeNight(fails={"score": [ValueError("first")], "fail": [OSError("second")]})
    with pytest.raises(ValueError, match="first") as raised:
        run(night)
    assert raised.value.__notes__ == ["nor could the failure be recorded: OSError"]
