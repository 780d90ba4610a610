"""What holds for every synthetic landlord, however small and whenever it ends."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from builders.examples import examples
from redflags.analysis.schemas import TABLES
from redflags.simulation import CHARACTERS, Character, Landlord, simulate, simulated_history
from redflags.simulation.events import NOBODY

landlords = st.tuples(
    st.integers(1, 120),
    st.floats(0.05, 4),
    st.integers(0, 2**32),
    st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    st.sampled_from(list(CHARACTERS.values())),
)
Arguments = tuple[int, float, int, date, Character]


def same(one: Landlord, other: Landlord) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in (*TABLES, "truth"))


@examples(25)
@given(landlords)
def test_every_reference_is_known_and_every_key_unique(arguments: Arguments) -> None:
    landlord = simulate(*arguments)
    properties = set(landlord.properties["property_ref"])
    tenancies = set(landlord.tenancies["tenancy_ref"])

    for name, table in TABLES.items():
        frame = getattr(landlord, name)
        assert tuple(frame.columns) == table.column_names
        assert not frame.duplicated(list(table.key)).any()
        for column in {"property_ref", "subject_property_ref"} & set(frame.columns):
            assert set(frame[column]) <= properties
        if "tenancy_ref" in frame.columns:
            assert set(frame["tenancy_ref"]) <= tenancies


@examples(15)
@given(landlords)
def test_the_same_arguments_give_the_same_landlord(arguments: Arguments) -> None:
    assert same(simulate(*arguments), simulate(*arguments))


@examples(25)
@given(landlords)
def test_an_event_belongs_to_the_household_that_lived_there_that_day(arguments: Arguments) -> None:
    history = simulated_history(*arguments)
    events, households = history.events, history.households
    theirs = events.only(events.household != NOBODY)

    assert (events.day >= 0).all()
    assert (events.day < history.span.days).all()
    assert (households.home[theirs.household] == theirs.home).all()
    assert (households.start[theirs.household] <= theirs.day).all()
    assert (theirs.day < households.stop[theirs.household]).all()
