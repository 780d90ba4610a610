"""Texts nobody here wrote, of trades that have nothing to do with homes: hardly one may tell."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from builders.shared_data import SHARED_DATA
from builders.signals import a_record, classifier, records

WORK_ORDERS = sorted((SHARED_DATA / "work_orders").glob("*.norm"))
CITY_REQUESTS = sorted((SHARED_DATA / "nyc311").glob("*.csv"))


def texts_of(path: Path) -> Iterator[str]:
    """Each text is a block of lines `token, tab, what it means`; a blank line ends it."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        words = [line.split("\t")[0] for line in block.splitlines() if line.strip()]
        if words:
            yield " ".join(words)


@pytest.mark.skipif(not WORK_ORDERS, reason="the shared work orders are not here")
def test_hardly_any_mining_work_order_tells_of_force_fear_or_a_partner() -> None:
    texts = [text for path in WORK_ORDERS for text in texts_of(path)]
    told = classifier().classify(records(*map(a_record, texts)))
    assert len(texts) == 12_000
    assert (told["tell"] != "").sum() <= 3
    assert (told["signal"] != "").mean() <= 0.02


def city_requests(path: Path) -> list[str]:
    requests = pd.read_csv(path, dtype="str", keep_default_na=False)
    parts = ["Complaint Type", "Descriptor", "Resolution Description"]
    return list(requests.reindex(columns=parts, fill_value="").agg(" / ".join, axis=1))


@pytest.mark.skipif(not CITY_REQUESTS, reason="the shared city requests are not here")
@pytest.mark.parametrize("table", ["repairs", "asb"])
@pytest.mark.parametrize("path", CITY_REQUESTS, ids=lambda path: path.stem)
def test_no_city_request_tells_of_force_fear_or_a_partner(path: Path, table: str) -> None:
    given = [a_record(text, table=table, work_type=None) for text in city_requests(path)]
    told = classifier().classify(records(*given))
    assert (told["tell"] != "").sum() == 0
