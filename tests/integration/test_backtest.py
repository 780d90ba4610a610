"""`redflags backtest` over real records: as the nights would have run, and gone on when killed."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from builders.extracts import AS_OF
from builders.nights import ROOT, Installation
from builders.rulesets import without_episodes

HOMES, EVERY = 400, 7
FIRST = AS_OF - timedelta(days=6 * EVERY)


@pytest.fixture(scope="module")
def landlord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A small landlord with strong episodes, its records ingested."""
    from redflags.simulation import CITY, simulate, write_landlord

    folder = tmp_path_factory.mktemp("backtest")
    write_landlord(simulate(HOMES, 3.0, 5, AS_OF, CITY), folder / "extracts")
    installation = Installation(folder / "home", folder / "extracts")
    ended = installation.run("ingest", "--as-of", AS_OF.isoformat())
    assert ended.code == 0, ended.err
    yield installation


@dataclass(frozen=True)
class Ran:
    """A backtest without labels, capacity 5: what it said and the folder it left."""

    said: str
    output: Path


@pytest.fixture(scope="module")
def usual(landlord: Installation, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    output = tmp_path_factory.mktemp("usual") / "out"
    return Ran(backtest(landlord, output, "--capacity", "5"), output)


@pytest.fixture
def copied(usual: Ran, tmp_path: Path) -> Path:
    """The folder of the usual backtest, to be meddled with."""
    shutil.copytree(usual.output, tmp_path / "out")
    return tmp_path / "out"


def backtest(landlord: Installation, output: Path, *more: str) -> str:
    words = ("--from", FIRST.isoformat(), "--to", AS_OF.isoformat(), "--every", f"{EVERY}d")
    ended = landlord.run("backtest", *words, "--output", str(output), *more)
    assert ended.code == 0, ended.err
    return ended.out


def alerts_of(output: Path) -> pd.DataFrame:
    return pd.read_parquet(output / "alerts.parquet")


def test_a_replay_raises_what_the_nights_raise(landlord: Installation, tmp_path: Path) -> None:
    """Nobody closes anything in either: each night's alerts are the same households."""
    backtest(landlord, tmp_path / "out", "--capacity", "3", "--review-after", "999d")
    alerts = alerts_of(tmp_path / "out")
    lived = Installation(tmp_path / "home", landlord.extracts, config=capacity_three(tmp_path))
    ended = lived.night(FIRST)
    assert ended.error is None
    raised = {alert["tenancy_ref"]: alert for alert in lived.alerts()}
    first = alerts[alerts["as_of"] == FIRST]
    assert len(first) == len(raised) > 0
    assert sorted(first["rules"]) == sorted(
        ", ".join(reason["rule_id"] for reason in alert["reasons"]) for alert in raised.values()
    )
    assert sorted(first["score"]) == pytest.approx(sorted(a["score"] for a in raised.values()))


def capacity_three(folder: Path) -> Path:
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    path = config / "ruleset.toml"
    text = path.read_text()
    changed = text.replace("capacity_per_night = { value = 10", "capacity_per_night = { value = 3")
    assert changed != text
    path.write_text(changed)
    return config


def test_with_labels_it_tells_precision_and_recall(landlord: Installation, tmp_path: Path) -> None:
    said = backtest(
        landlord,
        tmp_path / "out",
        "--capacity",
        "5",
        "--labels",
        str(landlord.extracts / "truth.csv"),
    )
    assert "precision at capacity" in said
    assert "those on which no rule fired included" in said
    assert "median time to alert" in said


def test_without_labels_it_never_speaks_of_being_right(usual: Ran) -> None:
    page = (usual.output / "backtest.html").read_text()
    for word in ("accuracy", "precision", "recall"):
        assert word not in usual.said.lower()
        assert word not in page.lower()
    assert "how much work there would be" in usual.said


def test_nothing_that_is_left_behind_names_a_household(landlord: Installation, usual: Ran) -> None:
    refs = pd.read_csv(landlord.extracts / "tenancies.csv", dtype=str)["tenancy_ref"]
    written = [path.read_bytes() for path in usual.output.rglob("*") if path.is_file()]
    tables = [alerts_of(usual.output).to_csv(), usual.said]
    everything = b"\n".join([*written, *(table.encode() for table in tables)])
    assert not [ref for ref in refs if ref.encode() in everything]
    assert alerts_of(usual.output)["household"].str.fullmatch(r"H-[A-Z2-7]{10}").all()


def test_a_replay_that_was_killed_goes_on_where_it_was(
    landlord: Installation, usual: Ran, copied: Path
) -> None:
    nights = sorted((copied / ".replay").rglob("*.json"))
    for path in nights[4:]:
        path.unlink()
    torn = nights[3]
    torn.write_text(torn.read_text()[:100])
    kept = {path: path.stat().st_mtime_ns for path in nights[:3]}
    (copied / "alerts.parquet").unlink()
    backtest(landlord, copied, "--capacity", "5")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert json.loads(torn.read_text())
    pd.testing.assert_frame_equal(alerts_of(copied), alerts_of(usual.output))


def test_another_plan_begins_anew(landlord: Installation, copied: Path) -> None:
    backtest(landlord, copied, "--capacity", "6")
    assert len(list((copied / ".replay").iterdir())) == 2


def test_two_rule_sets_are_compared_household_by_household(
    landlord: Installation, tmp_path: Path
) -> None:
    live = landlord.config / "ruleset.toml"
    stricter = tmp_path / "stricter.toml"
    text = live.read_text()
    changed = text.replace("min_score = { value = ", "min_score = { value = 9")
    assert changed != text
    stricter.write_text(changed)
    said = backtest(
        landlord, tmp_path / "out", "--capacity", "50", "--ruleset", str(live), "--ruleset",
        str(stricter),
    )  # fmt: skip
    changes = pd.read_parquet(tmp_path / "out" / "changes.parquet")
    assert "households enter" in said
    assert set(changes["change"]) == {"leaves"}  # a higher threshold never adds an alert
    assert changes["reasons"].str.len().min() > 10


def test_rule_sets_with_other_scores_are_compared_by_whom_they_flag(
    landlord: Installation, tmp_path: Path
) -> None:
    live, before = landlord.config / "ruleset.toml", tmp_path / "before.toml"
    before.write_text(without_episodes(live.read_text()))
    both = ("--ruleset", str(live), "--ruleset", str(before))
    said = backtest(landlord, tmp_path / "out", "--capacity", "5", *both)
    warning = "no score and no min_score of one rule set can be compared with the other"
    assert f"{before} works its scores out in another way" in said
    assert warning in said
    assert warning in (tmp_path / "out" / "backtest.html").read_text()


def test_a_chart_of_counts_has_no_halves_and_nothing_below_nought(usual: Ran) -> None:
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", (usual.output / "load.svg").read_text())
    numbers = [label for label in labels if re.fullmatch(r"[−-]?[0-9.]+", label)]
    assert numbers and all(number.isdigit() for number in numbers)


def test_a_rule_that_names_what_is_not_there_is_named_and_set_aside(
    landlord: Installation, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    text = (landlord.config / "ruleset.toml").read_text()
    broken.write_text(text.replace('signals = ["asb_report"]', 'signals = ["no_such_column"]'))
    said = backtest(landlord, tmp_path / "out", "--ruleset", str(broken))
    assert "set aside: broken.toml: rules.asb_report" in said
    assert "no_such_column" in said
    assert not alerts_of(tmp_path / "out")["rules"].str.contains("asb_report").any()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--every", "weekly"), "--every: expected a number of days"),
        (("--every", "0d"), "--every: expected a number of days"),
        (("--to", "2020-01-01"), "--to: expected a day from"),
        (("--labels", "nowhere.csv"), "expected a file of labels"),
        (("--ruleset", "nowhere.toml"), "not found"),
        (("--capacity", "0"), "--capacity"),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(
    landlord: Installation, tmp_path: Path, words: tuple[str, str], complaint: str
) -> None:
    usual = ("--from", FIRST.isoformat(), "--to", AS_OF.isoformat(), "--every", "7d")
    ended = landlord.run("backtest", *usual, "--output", str(tmp_path / "out"), *words)
    assert ended.code == 2
    assert complaint in ended.err
    assert not (tmp_path / "out").exists()


def test_the_run_is_kept_with_its_hashes(landlord: Installation, usual: Ran) -> None:
    with sqlite3.connect(landlord.home / "mlflow" / "mlflow.db") as database:
        params = dict(database.execute("SELECT key, value FROM params").fetchall())
        tags = dict(database.execute("SELECT key, value FROM tags").fetchall())
        metrics = {key for (key,) in database.execute("SELECT key FROM metrics")}
    assert "capacity" in params
    assert tags["kind"] == "backtest"
    assert {"ruleset_hash", "signals_hash"} <= set(tags)
    assert {"alerts", "stability", "repeat_share"} <= metrics
    assert date.fromisoformat(params["first"]) == FIRST
