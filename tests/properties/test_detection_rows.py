"""Validation loses no row and makes none up, whatever comes."""

from collections import Counter

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from builders.detection import validated
from builders.examples import examples
from redflags.analysis.schemas import PROTECTED, REPAIRS, TENANCIES, Kind, Table
from redflags.domain.row_problem import ProblemCode

FEW = examples(40)
NOTES = {code.value for code in ProblemCode if code.is_note}

cells = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "",
            " ",
            "0001",
            "2026-03-05",
            "2026-07-01T10:00:00Z",
            "2026-07-01 10:00:00 +0100",
            "05/03/2026",
            "infinity",
            "epoch",
            "-1",
            "1e400",
            "nan",
            "£1,200.00",
            "responsive",
            "10\u201110",
            "'; DROP TABLE incoming; --",
            "%s {0} $1",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
)


def rows_of(table: Table) -> st.SearchStrategy[list[dict[str, str | None]]]:
    row = st.fixed_dictionaries({}, optional=dict.fromkeys(table.column_names, cells))
    key = st.fixed_dictionaries({table.column_names[0]: cells})
    return st.lists(st.builds(lambda a, b: a | b, row, key), min_size=1, max_size=12)


tables_with_rows = st.sampled_from([REPAIRS, TENANCIES, PROTECTED]).flatmap(
    lambda table: st.tuples(st.just(table), rows_of(table))
)


@FEW
@given(tables_with_rows)
@example((REPAIRS, [{"work_order_ref": "W1"}, {"work_order_ref": "W1"}]))
def test_every_row_comes_out_exactly_once(given_rows: tuple) -> None:
    table, rows = given_rows
    found = validated(table, *rows)
    assert found["_row"].tolist() == list(range(1, len(rows) + 1))
    signed = [f"_signed_{c.name}" for c in table.columns if c.kind is Kind.MONEY]
    judged = ["_quarantined", "_faults", "_shapes", "_hash"]
    assert list(found.columns) == ["_row", *table.column_names, *signed, *judged]
    assert not found["_quarantined"].isna().any()


@FEW
@given(tables_with_rows)
def test_a_row_is_set_aside_exactly_when_it_has_a_fault_that_is_no_note(given_rows: tuple) -> None:
    table, rows = given_rows
    for _, row in validated(table, *rows).iterrows():
        codes = [fault.split(":")[1] for fault in row["_faults"].split(";") if fault]
        assert row["_quarantined"] == any(code not in NOTES for code in codes)


@FEW
@given(tables_with_rows)
def test_a_row_that_is_taken_has_all_it_must_have(given_rows: tuple) -> None:
    table, rows = given_rows
    found = validated(table, *rows)
    for _, row in found[~found["_quarantined"].astype(bool)].iterrows():
        assert not [name for name in table.required_names if pd.isna(row[name])]


@FEW
@given(tables_with_rows, st.randoms(use_true_random=False))
def test_what_becomes_of_a_row_does_not_depend_on_the_others(given_rows: tuple, random) -> None:
    table, rows = given_rows
    rows = [{name: row.get(name) for name in table.column_names} for row in rows]
    shuffled = random.sample(rows, len(rows))

    def told(given_in_order: list) -> Counter:
        found = validated(table, *given_in_order)
        return Counter(zip(found["_quarantined"], found["_faults"], found["_hash"], strict=True))

    assert told(rows) == told(shuffled)


@FEW
@given(tables_with_rows)
def test_a_fault_names_a_place_and_a_code_and_never_a_value(given_rows: tuple) -> None:
    table, rows = given_rows
    labels = {f"{name}:{code}" for name in table.column_names for code in ProblemCode}
    for faults in validated(table, *rows)["_faults"]:
        assert not faults or set(faults.split(";")) <= labels
