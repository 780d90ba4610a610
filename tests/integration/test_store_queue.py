"""The queue on SQLite and PostgreSQL: what a night may write, and that twice is once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from builders.cases import Office, close
from builders.store import (
    AS_OF,
    NOW,
    a_message,
    a_reason,
    an_alert,
    count_rows,
    enqueue,
    evidence,
    raise_alerts,
)
from redflags.adapters.store import QueueStore, open_store
from redflags.casework.acts import claim_alert
from redflags.domain.alert import AlertState, Priority, Reason, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.queue_state import ClosedAlert, QueueState, SampledHousehold
from redflags.errors import IllegalMove

TONIGHTS = NOW + timedelta(days=2)


def state(store: QueueStore, as_of: date = AS_OF) -> QueueState:
    with store.queue_transaction(as_of, "night", NOW) as queue:
        return queue.state(as_of)


def add(
    store: QueueStore,
    *reasons: Reason,
    priority: Priority = Priority.ROUTINE,
    score: float = 1.0,
    look_by_at_utc: datetime | None = None,
) -> bool:
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        return queue.add_evidence("a1", reasons, priority, score, AS_OF, look_by_at_utc)


def test_an_alert_comes_back_as_it_was_raised(store: QueueStore) -> None:
    alert = an_alert(
        score=0.1 + 0.2,
        priority=Priority.FIRST,
        routing=Routing.SPECIALIST,
        reasons=(
            a_reason("R-2", "R-1", sentence="2 lock changes; like homes have 0.1 a year £"),
            Reason("repair_frequency", "9 repairs", (evidence("R-1", "repair_count"),)),
            Reason("outlier", "odd among like homes"),
        ),
    )
    assert raise_alerts(store, alert) == [True]
    assert store.alerts() == [alert]


def test_alerts_are_in_one_total_order(store: QueueStore) -> None:
    yesterday = AS_OF - timedelta(days=1)
    raise_alerts(
        store,
        an_alert("e", "5", score=2.0),
        an_alert("d", "4", score=2.0),
        an_alert("c", "3", score=2.0, raised_on=yesterday),
        an_alert("b", "2", score=9.0),
        an_alert("a", "1", priority=Priority.FIRST, score=0.5),
    )
    assert [alert.alert_id for alert in store.alerts()] == ["a", "b", "c", "d", "e"]


def test_alerts_of_two_nights_are_not_ordered_by_their_scores(store: QueueStore) -> None:
    last_night, tonight = NOW + timedelta(days=1), TONIGHTS
    raise_alerts(
        store,
        an_alert("d", "4", priority=Priority.SOON, score=0.1, look_by_at_utc=tonight),
        an_alert("c", "3", score=12.3, look_by_at_utc=tonight),
        an_alert("b", "2", score=-0.4, look_by_at_utc=last_night),
        an_alert("a", "1", priority=Priority.FIRST, score=-0.5, look_by_at_utc=tonight),
    )
    assert [alert.alert_id for alert in store.alerts()] == ["a", "b", "c", "d"]


def test_alerts_of_a_day_are_those_raised_on_it_and_open_unless_told(store: QueueStore) -> None:
    raise_alerts(store, an_alert("a", "1"), an_alert("b", "2", raised_on=AS_OF - timedelta(days=1)))
    close(store, "a")
    assert [alert.alert_id for alert in store.alerts()] == ["b"]
    assert store.alerts(as_of=AS_OF) == []
    assert [alert.alert_id for alert in store.alerts(AS_OF, include_closed=True)] == ["a"]
    assert store.counts() == dict.fromkeys(AlertState, 0) | {
        AlertState.RAISED: 1,
        AlertState.CLOSED: 1,
    }


def test_the_same_alert_twice_is_once(store: QueueStore) -> None:
    assert raise_alerts(store, an_alert(), an_alert()) == [True, False]
    assert raise_alerts(store, an_alert()) == [False]
    assert store.alerts() == [an_alert()]


def test_a_household_has_one_open_alert_and_may_have_another_once_it_is_closed(
    store: QueueStore,
) -> None:
    assert raise_alerts(store, an_alert("a1"), an_alert("a2")) == [True, False]
    close(store, "a1")
    assert raise_alerts(store, an_alert("a1"), an_alert("a2")) == [False, True]


def test_an_alert_comes_in_as_raised_only(store: QueueStore) -> None:
    with pytest.raises(IllegalMove, match="comes in as raised"):
        raise_alerts(store, replace(an_alert(), state=AlertState.CLAIMED))


def test_new_evidence_is_added_and_raises_priority_and_score(store: QueueStore) -> None:
    raise_alerts(store, an_alert(priority=Priority.ROUTINE, score=1.0))
    more = a_reason("R-1", "R-2", sentence="2 lock changes since March")
    assert add(store, more, priority=Priority.FIRST, score=2.5)
    (alert,) = store.alerts()
    assert (alert.priority, alert.score) == (Priority.FIRST, 2.5)
    assert alert.reasons == (a_reason("R-1"), more)


def test_new_evidence_never_lowers_priority_or_score(store: QueueStore) -> None:
    raise_alerts(store, an_alert(priority=Priority.FIRST, score=3.0))
    assert add(store, a_reason("R-2"), priority=Priority.ROUTINE, score=1.0)
    (alert,) = store.alerts()
    assert (alert.priority, alert.score) == (Priority.FIRST, 3.0)


def test_with_tonights_time_to_look_an_alert_has_tonights_score(store: QueueStore) -> None:
    """Another rule set's scores may be on another scale: what is due together is on one."""
    later = an_alert(score=12.3, look_by_at_utc=NOW + timedelta(days=5))
    raise_alerts(store, later, an_alert("b", "2", score=3.0, look_by_at_utc=TONIGHTS))
    assert add(store, a_reason("R-2"), priority=Priority.SOON, score=2.4, look_by_at_utc=TONIGHTS)
    scores = {alert.alert_id: (alert.look_by_at_utc, alert.score) for alert in store.alerts()}
    assert scores == {"a1": (TONIGHTS, 2.4), "b": (TONIGHTS, 3.0)}


