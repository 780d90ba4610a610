"""Scores of a day rest on the records up to that day, whatever else is in the store."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from builders.extracts import AS_OF, Row, read_table, write_table
from builders.nights import Installation
from redflags.simulation import CHARACTERS, simulate, write_landlord

DAY = AS_OF - timedelta(days=120)
HOMES, YEARS, SEED = 500, 2.0, 5
DATED = {
    "repairs": "raised_at",
    "lock_changes": "changed_at",
    "asb": "reported_at",
    "homelessness": "presented_at",
    "concerns": "observed_at",
    "tenancies": "start_date",
    "protected": "from_date",
}
KNOWN_LATER = {"repairs": "completed_at", "tenancies": "end_date", "protected": "until_date"}
NOT_YET_KNOWN = {"repairs": {"cost_gbp": "", "status": ""}}
"""What a job costs, and how a visit ended, is known when it is done."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "extracts"
    write_landlord(simulate(HOMES, YEARS, SEED, AS_OF, CHARACTERS["city"]), folder)
    return folder


@pytest.fixture(scope="module")
def until_the_day(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same extracts as they stood at the end of `DAY`."""
    folder = tmp_path_factory.mktemp("until") / "extracts"
    folder.mkdir()
    for path in whole.glob("*.csv"):
        write_table(folder / path.name, list(as_known(path.stem, read_table(path), DAY)))
    return folder


def as_known(table: str, rows: Iterable[Row], day: date) -> Iterable[Row]:
    for row in rows:
        if row.get(DATED.get(table, ""), "")[:10] > day.isoformat():
            continue
        later = KNOWN_LATER.get(table, "")
        if later in row and row[later][:10] > day.isoformat():
            row = row | {later: "", **NOT_YET_KNOWN.get(table, {})}  # noqa: PLW2901
        yield row


def test_the_day_is_in_the_middle_of_the_records(whole: Path, until_the_day: Path) -> None:
    rows_of = {folder: len(read_table(folder / "repairs.csv")) for folder in (whole, until_the_day)}
    assert rows_of[whole] - rows_of[until_the_day] > 300


def scores(installation: Installation, name: str) -> bytes:
    path = installation.home / name
    scored = installation.run("score", "--as-of", DAY.isoformat(), "--output", str(path))
    assert scored.code == 0, scored.err
    return path.read_bytes()


@pytest.fixture(scope="module")
def scores_of_the_day(until_the_day: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    installation = Installation(tmp_path_factory.mktemp("home"), until_the_day)
    assert installation.run("ingest", "--as-of", DAY.isoformat()).code == 0
    scored = scores(installation, "scores.csv")
    assert scored.count(b"\n") > HOMES / 2
    return scored


def test_scores_are_the_same_with_and_without_later_records(
    whole: Path, scores_of_the_day: bytes, tmp_path: Path
) -> None:
    installation = Installation(tmp_path, whole)
    assert installation.run("ingest", "--as-of", AS_OF.isoformat()).code == 0

    assert scores(installation, "scores.csv") == scores_of_the_day


@pytest.mark.slow
def test_scores_are_the_same_when_a_later_night_registered_a_model(
    whole: Path, scores_of_the_day: bytes, tmp_path: Path
) -> None:
    installation = Installation(tmp_path, whole)
    later = installation.night(AS_OF)
    assert later.summary.model_version == "redflags-outliers/1"

    assert scores(installation, "scores.csv") == scores_of_the_day


def test_an_earlier_night_raises_the_same_alerts_whether_a_later_one_was_or_not(
    until_the_day: Path, whole: Path, tmp_path: Path
) -> None:
    then = Installation(tmp_path / "then", until_the_day)
    now = Installation(tmp_path / "now", whole)
    then.night(DAY)
    now.night(DAY)

    known = then.alerts()

    assert len(known) >= 5
    assert now.alerts() == known


@pytest.mark.slow
def test_the_outlier_part_is_the_same_whichever_half_of_the_households_is_there(
    whole: Path, tmp_path: Path
) -> None:
    """Given the model: what is fitted once does not look at who else is there tonight."""
    from redflags.analysis.ordering.outliers import OutlierModel

    table = pd.DataFrame(matrix_of(Installation(tmp_path, whole)))
    model = OutlierModel(0.02, 1).fit(table.iloc[:200])

    together = model.surprise(table)
    for half in (slice(None, None, 2), slice(1, None, 2), slice(0, 100)):
        assert (model.surprise(table.iloc[half]) == together[half]).all()


def matrix_of(installation: Installation) -> pd.DataFrame:
    installation.run("ingest", "--as-of", AS_OF.isoformat())
    path = installation.home / "scores.parquet"
    installation.run("score", "--as-of", AS_OF.isoformat(), "--output", str(path))
    scored = pd.read_parquet(path).sort_values("tenancy_ref", ignore_index=True)
    return scored[[name for name in scored if name.endswith("_surprise")]]
