"""`redflags fairness` and `redflags baseline`: what they write, refuse and leave behind."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from builders.store import an_alert, raise_alerts
from builders.web import CONFIG, SECRET, acts
from redflags.adapters.store import QueueStore, open_store
from redflags.adapters.store.monitoring_store import MonitoringStore, baseline_start
from redflags.bootstrap import Program
from redflags.cli.fairness import _set_baseline, write_fairness
from redflags.domain.night_figures import AlertGroup, NightFigures
from redflags.errors import ConfigurationError, UsageError
from redflags.settings import Settings

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
RAISED_ON = date(2026, 8, 3)
MONTHS = [date(2026, month, 28) for month in (7, 8, 9)]


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Program:
    return Program(
        Settings(home=tmp_path, config=CONFIG, database_url=database_url, secret_key=SECRET)
    )


@pytest.fixture
def year(store: QueueStore) -> QueueStore:
    """Twelve flats and seven houses alerted, of a thousand each; and one that nobody may see."""
    kinds = ["flat"] * 12 + ["house"] * 7 + ["sheltered"]
    alerts = [an_alert(f"a{n}", f"T-{n}", raised_on=RAISED_ON) for n in range(len(kinds))]
    raise_alerts(store, *alerts, as_of=RAISED_ON)
    groups = [AlertGroup(f"a{n}", kind, "SEC") for n, kind in enumerate(kinds)]
    homes = {"flat": (12, 1_000), "house": (7, 1_000), "sheltered": (1, 40)}
    for as_of in MONTHS:
        counts = {
            "area": {"north": (20, 2_040)},
            "property_type": homes,
            "tenure": {"SEC": (20, 2_040)},
        }
        MonitoringStore(store).keep(NightFigures(as_of, counts, (1,)), groups, NOW)
    return store


def test_the_report_is_written_and_that_is_written_down(
    program: Program, year: QueueStore, tmp_path: Path
) -> None:
    write_fairness(program, "", tmp_path / "out", NOW)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "README.txt",
        "fairness.csv",
        "fairness.html",
    }
    numbers = (tmp_path / "out" / "fairness.csv").read_text()
    assert '2026Q3,area,All,"2,040",20,"10 in 1,000 (6 to 15)"' in numbers
    assert "2026Q3,property_type,flat" in numbers
    (made,) = acts(year, "report_made")
    assert json.loads(made["details"]) == {"quarter": "2026Q3", "about": "fairness"}


def test_nobody_finds_out_about_the_one_in_sheltered_housing(
    program: Program, year: QueueStore, tmp_path: Path
) -> None:
    kinds = {line.name: line for line in write_fairness(program, "", tmp_path, NOW).tables[1].lines}
    assert kinds["sheltered"].alert_rate is None
    assert kinds["All"].alert_rate is None or kinds["house"].alert_rate is None


def test_a_quarter_that_is_not_over_is_refused(program: Program, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected one that is over, got 2026Q4"):
        write_fairness(program, "2026Q4", tmp_path / "out", NOW)
    assert not (tmp_path / "out").exists()


def test_a_fault_in_what_the_landlord_handed_in_is_told(database_url: str, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "review.toml").write_text((CONFIG / "review.toml").read_text())
    (config / "fairness_groups.csv").write_text("area,group,share\nnorth,over 65,lots\n")
    chosen = {"config": config, "database_url": database_url, "secret_key": SECRET}
    with pytest.raises(ConfigurationError, match="line 2"):
        write_fairness(Program(Settings(home=tmp_path, **chosen)), "", tmp_path / "out", NOW)


def test_a_baseline_needs_a_name_and_a_reason(program: Program, year: QueueStore) -> None:
    for by, reason in (("", "New rules"), ("Ann", "")):
        with pytest.raises(UsageError, match="--by and --reason"):
            _set_baseline(program, MONTHS[1], by, reason, NOW)
    _set_baseline(program, MONTHS[1], "Ann", "New rules", NOW + timedelta(days=1))
    with open_store(program.settings.sqlalchemy_url) as opened, opened.reading() as connection:
        assert baseline_start(connection) == MONTHS[1]