@pytest.mark.parametrize(("score", "kept"), [(2.4, 12.3), (13.0, 13.0)])
def test_with_its_own_time_to_look_an_alert_keeps_its_place(
    store: QueueStore, score: float, kept: float
) -> None:
    sooner = NOW + timedelta(days=1)
    raise_alerts(store, an_alert(score=12.3, look_by_at_utc=sooner))
    assert add(store, a_reason("R-2"), score=score, look_by_at_utc=TONIGHTS)
    (alert,) = store.alerts()
    assert (alert.look_by_at_utc, alert.score) == (sooner, kept)


@pytest.mark.parametrize(
    "known_again",
    [
        a_reason("R-1"),
        a_reason("R-1", sentence="the same record in other words"),
        Reason("another_rule", "the same record counted otherwise", (evidence("R-1", "x"),)),
        Reason("outlier", "no record at all"),
    ],
)
def test_without_a_new_record_nothing_is_written(store: QueueStore, known_again: Reason) -> None:
    raise_alerts(store, an_alert())
    before, entries = store.alerts(), store.audit_head()
    assert not add(store, known_again, priority=Priority.FIRST, score=1.01)
    assert (store.alerts(), store.audit_head()) == (before, entries)


def test_with_a_new_record_only_reasons_that_are_news_are_added(store: QueueStore) -> None:
    raise_alerts(store, an_alert())
    fresh, newly_speaking = a_reason("R-2"), Reason("outlier", "odd among like homes")
    assert add(store, a_reason("R-1", sentence="said before"), fresh, newly_speaking)
    (alert,) = store.alerts()
    assert alert.reasons == (a_reason("R-1"), fresh, newly_speaking)
    assert not add(store, fresh, newly_speaking)


def test_evidence_goes_to_open_alerts_only(store: QueueStore) -> None:
    with pytest.raises(LookupError):
        add(store, a_reason("R-2"))
    raise_alerts(store, an_alert())
    close(store, "a1")
    with pytest.raises(IllegalMove, match="closed"):
        add(store, a_reason("R-2"))


