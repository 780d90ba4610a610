"""A concern logged in the queue, and the nights after it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from builders.cases import a_person, add_people
from builders.extracts import AS_OF, lock_change, quiet_estate, tenancy, with_rows, write_extracts
from builders.nights import SECRET, Installation
from redflags.adapters.secrets import TextSealer
from redflags.adapters.store import open_store
from redflags.adapters.store.tables import ALERTS
from redflags.bootstrap import Program
from redflags.casework.acts.log_concern import log_concern
from redflags.casework.unit_of_work import UnitsOfWork
from redflags.configuration.review_settings import load_reviewset
from redflags.domain.people import Role
from redflags.settings import Settings

NOON = time.fromisoformat("12:00:00+00:00")
DAY = timedelta(days=1)


def installed(folder: Path, **more: Iterable[dict[str, str]]) -> Installation:
    extracts = write_extracts(folder / "extracts", with_rows(quiet_estate(), **more))
    installation = Installation(folder / "home", extracts, knows_estate=True)
    assert installation.night().error is None
    return installation


def log(installation: Installation, property_ref: str, on: date = AS_OF) -> None:
    review = load_reviewset(installation.config / "review.toml")
    plumber = a_person("petra", Role.REPAIRS)
    with open_store(database(installation)) as store:
        add_people(store, plumber)
        units_of_work = UnitsOfWork(store, TextSealer(SECRET.encode(), "case notes"), review, None)  # type: ignore[arg-type]
        with units_of_work.begin(plumber, datetime.combine(on, NOON)) as work:
            new_id = Program(Settings(home=installation.home)).new_alert_id
            log_concern(work, f"form {on}", property_ref, on, "Zanzibarred", False, new_id)


def database(installation: Installation) -> str:
    return f"sqlite:///{installation.home / 'redflags.sqlite3'}"


def rows(installation: Installation) -> list[Row[Any]]:
    with open_store(database(installation)) as store, store.reading() as connection:
        return list(connection.execute(select(ALERTS).order_by(ALERTS.c.alert_id)))


def test_the_night_leaves_the_alert_of_a_concern_as_it_is(tmp_path: Path) -> None:
    installation = installed(tmp_path)
    log(installation, "P0007")
    before = rows(installation)
    ended = installation.night(AS_OF + DAY)
    assert ended.error is None
    assert str(ended.summary.outcome) == "done"
    assert rows(installation) == before
    assert [(a["tenancy_ref"], a["priority"]) for a in installation.alerts()] == [
        ("T0007", "first")
    ]
    # no rows of the landlord's, and a part of the household's history all the same
    assert "concerns" not in {table.table for table in ended.summary.tables if table.read}
    assert installation.record_totals()["concerns"] == 1


def test_new_records_grow_the_alert_that_a_concern_raised(tmp_path: Path) -> None:
    installation = installed(tmp_path)
    log(installation, "P0007")
    changes = [lock_change(f"L{n}", 7, n, "Renew lock") for n in (3, 60, 130)]
    write_extracts(tmp_path / "extracts", with_rows(quiet_estate(), lock_changes=changes))
    assert installation.night(AS_OF + DAY).error is None
    (alert,) = installation.alerts()
    assert alert["reasons"][0]["rule_id"] == "staff_concern"
    assert "frequent_lock_changes" in {reason["rule_id"] for reason in alert["reasons"]}
    assert alert["priority"] == "first"


def test_a_concern_about_an_unknown_reference_is_not_raised_again(tmp_path: Path) -> None:
    installation = installed(tmp_path)
    log(installation, "nowhere")
    before = rows(installation)
    assert installation.night(AS_OF + DAY).error is None
    assert rows(installation) == before


def test_where_households_share_a_home_the_night_adds_nothing(tmp_path: Path) -> None:
    second = tenancy(300, start_date="2020-01-01") | {"property_ref": "P0007"}
    installation = installed(tmp_path, tenancies=[second])
    log(installation, "P0007")
    before = rows(installation)
    assert {row.tenancy_ref for row in before} == {"T0007", "T0300"}
    assert installation.night(AS_OF + DAY).error is None
    assert rows(installation) == before


def test_the_night_says_by_when_somebody_should_look(tmp_path: Path) -> None:
    changes = [lock_change(f"L{n}", 8, n) for n in (20, 130, 250)]
    installation = installed(tmp_path, lock_changes=changes)
    (alert,) = rows(installation)
    with open_store(database(installation)) as store:
        night = store.last_night()
    assert night is not None
    assert alert.priority == 2
    waited = alert.look_by_at_utc - night.started_at_utc
    assert timedelta(hours=48) <= waited < timedelta(hours=48, minutes=5)
