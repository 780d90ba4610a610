"""A night over a city's own records, by mapping files alone; skipped where those are not."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders.nights import Installation, NightEnded
from builders.shared_data import SHARED_DATA

DATA = SHARED_DATA / "nyc311"
CITY_MAPPINGS = Path(__file__).parents[1] / "fixtures" / "city_mappings"
LAST_DAY = date(2022, 5, 31)
KEPT_AS_SHIPPED = "record_days = { value = 1460"
LAYOUTS = ("nyc311_2013_12", "nyc311_2018_01", "nyc311_2022_05")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the city's extracts are not here")

City = tuple[Installation, NightEnded]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The shipped rules and signals, kept for nine years, and the three mappings switched on.

    The three extracts are of 2013, 2018 and 2022: four years, as shipped, would keep the last only.
    """
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(DATA, folder / "extracts" / "nyc311")
    shipped = Installation(folder, folder).config
    (folder / "config" / "sources").mkdir(parents=True)
    for name in ("signals.toml", "review.toml"):
        shutil.copy(shipped / name, folder / "config")
    rules = (shipped / "ruleset.toml").read_text()
    assert KEPT_AS_SHIPPED in rules
    kept = rules.replace(KEPT_AS_SHIPPED, "record_days = { value = 3300")
    (folder / "config" / "ruleset.toml").write_text(kept)
    for layout in LAYOUTS:
        mapping = (CITY_MAPPINGS / f"{layout}.toml").read_text()
        assert "enabled = false" in mapping
        enabled = mapping.replace("enabled = false", "enabled = true")
        (folder / "config" / "sources" / f"{layout}.toml").write_text(enabled)
    installation = Installation(folder / "home", folder / "extracts", folder / "config")
    return installation, installation.night(LAST_DAY)


def test_three_layouts_come_in_and_no_request_is_lost(city: City) -> None:
    installation, night = city
    assert night.error is None
    assert str(night.summary.outcome) == "done"
    rows = {table.table: table for table in night.summary.tables}
    assert (rows["repairs"].read, rows["asb"].read) == (1471 + 110 + 2, 21 + 379)
    totals = installation.record_totals()
    assert totals["repairs"] == rows["repairs"].accepted > 1_500
    assert totals["asb"] == rows["asb"].accepted > 350


def test_addresses_are_households(city: City) -> None:
    night = city[1]
    assert night.summary.households > 1_000
    assert any("a household is an address" in note for note in night.summary.notes)


def test_what_the_mapping_could_not_use_is_told(city: City) -> None:
    notes = city[1].summary.notes
    for layout in LAYOUTS:
        told = [note for note in notes if f"source {layout}:" in note]
        assert any("left out by the mapping" in note for note in told), layout


def test_there_are_alerts_and_each_is_explained(city: City) -> None:
    alerts = city[0].alerts()
    assert alerts
    for alert in alerts:
        assert alert["reasons"]
        for reason in alert["reasons"]:
            assert " since " in reason["sentence"] or "mention" in reason["sentence"]
            assert reason["evidence"]
            assert all(item["occurred_on"] <= LAST_DAY.isoformat() for item in reason["evidence"])
            assert {item["source"] for item in reason["evidence"]} <= set(LAYOUTS)


def test_an_alert_rests_on_requests_that_the_city_really_had(city: City) -> None:
    """The evidence names the city's own keys, at the address that was alerted."""
    alerts: list[dict[str, Any]] = city[0].alerts()
    raw = "".join(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.csv")))
    for alert in alerts:
        address = alert["tenancy_ref"].rpartition(", ")[0]
        keys = {item["ref"] for reason in alert["reasons"] for item in reason["evidence"]}
        lines = [line for line in raw.splitlines() if line.split(",")[0].strip('"') in keys]
        assert len(lines) == len(keys)
        assert all(address in " ".join(line.split()) for line in lines)


def test_the_nights_own_words_hold_no_address(city: City) -> None:
    installation, night = city
    told = json.dumps(night.summary.as_json())
    assert not [alert for alert in installation.alerts() if alert["tenancy_ref"] in told]
