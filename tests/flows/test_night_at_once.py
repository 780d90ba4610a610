"""Two nights at once end as one: no household twice, capacity kept, one message."""

from collections import Counter
from pathlib import Path

import pytest

from builders.extracts import (
    AS_OF,
    concern,
    quiet_estate,
    three_lock_changes,
    with_rows,
    write_extracts,
)
from builders.nights import Installation, NightEnded

CAPACITY = 10
DAMAGED = range(1, 15)
CONCERNS = (30, 31)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen households with too many lock changes, two somebody is worried about."""
    tables = with_rows(
        quiet_estate(),
        lock_changes=[row for number in DAMAGED for row in three_lock_changes(number)],
        concerns=[concern(f"C{number}", number, 5) for number in CONCERNS],
    )
    return write_extracts(tmp_path_factory.mktemp("landlord") / "extracts", tables)


def at_once(*installations: Installation) -> list[NightEnded]:
    nights = [installation.begin_night() for installation in installations]
    return [night.ended() for night in nights]


def assert_ended_as_one(installation: Installation, nights: list[NightEnded]) -> None:
    assert [night.error for night in nights] == [None, None]
    assert [str(night.summary.outcome) for night in nights] == ["done", "done"]
    alerts = installation.alerts()
    households = Counter(alert["tenancy_ref"] for alert in alerts)
    assert set(households.values()) == {1}
    assert {f"T{number:04}" for number in CONCERNS} <= set(households)
    assert len(alerts) == CAPACITY + len(CONCERNS)
    assert sum(night.summary.alerts.raised for night in nights) == len(alerts)
    assert installation.run("audit", "verify").code == 0


def test_two_nights_of_one_home_wait_for_each_other(extracts: Path, tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", extracts, is_bare=True)

    nights = at_once(installation, installation)

    assert_ended_as_one(installation, nights)
    read = sorted(sum(table.read for table in night.summary.tables) for night in nights)
    assert read[0] == 0, "the second finds every file taken"
    assert len(installation.messages()) == 1


def test_two_homes_with_one_database_end_as_one(
    extracts: Path, tmp_path: Path, empty_database_url: str
) -> None:
    one, other = (
        Installation(tmp_path / name, extracts).with_setting(database_url=empty_database_url)
        for name in ("one", "other")
    )

    nights = at_once(one, other)

    assert_ended_as_one(one, nights)
    assert one.alerts() == other.alerts()
    assert len(one.messages()) + len(other.messages()) == 1
    assert all(alert["raised_on"] == AS_OF.isoformat() for alert in one.alerts())