def test_a_night_finds_the_queue_as_it_is(store: QueueStore) -> None:
    reasons = (a_reason("R-1", "R-2"),)
    raise_alerts(
        store,
        an_alert("a1", "0001", priority=Priority.SOON, reasons=reasons),
        an_alert("a2", "0002", routing=Routing.SPECIALIST, reasons=()),
        an_alert("a3", "0003", raised_on=AS_OF - timedelta(days=1)),
    )
    office = Office(store)
    office.does(office.specialist, claim_alert.claim, "a2")
    found = state(store)
    assert sorted(found.open) == ["0001", "0002", "0003"]
    assert found.open["0001"].priority is Priority.SOON
    one, other = reasons[0].evidence
    assert found.open["0001"].evidence_keys == one.keys | other.keys
    assert found.open["0002"].state is AlertState.CLAIMED
    assert found.open["0002"].evidence_keys == frozenset()
    assert found.raised == {Routing.GENERAL: 1, Routing.SPECIALIST: 1}
    assert (found.closed, found.sampled) == ((), False)


def test_closed_alerts_tell_quiet_periods_watches_and_confirmed_households(
    store: QueueStore,
) -> None:
    watched_until = AS_OF + timedelta(days=90)
    raise_alerts(store, an_alert("a1", "0001"), an_alert("a2", "0002"), an_alert("a3", "0003"))
    close(store, "a2", Outcome.WELFARE_NEED_MET, AS_OF, watched_until)
    close(store, "a1", Outcome.NO_CONCERN_FOUND, AS_OF)
    found = state(store)
    assert list(found.open) == ["0003"]
    (record,) = an_alert().reasons[0].evidence
    seen = record.keys
    assert found.closed == (
        ClosedAlert("a1", "0001", AS_OF, Outcome.NO_CONCERN_FOUND, None, AS_OF, seen),
        ClosedAlert("a2", "0002", AS_OF, Outcome.WELFARE_NEED_MET, watched_until, AS_OF, seen),
    )
    assert found.confirmed == {"0002"}


def test_a_night_does_not_see_what_was_closed_after_it(store: QueueStore) -> None:
    raise_alerts(store, an_alert())
    close(store, "a1", Outcome.OTHER_NEED, closed_on=AS_OF)
    assert state(store, AS_OF).confirmed == {"0001"}
    assert state(store, AS_OF - timedelta(days=1)).closed == ()


def test_a_day_has_one_sample(store: QueueStore) -> None:
    drawn = [SampledHousehold("0007", 0.4, 31), SampledHousehold("0008", 0.3, 32)]
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        assert queue.record_sample(AS_OF, drawn)
        assert not queue.record_sample(AS_OF, [SampledHousehold("0009", 0.2, 33)])
        assert queue.state(AS_OF).sampled
        assert not queue.state(AS_OF + timedelta(days=1)).sampled
    assert store.alerts() == []


def test_a_day_has_one_canary_check_and_the_last_one_counts(
    store: QueueStore, database_url: str
) -> None:
    with store.queue_transaction(AS_OF, "night", NOW) as queue:
        assert queue.record_canary(AS_OF, False, "nothing was raised")
        assert not queue.record_canary(AS_OF, False, "nothing was raised")
        assert queue.record_canary(AS_OF, True, "3 lock changes")
    assert count_rows(database_url, "canary_checks") == 1


def test_an_error_inside_the_transaction_leaves_nothing(
    store: QueueStore, database_url: str
) -> None:
    with (
        pytest.raises(RuntimeError, match="midway"),
        store.queue_transaction(AS_OF, "night", NOW) as queue,
    ):
        queue.raise_alert(an_alert())
        queue.record_sample(AS_OF, [SampledHousehold("0007", 0.4, 31)])
        queue.record_canary(AS_OF, True, "3 lock changes")
        queue.enqueue_message(a_message())
        raise RuntimeError("midway")
    written = ("alerts", "alert_reasons", "alert_evidence", "below_line_samples", "canary_checks")
    assert [count_rows(database_url, table) for table in written] == [0] * len(written)
    assert store.due_messages(NOW) == []
    assert store.audit_head().entries == 0


def test_everything_is_there_after_opening_again(store: QueueStore, database_url: str) -> None:
    raise_alerts(store, an_alert())
    enqueue(store, a_message())
    with open_store(database_url) as again:
        assert again.alerts() == [an_alert()]
        assert again.due_messages(NOW) == [a_message()]
