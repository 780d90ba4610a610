"""Days counted ahead are what they are counted one by one, evidence included."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from builders.records import Landlord, days_ago, landlord, repair, small_ruleset, tenancy
from redflags.adapters.records import CountedNight
from redflags.services.thresholds.prefetch_counts import counted_ahead

DAYS = [days_ago(days) for days in (300, 200, 100, 50, 0)]
LONG_AGO = days_ago(1000)


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        opened.has(
            tenancies=[
                tenancy("T1", "2020-01-01", days_ago(150)),
                tenancy("T2", days_ago(149)),
                tenancy("T3", "2021-01-01", home="P2"),
            ],
            repairs=[
                repair(f"W{days}", days_ago(days), "door_damage", home=f"P{1 + days % 2}")
                for days in range(10, 400, 35)
            ],
        )
        yield opened


def _evidence(night: CountedNight) -> pd.DataFrame:
    return night.evidence(list(night.counted.households["household_ref"]), LONG_AGO)


def test_each_day_is_what_it_is_alone(home: Landlord) -> None:
    wanted = [(day, small_ruleset()) for day in DAYS]
    nights = counted_ahead(home.records, wanted)
    ahead = [(night.counted, _evidence(night)) for night in nights]

    assert len(ahead) == len(DAYS)
    for day, (counted, evidence) in zip(DAYS, ahead, strict=True):
        with home.records.count_night(day, small_ruleset()) as night:
            alone, evidence_alone = night.counted, _evidence(night)
        pd.testing.assert_frame_equal(counted.households, alone.households)
        pd.testing.assert_frame_equal(counted.cells, alone.cells)
        assert counted.coverage == alone.coverage
        pd.testing.assert_frame_equal(evidence, evidence_alone)
        assert evidence["occurred_on"].max().date() <= day
    assert len({len(evidence) for _, evidence in ahead}) > 2  # days that differ were compared


def test_no_day_is_none(home: Landlord) -> None:
    assert list(counted_ahead(home.records, [])) == []


def test_who_stops_half_way_leaves_a_store_that_counts_and_holds_nothing(home: Landlord) -> None:
    days = counted_ahead(home.records, [(day, small_ruleset()) for day in DAYS])
    earlier, night = next(days), next(days)
    with pytest.raises(duckdb.ConnectionException):
        _evidence(earlier)  # its day is over
    assert len(_evidence(night))
    days.close()
    with pytest.raises(duckdb.ConnectionException):
        _evidence(night)
    assert home.counts("T2") != {}


def test_a_day_that_cannot_be_counted_is_told_when_it_is_due(home: Landlord) -> None:
    never = date.min + timedelta(days=1)  # its history would begin before there are days
    days = counted_ahead(home.records, [(DAYS[0], small_ruleset()), (never, small_ruleset())])
    next(days)
    with pytest.raises(OverflowError):
        next(days)


def test_each_night_answers_for_its_own_evidence_whatever_is_counted_beside_it(
    home: Landlord,
) -> None:
    with home.records.count_night(DAYS[1], small_ruleset()) as early:
        alone = _evidence(early)
        with home.records.count_night(DAYS[-1], small_ruleset()) as late:
            assert len(_evidence(late)) > len(alone) > 0
            pd.testing.assert_frame_equal(_evidence(early), alone)
        home.count(DAYS[0])
        pd.testing.assert_frame_equal(_evidence(early), alone)
