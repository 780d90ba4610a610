"""Whatever a landlord sends, no row is lost and none is made up."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from builders.examples import examples
from builders.records import TODAY, Row, days_ago, extract, landlord, repair

GOOD_DATES = ("2026-11-01", "2026-11-02T10:00:00", "2025-02-28")
BAD_DATES = (None, "", "31/02/2026", "never", "1066-10-14")


def _rows(dates: tuple[str | None, ...]) -> st.SearchStrategy[Row]:
    refs = st.sampled_from(
        [None, "  ", "1", "01", "W2", "w2", " W2 ", "W\u20112", "W-2", "é", "W9"]
    )
    return st.builds(
        lambda ref, on, home, cost, text: repair(ref, on, text, home=home, cost_gbp=cost),  # type: ignore[arg-type]
        refs,
        st.sampled_from(dates),
        st.sampled_from(["P1", "P2", "", None]),
        st.sampled_from([None, "10", "£1,000.50", "-3", "cheap", "nan"]),
        st.sampled_from([None, "door_damage", "window_damage force", "!void"]),
    )


files = st.tuples(
    st.lists(_rows((*GOOD_DATES, *BAD_DATES)), max_size=12),
    st.lists(st.integers(1, 99), max_size=3, unique=True),
)
nights = st.lists(st.lists(files, max_size=2), min_size=1, max_size=4)


@examples(15)
@given(nights)
def test_every_row_read_is_accepted_quarantined_or_replaced(
    sent: list[list[tuple[list[Row], list[int]]]],
) -> None:
    accepted = 0
    with landlord() as home:
        for night in sent:
            parts = [extract("repairs", rows, malformed=bad) for rows, bad in night if rows]
            for part, (rows, bad) in zip(
                home.sends(*parts), [file for file in night if file[0]], strict=True
            ):
                assert part.read == len(rows) + len(bad)
                assert part.read == part.accepted + part.quarantined + part.replaced
                assert min(part.accepted, part.quarantined, part.replaced, part.written) >= 0
                assert part.quarantined >= len(bad)
                assert part.accepted <= part.written <= part.accepted + part.replaced
                accepted += part.accepted
            assert home.records.totals()["repairs"] == accepted


@examples(10)
@given(st.lists(_rows(GOOD_DATES), min_size=1, max_size=12))
def test_whatever_was_sent_sending_it_again_writes_nothing(rows: list[Row]) -> None:
    with landlord() as home:
        home.sends(extract("repairs", rows))
        before = home.records.totals()

        (again,) = home.sends(extract("repairs", rows))

        assert (again.accepted, again.written) == (0, 0)
        assert home.records.totals() == before


@examples(10)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.sampled_from(["door_damage", "window_damage", ""])),
        min_size=1,
        max_size=10,
    ),
    st.data(),
)
def test_however_rows_are_cut_into_files_the_last_of_a_ref_stands(
    told: list[tuple[str, str]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(told)))
    rows = [repair(ref, days_ago(1), text) for ref, text in told]
    expected = Counter(text for text in dict(told).values() if text)
    with landlord() as home:
        for part in (rows[:cut], rows[cut:]):
            if part:
                home.sends(extract("repairs", part), as_of=TODAY)

        counted = home.counts("P1")

    assert counted.pop("repair_count") == len(dict(told))
    assert counted == dict(expected)
