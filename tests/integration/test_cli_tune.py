"""`redflags tune` and `redflags ruleset` from the first proposal to the night that uses it."""

import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from builders.extracts import AS_OF
from builders.nights import ROOT, Installation
from builders.rulesets import with_min_score, without_episodes

FIRST = AS_OF - timedelta(days=21)
ADA, BEN = "ada@landlord.test", "ben@landlord.test"
SPAN = ("--from", FIRST.isoformat(), "--to", AS_OF.isoformat())


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A small landlord, its records ingested, with an analyst and a manager."""
    from redflags.simulation import CITY, simulate, write_landlord

    folder = tmp_path_factory.mktemp("tune")
    shutil.copytree(ROOT / "config", folder / "config")
    write_landlord(simulate(400, 3.0, 5, AS_OF, CITY), folder / "extracts")
    installation = Installation(folder / "home", folder / "extracts", folder / "config")
    done(installation, "ingest", "--as-of", AS_OF.isoformat())
    for email, role in ((ADA, "analyst"), (BEN, "manager")):
        done(installation, "user", "add", "--email", email, "--name", role, "--role", role)
    yield installation


def done(landlord: Installation, *words: str) -> str:
    ended = landlord.run(*words)
    assert ended.code == 0, ended.err
    return ended.out


def shadow_nights(landlord: Installation) -> list[tuple[str, str, int]]:
    with sqlite3.connect(landlord.home / "redflags.sqlite3") as connection:
        query = "SELECT as_of, ruleset_hash, flagged FROM shadow_nights"
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def tuned(landlord: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tuning to two new households a week."""
    output = tmp_path_factory.mktemp("tuned")
    more = ("--by", "Ada", "--reason", "Two reviewers less")
    said = done(landlord, "tune", "--capacity", "2", *SPAN, "--output", str(output), *more)
    assert "does not say who is right to visit" in said
    return output


def test_the_proposal_is_a_new_file_with_its_parent_and_the_live_one_is_untouched(
    landlord: Installation, tuned: Path
) -> None:
    proposed = tomllib.loads((tuned / "ruleset.proposed.toml").read_text())
    listed = done(landlord, "ruleset", "list")
    assert (proposed["author"], proposed["reason"]) == ("Ada", "Two reviewers less")
    assert f"the file in use is {proposed['parent']}" in listed
    live = (landlord.config / "ruleset.toml").read_bytes()
    assert live == (ROOT / "config" / "ruleset.toml").read_bytes()


def test_the_trade_off_is_a_table_and_a_picture(tuned: Path) -> None:
    table = pd.read_csv(tuned / "tradeoff.csv", keep_default_na=False)
    assert {"live", "proposed"} <= set(table["which"])
    assert (tuned / "tradeoff.svg").read_text().startswith("<svg")


def test_the_proposal_keeps_what_no_threshold_is(landlord: Installation, tuned: Path) -> None:
    proposed = (tuned / "ruleset.proposed.toml").read_text()
    live = (landlord.config / "ruleset.toml").read_text()
    start = "# ---------------------------------------------------------------- what an episode"
    end = "# ---------------------------------------------------------------- the queue"
    assert proposed.split(start)[1].split(end)[0] == live.split(start)[1].split(end)[0]


def test_labels_say_how_many_episodes_are_found(landlord: Installation, tmp_path: Path) -> None:
    labels = ("--labels", str(landlord.extracts / "truth.csv"))
    said = done(landlord, "tune", "--capacity", "3", *SPAN, "--output", str(tmp_path), *labels)
    assert "episodes found" in said
    assert "found" in pd.read_csv(tmp_path / "tradeoff.csv").columns


def test_a_proposal_with_other_scores_says_so(landlord: Installation, tmp_path: Path) -> None:
    for name, text, warns in (
        ("other", without_episodes(), True),
        ("stricter", with_min_score(2.75), False),
    ):
        file = tmp_path / f"{name}.toml"
        file.write_text(text)
        said = done(landlord, "ruleset", "propose", str(file), "--by", ADA, "--reason", "Try")
        assert ("works its scores out in another way" in said) is warns


def test_a_rule_set_goes_its_whole_way_to_the_night(
    landlord: Installation, tuned: Path, tmp_path: Path
) -> None:
    file = str(tuned / "ruleset.proposed.toml")
    said = done(landlord, "ruleset", "propose", file, "--by", ADA, "--reason", "Fewer")
    new = said.split()[1].rstrip(";")

    early = landlord.run("ruleset", "approve", new, "--by", BEN, "--reason", "Fine")
    assert (early.code, "no backtest" in early.err) == (2, True)
    done(landlord, "backtest", *SPAN, "--output", str(tmp_path), "--ruleset", file)
    own = landlord.run("ruleset", "approve", new, "--by", ADA, "--reason", "Fine")
    assert (own.code, "somebody else" in own.err) == (2, True)
    soon = landlord.run("ruleset", "install", new, "--by", BEN)
    assert (soon.code, "not approved" in soon.err) == (2, True)

    done(landlord, "ruleset", "shadow", new, "--by", ADA)
    lived = landlord.night(AS_OF)
    assert lived.error is None
    assert not [note for note in lived.summary.notes if "shadow" in note]
    ((as_of, shadow, flagged),) = shadow_nights(landlord)
    assert (as_of, shadow, flagged > 0) == (AS_OF.isoformat(), new, True)
    assert lived.summary.alerts.open == len(landlord.alerts())
    done(landlord, "ruleset", "approve", new, "--by", BEN, "--reason", "Looked at who leaves")
    old = tomllib.loads(Path(file).read_text())["parent"]
    done(landlord, "ruleset", "install", new, "--by", BEN)
    assert (landlord.config / "ruleset.toml").read_bytes() == Path(file).read_bytes()
    before = (landlord.config / f"ruleset-{old}.toml").read_bytes()
    assert before == (ROOT / "config" / "ruleset.toml").read_bytes()
    assert "live" in done(landlord, "ruleset", "list")
    after = landlord.night(AS_OF + timedelta(days=1))
    assert after.error is None
    assert after.summary.ruleset_hash == new
    done(landlord, "audit", "verify")
