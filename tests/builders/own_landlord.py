"""A landlord as its analyst has it: extracts without the truth, and a year of outcomes."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from sqlalchemy import insert

from redflags.adapters.store import QueueStore, open_store
from redflags.adapters.store.case_tables import BELOW_LINE_CHECKS
from redflags.adapters.store.monitoring_store import MonitoringStore
from redflags.adapters.store.tables import ALERTS, BELOW_LINE_SAMPLES
from redflags.domain.alert import AlertState, Origin
from redflags.domain.clock import end_of_day_utc
from redflags.domain.night_figures import (
    AREA,
    PROPERTY_TYPE,
    TENURE,
    AlertGroup,
    Counts,
    NightFigures,
)
from redflags.domain.outcome import Outcome
from redflags.domain.quality_verdicts import BelowLineVerdict
from redflags.simulation import DISTRICT, simulate, write_landlord

AS_OF = date(2026, 10, 31)
NIGHTS = [AS_OF - timedelta(days=days) for days in range(240, 30, -50)]
A_NIGHT, DRAWN = 26, 5
NOT_SENT = ("truth", "episodes", "homelessness")


def an_own_landlord(folder: Path) -> None:
    """`folder/extracts` and `folder/home`, where some nights were and all of it was closed."""
    landlord = simulate(500, 3.0, 5, AS_OF, DISTRICT)
    write_landlord(landlord, folder / "extracts")
    for name in NOT_SENT:
        (folder / "extracts" / f"{name}.csv").unlink()
    homes = landlord.tenancies.merge(landlord.properties, on="property_ref")
    homes = homes[homes["end_date"].isna() & (homes["start_date"] < "2025-06-01")]
    (folder / "home").mkdir()
    with open_store(f"sqlite:///{folder / 'home' / 'redflags.sqlite3'}") as store:
        _review(store, homes)


def _review(store: QueueStore, homes: pd.DataFrame) -> None:
    chance = random.Random(4)
    taken = homes.sample(len(NIGHTS) * (A_NIGHT + DRAWN), random_state=4).to_dict("records")
    alerts, samples, checks, groups = [], [], [], []
    for number, (night, home) in enumerate(zip(_nights(), taken, strict=True)):
        if number % (A_NIGHT + DRAWN) >= A_NIGHT:
            samples.append(_drawn(night, home))
            checks.append(_left_alone(night, home))
            continue
        outcome = Outcome.OTHER_NEED if chance.random() < 0.4 else Outcome.NO_CONCERN_FOUND
        alerts.append(_closed(f"A{number:04}", night, home, outcome))
        groups.append(AlertGroup(f"A{number:04}", home["property_type"], home["tenure_code"]))
    with store.writing() as connection:
        connection.execute(insert(ALERTS), alerts)
        connection.execute(insert(BELOW_LINE_SAMPLES), samples)
        connection.execute(insert(BELOW_LINE_CHECKS), checks)
    counts = {
        AREA: _counted(homes["patch"]),
        PROPERTY_TYPE: _counted(homes["property_type"]),
        TENURE: _counted(homes["tenure_code"]),
    }
    for night in NIGHTS:
        figures = NightFigures(night, counts, (1,))
        MonitoringStore(store).keep(figures, groups, end_of_day_utc(night))


def _nights() -> Iterator[date]:
    return (night for night in NIGHTS for _ in range(A_NIGHT + DRAWN))


def _counted(kinds: "pd.Series[str]") -> Counts:
    return {str(kind): (0, int(homes)) for kind, homes in kinds.value_counts().items()}


def _closed(
    alert_id: str, night: date, home: dict[str, str], outcome: Outcome
) -> dict[str, object]:
    return {
        "alert_id": alert_id,
        "tenancy_ref": home["tenancy_ref"],
        "property_ref": home["property_ref"],
        "patch": home["patch"],
        "raised_on": night,
        "priority": 1,
        "score": 1.0,
        "state": AlertState.CLOSED,
        "routing": "general",
        "origin": Origin.DETECTED,
        "ruleset_hash": "none",
        "signals_hash": "none",
        "model_version": "none",
        "first_attempt_at_utc": end_of_day_utc(night),
        "closed_on": night + timedelta(days=5),
        "outcome": outcome,
    }


def _drawn(night: date, home: dict[str, str]) -> dict[str, object]:
    place = {"property_ref": home["property_ref"], "patch": home["patch"]}
    return {"as_of": night, "tenancy_ref": home["tenancy_ref"], "score": 1.0, "rank": 9, **place}


def _left_alone(night: date, home: dict[str, str]) -> dict[str, object]:
    return {
        "as_of": night,
        "tenancy_ref": home["tenancy_ref"],
        "checked_by": "S1",
        "checked_at_utc": end_of_day_utc(night),
        "verdict": BelowLineVerdict.LEAVE,
    }
