"""The labelled texts of ten writers are labelled as the rules of labelling say."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from redflags.analysis.reading.personal_data_masking import mask
from redflags.analysis.schemas import SIGNALS, TELLS

CORPUS = Path(__file__).parents[1] / "corpus"
WRITERS = sorted(path.stem for path in CORPUS.glob("*.csv"))
REASONS = {
    *("", "void", "planned", "adaptation", "storm", "recall", "lost_key", "new_tenancy"),
    *("services_entry", "burglary", "communal", "accident", "wear"),
}


def texts_of(writer: str) -> list[dict[str, str]]:
    with (CORPUS / f"{writer}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("writer", WRITERS)
def test_labels_are_the_allowed_ones(writer: str) -> None:
    rows = texts_of(writer)
    assert len(rows) == 420
    assert {row["table"] for row in rows} <= {"repairs", "asb"}
    assert {row["signal"] for row in rows} <= {*SIGNALS, "none"}
    assert {row["tell"] for row in rows} <= {*TELLS, ""}
    assert {row["innocent"] for row in rows} <= REASONS
    assert not [row for row in rows if row["tell"] and row["innocent"]]


@pytest.mark.parametrize("writer", WRITERS)
def test_tells_are_neither_rare_nor_the_rule(writer: str) -> None:
    told = sum(bool(row["tell"]) for row in texts_of(writer))
    assert 140 <= told <= 170


def test_no_text_is_there_twice_and_none_holds_what_is_masked() -> None:
    texts = [row["text"] for writer in WRITERS for row in texts_of(writer)]
    assert max(Counter(text.strip().casefold() for text in texts).values()) == 1
    assert [text for text in texts if mask(text) != text] == []
