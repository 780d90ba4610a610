"""Counting looks at nothing dated later, and does not mind in which order things came."""

from datetime import date, timedelta
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.examples import examples
from builders.records import (
    TODAY,
    Landlord,
    Row,
    days_ago,
    dwelling,
    extract,
    landlord,
    lock_change,
    presentation,
    protected,
    repair,
    report,
    small_ruleset,
    tenancy,
)
from redflags.analysis.extracts import Extract

HOMES = ("P1", "P2", "P3", "P4")
TEXTS = ("", "lock_change", "lock_change partner", "door_damage", "door_damage force", "!void")
Tables = dict[str, list[Row]]

PLACES = {
    "properties": [dwelling(home, block_ref="B1", patch="North") for home in HOMES[:3]],
    "tenancies": [
        tenancy("T1", days_ago(2000), days_ago(60), "P1"),
        tenancy("T1b", days_ago(40), None, "P1"),
        tenancy("T2", days_ago(2000), None, "P2"),
        tenancy("T3", days_ago(20), None, "P3"),
        tenancy("T3b", days_ago(10), None, "P3"),
    ],
    "protected": [protected("T2", from_date=days_ago(50), until_date=days_ago(5))],
}

events = st.lists(
    st.tuples(
        st.sampled_from(["repairs", "lock_changes", "asb", "homelessness"]),
        st.integers(-30, 120),
        st.sampled_from(TEXTS),
        st.sampled_from((*HOMES, "P?")),
        st.sampled_from([None, 0, 1]),
    ),
    max_size=25,
)
Events = list[tuple[str, int, str, str, int | None]]


def _tables(happened: Events) -> Tables:
    """Rows of what happened so many days ago; each third thing has the number of the one before."""
    tables: Tables = {}
    for number, (table, days, text, home, order) in enumerate(happened):
        tables.setdefault(table, []).append(_row(table, number, days_ago(days), text, home, order))
    return tables


def _row(table: str, number: int, on: date, text: str, home: str, order: int | None) -> Row:
    match table:
        case "repairs":
            done = None if order is None else on + timedelta(days=9 * order)
            return repair(f"W{number}", on, text, home, cost_gbp="100", completed_at=done)
        case "lock_changes":
            named = None if order is None else f"W{number - 1 - order}"
            return lock_change(f"L{number}", on, text, home, work_order_ref=named)
        case "asb":
            return report(f"A{number}", on, "noise_disturbance", home)
        case _:
            return presentation(f"H{number}", on, home.replace("P", "T"))


def _night(home: Landlord, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame, object]:
    counted = home.records.count(as_of, small_ruleset())
    return counted.households, counted.cells, counted.coverage


@examples(12)
@given(events, st.booleans())
def test_a_night_is_the_same_with_and_without_what_came_after(
    happened: Events, with_places: bool
) -> None:
    places = PLACES if with_places else {}
    with landlord() as later, landlord() as then:
        later.has(**places, **_tables(happened))
        known = [thing for thing in _numbered(happened) if thing[1][1] >= 0]
        then.has(**places, **_tables_of(known))

        households, cells, coverage = _night(later, TODAY)
        households_then, cells_then, coverage_then = _night(then, TODAY)

    pd.testing.assert_frame_equal(households, households_then)
    pd.testing.assert_frame_equal(cells, cells_then)
    assert coverage == coverage_then


@examples(12)
@given(events, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_changes_no_cell(happened: Events, random: Random) -> None:
    tables = {**PLACES, **_tables(happened)}
    with landlord() as straight, landlord() as shuffled:
        straight.has(**tables)
        shuffled.sends(*_cut_and_shuffled(tables, random))

        for before, after in zip(_night(straight, TODAY), _night(shuffled, TODAY), strict=True):
            if isinstance(before, pd.DataFrame):
                pd.testing.assert_frame_equal(before, after)
            else:
                assert before == after
        pd.testing.assert_frame_equal(_evidence(straight), _evidence(shuffled))


@examples(8)
@given(events)
def test_every_cell_has_as_many_records_behind_it_as_it_counts(happened: Events) -> None:
    with landlord() as home:
        home.has(**PLACES, **_tables(happened))
        counted = home.all_counts()
        evidence = _evidence(home)

    shown = evidence.groupby(["household_ref", "stream"]).size().to_dict()
    told = evidence[(evidence["tell"] != "") & (evidence["stream"] != "repair_count")]
    tells = told.groupby(["household_ref", "stream"]).size().to_dict()
    cells = {(ref, stream): n for ref, streams in counted.items() for stream, n in streams.items()}
    assert {key: n for key, n in cells.items() if not key[1].startswith("tell:")} == shown
    assert {
        (ref, stream[5:]): n for (ref, stream), n in cells.items() if stream.startswith("tell:")
    } == tells


def test_a_burst_that_comes_later_excuses_nothing_before_it() -> None:
    with landlord() as home:
        home.has(
            **PLACES,
            repairs=[repair(f"W{n}", days_ago(3 * n), "door_damage", f"P{n}") for n in (1, 2, 3)],
        )

        assert home.all_counts(days_ago(6))["T2"]["door_damage"] == 1
        assert "door_damage" not in home.all_counts(days_ago(3)).get("T2", {})


@pytest.mark.parametrize("as_of", [TODAY, days_ago(100)])
def test_counting_twice_gives_the_same(as_of: date) -> None:
    with landlord() as home:
        home.has(**PLACES, repairs=[repair("W1", days_ago(110), "door_damage", "P2")])

        for before, after in zip(_night(home, as_of), _night(home, as_of), strict=True):
            assert str(before) == str(after)


def _cut_and_shuffled(tables: Tables, random: Random) -> list[Extract]:
    files = []
    for table, rows in tables.items():
        mixed = random.sample(rows, len(rows))
        cut = random.randint(0, len(mixed))
        files += [extract(table, part) for part in (mixed[:cut], mixed[cut:]) if part]
    return random.sample(files, len(files))


def _evidence(home: Landlord) -> pd.DataFrame:
    refs = home.household_refs()
    return home.evidence(refs, days_ago(1095))


def _numbered(happened: Events) -> list[tuple[int, tuple[str, int, str, str, int | None]]]:
    return list(enumerate(happened))


def _tables_of(numbered: list[tuple[int, tuple[str, int, str, str, int | None]]]) -> Tables:
    tables: Tables = {}
    for number, (table, days, text, home, order) in numbered:
        tables.setdefault(table, []).append(_row(table, number, days_ago(days), text, home, order))
    return tables
