"""What the nights leave to be watched, in the operational database."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from builders.store import AS_OF, NOW, an_alert, count_rows, raise_alerts
from builders.web import acts
from redflags.adapters.store import QueueStore
from redflags.adapters.store.monitoring_store import (
    GroupOutcomes,
    MonitoringStore,
    alerts_without_group,
    one_night_a_month,
    outcomes_by_group,
    rows_accepted,
    set_baseline,
)
from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import AlertState
from redflags.domain.night import NightTable
from redflags.domain.night_figures import (
    AREA,
    PROPERTY_TYPE,
    TENURE,
    AlertGroup,
    MonitoringRecord,
    NightFigures,
)
from redflags.domain.outcome import Outcome
from redflags.errors import UsageError

A_DAY = timedelta(days=1)


def figures(as_of: date, rows: int = 1) -> NightFigures:
    return NightFigures(as_of, {"rows": {"repairs": (rows, 0)}}, (1, 2))


def keep(store: QueueStore, *nights: NightFigures, groups: tuple[AlertGroup, ...] = ()) -> None:
    for night in nights:
        MonitoringStore(store).keep(night, groups, NOW)


def record(store: QueueStore, baseline: int = 2, latest: int = 9) -> MonitoringRecord:
    return MonitoringStore(store).record(baseline, AS_OF, latest)


def days(nights: tuple[NightFigures, ...]) -> list[int]:
    return [(AS_OF - night.as_of).days for night in nights]


def test_what_a_night_left_is_read_as_it_was(store: QueueStore) -> None:
    night = NightFigures(AS_OF, {"area": {"north": (3, 400), "": (0, 2)}}, (5, 0, 1))
    keep(store, night)
    assert record(store) == MonitoringRecord((night,), (night,))


def test_a_night_run_twice_is_one_night(store: QueueStore, database_url: str) -> None:
    keep(store, figures(AS_OF, 1), figures(AS_OF, 2))
    assert count_rows(database_url, "watched_nights") == 1
    assert record(store).latest == (figures(AS_OF, 2),)


def test_the_baseline_is_the_first_nights_and_stays(store: QueueStore) -> None:
    keep(store, *(figures(AS_OF - n * A_DAY) for n in range(5)))
    assert days(record(store, latest=3).baseline) == [4, 3]
    assert days(record(store, latest=3).latest) == [2, 1, 0]


def test_a_night_sees_none_after_it(store: QueueStore) -> None:
    keep(store, figures(AS_OF), figures(AS_OF + A_DAY))
    assert days(record(store).latest) == [0]


def test_somebody_may_set_another_baseline_and_that_is_written_down(store: QueueStore) -> None:
    keep(store, *(figures(AS_OF - n * A_DAY) for n in range(5)))
    with store.writing() as connection:
        set_baseline(connection, "Ann", AS_OF - 2 * A_DAY, "A new rule set", NOW)
    assert days(record(store).baseline) == [2, 1]
    with store.writing() as connection:
        set_baseline(connection, "Ann", AS_OF - A_DAY, "Not that one", NOW)
    assert days(record(store).baseline) == [1, 0]
    written = [
        (entry["actor"], json.loads(entry["details"])) for entry in acts(store, "baseline_set")
    ]
    assert written == [("Ann", {"starts_on": "2026-11-01"}), ("Ann", {"starts_on": "2026-11-02"})]


def test_a_baseline_of_no_night_is_refused(store: QueueStore) -> None:
    keep(store, figures(AS_OF))
    with pytest.raises(UsageError, match="up to the last night"), store.writing() as connection:
        set_baseline(connection, "Ann", AS_OF + A_DAY, "A typing error", NOW)
    assert acts(store, "baseline_set") == []


def test_rows_of_all_runs_of_a_day_count_together(store: QueueStore) -> None:
    for run_id, accepted in (("one", 70), ("two", 0), ("three", 5)):
        store.begin_night(AS_OF, run_id, NOW, "rules", "signals")
        store.record_tables(run_id, [NightTable("repairs", 100, accepted, 0, 100 - accepted)])
    store.begin_night(AS_OF - A_DAY, "before", NOW, "rules", "signals")
    store.record_tables("before", [NightTable("repairs", 9, 9, 0, 0)])
    with store.reading() as connection:
        assert rows_accepted(connection, AS_OF) == {"repairs": 75}


def test_one_night_of_each_month_says_how_many_homes_there_were(store: QueueStore) -> None:
    wanted = [date(2026, 9, 30), date(2026, 10, 31)]
    keep(store, *(figures(date(2026, month, day)) for month in (9, 10) for day in (1, 15, 30)))
    keep(store, figures(wanted[-1]), figures(date(2026, 11, 1)))
    with store.reading() as connection:
        found = one_night_a_month(connection, date(2026, 9, 1), date(2026, 11, 1))
    assert [night.as_of for night in found] == wanted


def close(store: QueueStore, alert_id: str, outcome: Outcome, tried: bool = True) -> None:
    ended = {
        "state": AlertState.CLOSED,
        "outcome": outcome,
        "closed_on": AS_OF,
        "first_attempt_at_utc": NOW if tried else None,
    }
    with store.writing() as connection:
        connection.execute(update(ALERTS).where(ALERTS.c.alert_id == alert_id).values(**ended))


def came(store: QueueStore, grouping: str) -> dict[str, GroupOutcomes]:
    with store.reading() as connection:
        return outcomes_by_group(connection, grouping, AS_OF, AS_OF + A_DAY)


def test_alerts_count_for_their_area_kind_of_home_and_tenure(store: QueueStore) -> None:
    raise_alerts(store, an_alert("a1", "1"), an_alert("a2", "2", patch="south"))
    keep(
        store, figures(AS_OF), groups=(AlertGroup("a1", "flat", "SEC"), AlertGroup("a2", "", "SEC"))
    )
    assert came(store, AREA) == {"north": GroupOutcomes(1), "south": GroupOutcomes(1)}
    assert came(store, PROPERTY_TYPE) == {"flat": GroupOutcomes(1), "": GroupOutcomes(1)}
    assert came(store, TENURE) == {"SEC": GroupOutcomes(2)}


@pytest.mark.parametrize(
    ("outcome", "tried", "expected"),
    [
        (Outcome.WELFARE_NEED_MET, True, GroupOutcomes(1, need=1)),
        (Outcome.NO_CONCERN_FOUND, True, GroupOutcomes(1, no_concern=1)),
        (Outcome.COULD_NOT_REACH, True, GroupOutcomes(1)),
        (Outcome.NO_CHECK_NEEDED, False, GroupOutcomes(1)),
        (Outcome.ALREADY_SUPPORTED, False, GroupOutcomes(1)),
    ],
)
def test_only_checks_that_found_out_count_as_such(
    store: QueueStore, outcome: Outcome, tried: bool, expected: GroupOutcomes
) -> None:
    raise_alerts(store, an_alert())
    close(store, "a1", outcome, tried)
    assert came(store, AREA) == {"north": expected}


def test_a_home_alerted_twice_is_one_home_and_both_checks_count(store: QueueStore) -> None:
    raise_alerts(store, an_alert("a1"))
    close(store, "a1", Outcome.NO_CONCERN_FOUND)
    raise_alerts(store, an_alert("a2"))
    close(store, "a2", Outcome.NO_CONCERN_FOUND)
    assert came(store, AREA) == {"north": GroupOutcomes(1, no_concern=2)}


def test_alerts_of_another_time_do_not_count(store: QueueStore) -> None:
    raise_alerts(store, an_alert("a1", "1", raised_on=AS_OF - A_DAY))
    raise_alerts(store, an_alert("a2", "2", raised_on=AS_OF + A_DAY))
    assert came(store, AREA) == {}


def test_an_alert_is_asked_about_until_its_kind_of_home_is_known(store: QueueStore) -> None:
    raise_alerts(store, an_alert("a1", "1"), an_alert("a2", "2"))
    keep(store, figures(AS_OF), groups=(AlertGroup("a1", "flat", "SEC"),))
    keep(store, figures(AS_OF), groups=(AlertGroup("a1", "house", "SEC"),))
    with store.reading() as connection:
        assert alerts_without_group(connection, AS_OF) == {"a2": "2"}
        assert alerts_without_group(connection, AS_OF + A_DAY) == {}
    assert came(store, PROPERTY_TYPE) == {"flat": GroupOutcomes(1), "": GroupOutcomes(1)}
