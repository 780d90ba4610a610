"""However several sources come in, are sent again, go and come back: one and the same store."""

from hypothesis import given, settings
from hypothesis import strategies as st

from builders.records import (
    Landlord,
    Row,
    days_ago,
    dwelling,
    extract,
    landlord,
    lock_change,
    repair,
    report,
    sources,
    tenancy,
)

REFS = ("1", "2")
UPRNS = (None, "100", "200")
Rows = dict[str, list[Row]]
Night = dict[str, Rows]


def _some(*values: str | None) -> st.SearchStrategy[str | None]:
    return st.sampled_from(values)


_HOMES = st.builds(
    lambda ref, uprn, patch, rooms: dwelling(ref, uprn=uprn, patch=patch, bedrooms=rooms),
    st.sampled_from(REFS),
    _some(*UPRNS),
    _some(None, "north", "south"),
    _some(None, "1", "2"),
)
_TENANCIES = st.builds(
    lambda ref, start, end, home: tenancy(ref, start, end, home=home),
    st.sampled_from(["T1", "T2", "T3"]),
    st.sampled_from(["2019-01-01", "2025-08-01"]),
    _some(None, "2025-09-01", "2026-01-01"),
    st.sampled_from(REFS),
)
_REPAIRS = st.builds(
    lambda ref, ago, text, home: repair(ref, days_ago(ago), text, home=home),
    st.sampled_from(REFS),
    st.sampled_from([5, 50]),
    _some(None, "door_damage", "lock_change partner"),
    st.sampled_from(REFS),
)
_LOCKS = st.builds(
    lambda ref, order, home: lock_change(ref, days_ago(5), home=home, work_order_ref=order),
    st.sampled_from(REFS),
    _some(None, *REFS),
    st.sampled_from(REFS),
)
_NOISE = st.builds(
    lambda ref, home: report(ref, days_ago(20), "noise_disturbance", home=home),
    st.sampled_from(REFS),
    st.sampled_from(["100", "200", *REFS]),
)
TABLES = {
    "properties": _HOMES,
    "tenancies": _TENANCIES,
    "repairs": _REPAIRS,
    "lock_changes": _LOCKS,
    "asb": _NOISE,
}
KEYS = ("property_ref", "tenancy_ref", "work_order_ref", "lock_change_ref", "report_ref")


def _few(rows: st.SearchStrategy[Row]) -> st.SearchStrategy[list[Row]]:
    return st.lists(rows, min_size=1, max_size=3)


# A source that never gave anything would keep those it may stand for: see the integration tests.
_rows = st.fixed_dictionaries(
    {"properties": _few(_HOMES)},
    optional={name: _few(rows) for name, rows in TABLES.items() if name != "properties"},
)
_nights = st.lists(
    st.dictionaries(st.sampled_from("abc"), _rows, min_size=1), min_size=1, max_size=4
)


def _key(table: str, row: Row) -> str | None:
    return row[dict(zip(TABLES, KEYS, strict=True))[table]]


def _sends(home: Landlord, night: Night, order: list[str]) -> None:
    parts = [
        extract(table, rows, source=source)
        for source, tables in night.items()
        for table, rows in tables.items()
    ]
    home.sends(*parts, configured=sources(*order))


def _known(nights: list[Night], order: list[str]) -> Night:
    """What each source said last of each row, since it was last configured anew."""
    known: dict[str, dict[str, dict[str | None, Row]]] = {}
    for night in nights:
        known = {name: known.get(name, {}) for name in order if name in night}
        for source, tables in night.items():
            for table, rows in tables.items():
                for row in rows:
                    known[source].setdefault(table, {})[_key(table, row)] = row
    return {
        source: {table: list(rows.values()) for table, rows in tables.items()}
        for source, tables in known.items()
    }


def _seen(home: Landlord) -> tuple[object, ...]:
    households = home.count().households.astype(object).where(lambda frame: frame.notna(), None)
    return (
        households.to_dict("records"),
        home.all_counts(),
        home.records.totals(),
        home.records.contradictions(),
    )


@settings(max_examples=10, deadline=None)
@given(_nights, st.permutations("abc"), st.permutations("abc"))
def test_nights_of_sources_that_come_and_go_end_as_if_the_last_had_been_all_there_was(
    nights: list[Night], order: list[str], written: list[str]
) -> None:
    with landlord() as lived:
        for night in nights:
            _sends(lived, night, [name for name in order if name in night])
        after_all = _seen(lived)
    known = _known(nights, order)
    configured = [name for name in order if name in known]
    with landlord() as fresh:
        for name in written:
            if name in known:
                _sends(fresh, {name: known[name]}, configured)

        assert _seen(fresh) == after_all
