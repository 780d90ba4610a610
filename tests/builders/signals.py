"""Records and signal configurations for tests: only what matters, the rest as usual."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from redflags.analysis.reading.classification import RECORD_COLUMNS, VOCABULARY, Classifier
from redflags.analysis.reading.signal_resolution import Verdict
from redflags.configuration.signals import load_signalset

REPOSITORY = Path(__file__).parents[2]
CONFIGURATION = REPOSITORY / "config" / "signals.toml"
PHRASES = REPOSITORY / "tests" / "fixtures" / "phrases.csv"


@cache
def classifier() -> Classifier:
    """A classifier with the configuration of the repository."""
    return Classifier(load_signalset(CONFIGURATION, VOCABULARY))


def a_record(text: str | None = "", **fields: str | None) -> dict[str, str | None]:
    return {"table": "repairs", "work_type": "responsive", "code": "", **fields, "text": text}


def records(*rows: Mapping[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(RECORD_COLUMNS), dtype="str")


def verdict(text: str | None = "", **fields: str | None) -> Verdict:
    """What the repository's configuration says about one record."""
    told = classifier().classify(records(a_record(text, **fields))).iloc[0]
    return Verdict(**told.to_dict())


def labelled(which: str) -> pd.DataFrame:
    """The labelled phrases of one set: `tuned` or `held_out`; the index is the line in the file."""
    phrases = pd.read_csv(PHRASES, dtype="str", keep_default_na=False)
    phrases.index = phrases.index + 2
    return phrases[phrases["set"] == which]


def a_configuration(**sections: Any) -> dict[str, Any]:
    """The smallest configuration that has no fault, with `sections` in place of its own."""
    return {
        "version": "test",
        "reading": {"negators": ["no", "not"], "fillers": ["sign", "of", "any"], "window_words": 4},
        "abbreviations": {"dr": "door"},
        "spellings": {"kicked": ["kickd"]},
        "words": {"door": ["door", "doors"]},
        "precedence": {
            "signals": list(VOCABULARY.signals),
            "tells": list(VOCABULARY.tells),
            "innocent_reasons": list(VOCABULARY.innocent_reasons),
        },
        "innocent": {"burglary": {"covers": ["door_damage"], "loses_to": ["partner"]}},
        "silence": {"covers": ["all"]},
        "tables": {"concerns": {"always": "staff_concern"}},
        "codes": [
            {"name": "locks", "table": "repairs", "exact": ["390929"], "signal": "lock_change"}
        ],
        "phrases": [
            {
                "name": "door kicked",
                "any": ["kicked", "kicked in"],
                "near": ["@door"],
                "signal": "door_damage",
                "tell": "force",
            }
        ],
        **sections,
    }
