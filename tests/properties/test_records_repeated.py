"""References that come more than once in one extract: no signal is wiped, and no row lost."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.examples import examples
from builders.records import Row, days_ago, extract, landlord, lock_change, repair, tenancy
from redflags.analysis.extracts import Merged
from redflags.domain.repeated_rows import Repetition

ON = days_ago(5).isoformat()
Stored = dict[str, tuple[object, ...]]


def job(ref: str = "J1", text: str | None = None, cost: str | None = None, **more: object) -> Row:
    return repair(ref, ON, text, cost_gbp=cost, **more)


def sent(
    rows: Sequence[Row], repetition: Repetition = Repetition.COMBINE, table: str = "repairs"
) -> tuple[Merged, Stored]:
    """What became of the rows, and signal, tell, cost, code and status of each record."""
    with landlord() as home:
        (merged,) = home.sends(replace(extract(table, rows), repeated=repetition))
        found = home.records._connection.execute(
            """SELECT ref, signal, tell, cost_gbp, code, status, property_ref FROM records
               ORDER BY ref"""
        ).fetchall()
    return merged, {ref: tuple(values) for ref, *values in found}


def test_a_credit_note_leaves_the_signal_and_lowers_the_cost() -> None:
    merged, stored = sent([job(text="door_damage force", cost="120"), job(cost="(45.00)")])

    assert stored["J1"][:3] == ("door_damage", "force", 75.0)
    assert (merged.read, merged.accepted, merged.quarantined, merged.replaced) == (2, 1, 0, 1)
    assert merged.repeated is not None
    assert (merged.repeated.references, merged.repeated.rows) == (1, 2)
    assert "more than once" in merged.repeated.note("repairs")


def test_the_code_of_the_line_that_says_most_stays() -> None:
    lines = [
        job(cost="80", sor_code="lock_change", status="raised"),
        job(cost="20", sor_code="330007", status="done"),
        job(cost="15", sor_code="991001"),
    ]

    _, stored = sent(lines)

    assert stored["J1"] == ("lock_change", "", 115.0, "lock_change", "done", "P1")


@pytest.mark.parametrize(
    ("costs", "total"),
    [
        (["10", "20.50"], 30.5),
        (["10", "-3"], 7.0),
        (["10", "(4)", "3CR"], 3.0),
        (["10", "-30"], None),
        (["10", "12,50"], None),
        (["10", None], 10.0),
        ([None, None], None),
    ],
)
def test_costs_are_added_up_with_their_signs(costs: list[str | None], total: float | None) -> None:
    _, stored = sent([job(text=f"line {n}", cost=cost) for n, cost in enumerate(costs)])

    assert stored["J1"][2] == total


def test_rows_that_are_the_same_count_once_and_are_not_told() -> None:
    merged, stored = sent([job(text="door_damage", cost="80")] * 3)

    assert stored["J1"][2] == 80.0
    assert merged.repeated is None
    assert (merged.accepted, merged.replaced) == (1, 2)


def test_a_later_state_of_the_same_line_does_not_cost_twice() -> None:
    _, stored = sent(
        [job(text="x", cost="80", status="raised"), job(text="x", cost="80", status="completed")]
    )

    assert (stored["J1"][2], stored["J1"][4]) == (80.0, "completed")


@pytest.mark.parametrize("repetition", [Repetition.REPLACE, Repetition.REPORT])
def test_the_last_row_counts_where_the_mapping_says_so_and_it_is_told(
    repetition: Repetition,
) -> None:
    merged, stored = sent([job(text="door_damage", cost="80"), job(text="x", cost="5")], repetition)

    assert stored["J1"][:3] == ("", "", 5.0)
    assert merged.repeated is not None
    assert bool(merged.repeated.doubt("repairs")) == (repetition is Repetition.REPORT)


def test_one_reference_for_two_homes_is_in_doubt() -> None:
    merged, stored = sent([job(text="x", home="P1"), job(text="door_damage", home="P2")])

    assert stored["J1"][5] == "P2"
    assert merged.repeated is not None
    assert "different homes" in merged.repeated.doubt("repairs")


def test_other_tables_of_events_are_combined_when_asked() -> None:
    rows = [lock_change("L1", ON, "force"), lock_change("L1", ON, "lost")]

    _, stored = sent(rows, table="lock_changes")

    assert stored["L1"][:2] == ("lock_change", "force")


def test_a_tenancy_that_comes_twice_is_told() -> None:
    rows = [tenancy("T1", "2019-04-01"), tenancy("T1", "2019-04-01", "2026-01-01")]

    merged, _ = sent(rows, Repetition.REPLACE, table="tenancies")

    assert merged.repeated is not None
    assert merged.repeated.references == 1


def test_a_row_that_is_set_aside_takes_no_part() -> None:
    bad = repair("J1", "never", "window_damage", cost_gbp="9")

    merged, stored = sent([job(text="door_damage", cost="80"), bad])

    assert stored["J1"][:3] == ("door_damage", "", 80.0)
    assert (merged.quarantined, merged.repeated) == (1, None)


ROWS = st.lists(
    st.builds(
        job,
        st.sampled_from(["J1", "J2", "J3"]),
        st.sampled_from([None, "x", "door_damage", "window_damage force", "call out"]),
        st.sampled_from([None, "10", "-3", "2.50", "cheap"]),
        sor_code=st.sampled_from([None, "lock_change", "991001"]),
    ),
    max_size=10,
)


@examples(25)
@given(ROWS, st.randoms())
def test_the_order_of_the_rows_does_not_matter_and_no_signal_is_wiped(
    rows: list[Row], chance: object
) -> None:
    merged, stored = sent(rows) if rows else (None, {})
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert (sent(shuffled)[1] if rows else {}).keys() == stored.keys()
    for ref, (signal, tell, cost, *_) in stored.items():
        texts = " ".join(
            str(row.get("description") or "") for row in rows if row["work_order_ref"] == ref
        )
        codes = {row.get("sor_code") for row in rows if row["work_order_ref"] == ref}
        assert bool(signal) == ("damage" in texts or "lock_change" in codes)
        assert bool(tell) == ("force" in texts)
        assert (sent(shuffled)[1][ref][1], sent(shuffled)[1][ref][2]) == (tell, cost)
    if merged:
        assert merged.read == merged.accepted + merged.quarantined + merged.replaced


@examples(10)
@given(ROWS.filter(bool))
def test_what_was_put_together_is_written_once(rows: list[Row]) -> None:
    with landlord() as home:
        first = replace(extract("repairs", rows), repeated=Repetition.COMBINE)
        again = replace(extract("repairs", rows), repeated=Repetition.COMBINE)
        home.sends(first)

        (merged,) = home.sends(again)

    assert (merged.written, merged.accepted) == (0, 0)
