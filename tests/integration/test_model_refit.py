"""`redflags model refit`: a new reference by a person's act, compared with the one before it."""

import csv
import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from builders.extracts import AS_OF, quiet_estate, repair, with_rows, write_extracts, write_table
from builders.model_homes import copied_home, database_of
from builders.nights import ROOT, Ended, Installation
from builders.store import an_alert, raise_alerts
from redflags.adapters.models import KnownVersion, ModelRegistry
from redflags.adapters.store import open_store
from redflags.adapters.store.tables import ALERTS, AUDIT_EVENTS
from redflags.bootstrap import Program
from redflags.domain.alert import AlertState
from redflags.domain.outcome import Outcome
from redflags.services.models.model_choice import OUTLIERS
from redflags.settings import Settings

pytestmark = pytest.mark.slow
HOMES = 400
FIRST = AS_OF - timedelta(days=60)
DAY = AS_OF.isoformat()
BY = ("--by", "Ann Lee", "--reason", "the reference is two years old")
ESTATE = quiet_estate(HOMES)
MORE_REPAIRS = [
    repair(f"N{number:04}-{nth}", number, (number * 13 + nth * 29) % 55 + 1, "Dripping tap")
    for number in range(1, HOMES, 3)
    for nth in range(number % 3 + number % 5)
]
"""After the first night a third of the estate has more repairs than it used to."""


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Two months after the first night, everything taken in that came since."""
    folder = tmp_path_factory.mktemp("refit")
    extracts = write_extracts(folder / "extracts", ESTATE)
    installation = Installation(folder / "home", extracts)
    assert installation.night(FIRST).summary.model_version == f"{OUTLIERS}/1"
    write_table(extracts / "repairs.csv", with_rows(ESTATE, repairs=MORE_REPAIRS)["repairs"])
    assert installation.run("ingest", "--as-of", DAY).code == 0
    return installation


@pytest.fixture
def installation(landlord: Installation, tmp_path: Path) -> Installation:
    return Installation(copied_home(landlord.home, tmp_path / "home"), landlord.extracts)


def refit(installation: Installation, *more: str, as_of: str = DAY) -> Ended:
    ended = installation.run("model", "refit", *BY, "--as-of", as_of, *more)
    assert ended.code == 0, ended.err
    return ended


def versions(installation: Installation) -> Mapping[str, KnownVersion]:
    return {one.version: one for one in ModelRegistry(installation.home).versions(OUTLIERS)}


def champion(installation: Installation) -> str:
    known = versions(installation).values()
    (version,) = [one.version for one in known if "champion" in one.aliases]
    return version


def scores(installation: Installation, as_of: str = DAY) -> dict[str, tuple[str, str]]:
    """Score and outlier surprise of each household, oddest first."""
    output = installation.home / "scores.csv"
    assert installation.run("score", "--as-of", as_of, "--output", str(output)).code == 0
    with output.open() as file:
        rows = list(csv.DictReader(file))
    return {row["tenancy_ref"]: (row["score"], row["outlier_surprise"]) for row in rows}


def acts(installation: Installation) -> list[tuple[str, str, dict[str, str]]]:
    with open_store(f"sqlite:///{installation.home / 'redflags.sqlite3'}") as store:
        columns = (AUDIT_EVENTS.c.actor, AUDIT_EVENTS.c.action, AUDIT_EVENTS.c.details)
        ours = select(*columns).where(AUDIT_EVENTS.c.action.like("model%"))
        with store.reading() as look:
            return [(who, what, json.loads(told)) for who, what, told in look.execute(ours)]


def test_it_says_how_many_of_the_oddest_stay(installation: Installation) -> None:
    before = list(scores(installation))[:200]
    told = refit(installation).out
    after = list(scores(installation))[:200]
    stay = len(set(before) & set(after))
    assert 0 < stay < 200
    assert (
        f"{stay} of the 200 oddest households of {DAY} stay among the 200 oddest, "
        f"compared with {OUTLIERS}/1\n"
    ) in told


def test_on_the_records_of_the_first_night_it_is_the_reference_of_the_first_night(
    installation: Installation,
) -> None:
    write_extracts(installation.home / "first", ESTATE)
    first = Installation(installation.home / "again", installation.home / "first")
    first.night(FIRST)
    before = scores(first, FIRST.isoformat())
    told = refit(first, as_of=FIRST.isoformat()).out
    assert "200 of the 200 oddest households" in told
    assert champion(first) == "2"
    assert scores(first, FIRST.isoformat()) == before


def test_its_run_names_what_it_was_fitted_with_and_on(installation: Installation) -> None:
    refit(installation)
    tags = versions(installation)["2"].tags
    program = Program(Settings(home=installation.home, config=ROOT / "config"))
    assert tags["ruleset_hash"] == program.ruleset.hash
    assert tags["signals_hash"] == program.signal_set.hash
    assert (tags["reference_households"], tags["households"]) == (str(HOMES), str(HOMES))
    assert tags["fitted_as_of"] == tags["last_day"] == DAY
    oldest = min(row["raised_at"] for row in ESTATE["repairs"])
    assert tags["first_day"] == oldest
    card = next((installation.home / "mlflow").rglob("card.md")).read_text(encoding="utf-8")
    assert f"a seeded sample of {HOMES} of {HOMES} households" in card
    assert first_cells(card) == first_cells((ROOT / "models" / f"{OUTLIERS}.md").read_text())


def test_a_household_where_a_need_was_found_shapes_no_reference(
    installation: Installation,
) -> None:
    closed = {"state": AlertState.CLOSED, "closed_on": AS_OF, "outcome": Outcome.OTHER_NEED}
    with open_store(f"sqlite:///{installation.home / 'redflags.sqlite3'}") as store:
        raise_alerts(store, an_alert("A1", tenancy_ref="T0001"))
        with store.writing() as connection:
            connection.execute(update(ALERTS).values(closed))
    told = refit(installation).out
    assert f"fitted on {HOMES - 1} of {HOMES} households" in told


def first_cells(card: str) -> list[str]:
    return sorted(line.split("|")[1].strip() for line in card.splitlines() if "|" in line)


def test_it_is_a_named_persons_act_and_the_audit_trail_has_no_free_text(
    installation: Installation,
) -> None:
    refit(installation)
    details = {"alias": "champion", "model": OUTLIERS, "version": "2"}
    assert acts(installation) == [("Ann Lee", "model_refitted", details)]
    assert versions(installation)["2"].tags["champion_because"] == BY[3]
    assert installation.run("audit", "verify").code == 0


def test_twice_is_two_versions_that_score_alike(installation: Installation) -> None:
    refit(installation)
    once = scores(installation)
    told = refit(installation).out
    assert champion(installation) == "3"
    assert f"compared with {OUTLIERS}/2\n" in told
    assert "200 of the 200 oddest" in told
    assert scores(installation) == once


def test_people_can_go_back_to_the_reference_of_before(installation: Installation) -> None:
    before = scores(installation)
    refit(installation)
    assert scores(installation) != before
    back = installation.run("model", "promote", OUTLIERS, "1", *BY)
    assert back.code == 0, back.err
    assert champion(installation) == "1"
    assert scores(installation) == before


def test_without_a_reason_or_a_person_nothing_is_fitted(installation: Installation) -> None:
    ended = installation.run("model", "refit", "--by", "Ann Lee", "--reason", "  ")
    assert ended.code == 2
    assert "--reason: expected why" in ended.err
    ended = installation.run("model", "refit", "--reason", "it is old")
    assert ended.code == 2
    assert "--by: expected the person who decides" in ended.err
    assert list(versions(installation)) == ["1"]
    assert acts(installation) == []


def test_a_day_to_come_is_refused(installation: Installation) -> None:
    ended = installation.run("model", "refit", *BY, "--as-of", "2126-10-31")
    assert ended.code == 2
    assert "--as-of: expected a day up to today" in ended.err
    assert list(versions(installation)) == ["1"]


def test_before_there_were_any_households_it_is_refused(installation: Installation) -> None:
    ended = installation.run("model", "refit", *BY, "--as-of", "2001-01-01")
    assert ended.code == 2
    assert "expected at least 50 households" in ended.err
    assert champion(installation) == "1"


def test_too_few_households_are_refused_in_words(tmp_path: Path) -> None:
    extracts = write_extracts(tmp_path / "extracts", quiet_estate(49))
    few = Installation(tmp_path / "home", extracts)
    assert few.run("ingest", "--as-of", DAY).code == 0
    ended = few.run("model", "refit", *BY, "--as-of", DAY)
    assert ended.code == 2
    assert "expected at least 50 households with records that count, got 49" in ended.err
    assert ModelRegistry(few.home).versions(OUTLIERS) == []


def test_without_records_it_is_refused_in_words(tmp_path: Path) -> None:
    empty = Installation(tmp_path / "home", tmp_path / "nothing")
    ended = empty.run("model", "refit", *BY)
    assert ended.code == 2
    assert "there are no records yet" in ended.err


def test_fifty_are_enough_and_before_any_night_it_is_the_first_reference(tmp_path: Path) -> None:
    extracts = write_extracts(tmp_path / "extracts", quiet_estate(50))
    fresh = Installation(tmp_path / "home", extracts)
    assert fresh.run("ingest", "--as-of", DAY).code == 0
    told = refit(fresh).out
    assert "go back" not in told
    assert fresh.night().summary.model_version == f"{OUTLIERS}/1"


def test_a_registry_that_lost_its_versions_is_not_begun_anew(installation: Installation) -> None:
    database_of(installation.home).unlink()
    ended = installation.run("model", "refit", *BY, "--as-of", DAY)
    assert ended.code == 4
    assert "the model registry knows none; restore it" in ended.err
    assert not database_of(installation.home).exists()


def test_it_is_the_way_out_when_the_champion_is_damaged(installation: Installation) -> None:
    shutil.rmtree(installation.home / "models")
    shutil.rmtree(installation.home / "mlflow" / "artifacts")
    told = refit(installation).out
    assert "compared with a reference of that day alone" in told
    assert installation.night().summary.model_version == f"{OUTLIERS}/2"
