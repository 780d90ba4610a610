"""A list that is cut says how much it left out."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from redflags.adapters.sources.mapping.apply_mapping import MOST_CODES, Tally
from redflags.analysis.extracts import RARER_CODES
from redflags.cli.print_tables import print_problems
from redflags.services.intake.source_check import SHOWN_CODES, unmapped_lines


def problems(rows: int) -> pd.DataFrame:
    row = {
        "noticed_on": "2026-11-20",
        "source": "canonical",
        "name": "repairs.csv",
        "table_name": "repairs",
        "ref_pseudonym": "",
        "column_name": "raised_at",
        "code": "bad_date",
    }
    return pd.DataFrame([row | {"row_number": number} for number in range(rows)])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (3, "3 of 3 problems"),
        (4, "3 of 4 problems; 1 are not shown, --limit 4 lists all"),
        (1500, "3 of 1,500 problems; 1,497 are not shown, --limit 1500 lists all"),
    ],
)
def test_problems_beyond_the_limit_are_counted(
    rows: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_problems(problems(rows), 3)
    assert capsys.readouterr().out.splitlines()[-1] == said


def lines_of(codes: int) -> list[str]:
    unmapped = pd.DataFrame(
        {"table": "repairs", "column": "code", "code": [f"X{n}" for n in range(codes)], "n": 2}
    )
    classifier: Any = SimpleNamespace(unmapped_codes=lambda _records: unmapped)
    return unmapped_lines(classifier, pd.DataFrame({"code": ["X"], "n": [1]}))


def test_codes_beyond_those_shown_are_counted_with_their_rows() -> None:
    assert len(lines_of(SHOWN_CODES)) == 1 + SHOWN_CODES
    lines = lines_of(SHOWN_CODES + 3)
    assert lines[0] == "43 codes are in no entry of signals.toml:"
    assert lines[-1] == "       6  in 3 rarer codes, which are not shown"


def tally_of(*batches: list[str]) -> dict[str, int]:
    tally = Tally({}, {}, {})
    for batch in batches:
        tally.miss_codes("trade_code", pa.array(batch))
    return tally.unmapped["trade_code"]


def test_a_mapping_counts_the_rows_of_codes_that_are_too_many_to_name() -> None:
    codes = [f"C{n:03}" for n in range(MOST_CODES)]
    assert RARER_CODES not in tally_of(codes)
    told = tally_of([*codes, *codes, "RARE1", "RARE2"], [*codes, "RARE3"])
    assert told[RARER_CODES] == 3
    assert len(told) == MOST_CODES + 1
    assert sum(told.values()) == 3 * MOST_CODES + 3
