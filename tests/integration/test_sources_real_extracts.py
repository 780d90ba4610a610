"""The ready mappings over records that nobody here wrote; skipped where those are not."""

import csv
import shutil
from pathlib import Path

import pytest

from builders.shared_data import SHARED_DATA
from builders.sources import ready_source, taken

pytestmark = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the real extracts are not here")


def city_file(name: str, tmp_path: Path) -> Path:
    (tmp_path / "nyc311").mkdir()
    return Path(shutil.copy(SHARED_DATA / "nyc311" / name, tmp_path / "nyc311"))


@pytest.mark.parametrize(
    ("name", "file", "repairs", "asb"),
    [
        ("nyc311_2013_12", "nyc311_2013-12_sample.csv", 1471, 21),
        ("nyc311_2018_01", "nyc311_2018-01_rodent_sample.csv", 110, 0),
        ("nyc311_2022_05", "nyc311_noise_2022-05_sample.csv", 2, 379),
    ],
)
def test_every_request_of_the_city_is_taken_or_left_out_for_a_reason(
    name: str, file: str, repairs: int, asb: int, tmp_path: Path
) -> None:
    path = city_file(file, tmp_path)
    with path.open(newline="", encoding="utf-8") as stream:
        in_file = sum(1 for _ in csv.DictReader(stream))

    tables = taken(ready_source(name, tmp_path, tmp_path))

    assert {table: len(read.rows) for table, read in tables.items()} == {
        "repairs": repairs,
        "asb": asb,
    }
    for read in tables.values():
        assert read.faults == []
        assert len(read.rows) + sum(read.extract.left_out.values()) == in_file


def test_the_city_writes_its_dates_as_the_contract_does(tmp_path: Path) -> None:
    city_file("nyc311_noise_2022-05_sample.csv", tmp_path)

    reported = taken(ready_source("nyc311_2022_05", tmp_path, tmp_path))["asb"].values(
        "reported_at"
    )

    assert all(text is not None and text.startswith("2022-05-01T") for text in reported)


def test_a_thousand_assets_give_their_homes_and_tenancies(tmp_path: Path) -> None:
    tables = taken(ready_source("hackney_housing_search", tmp_path, SHARED_DATA))

    assert len(tables["properties"].rows) == 477
    assert len(tables["tenancies"].rows) == 477
    assert all(text and len(text) == 10 for text in tables["tenancies"].values("start_date"))
