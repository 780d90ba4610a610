"""One reference, however it is typed: what Python and both databases call the same is the same."""

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, literal, select

from redflags.adapters.sources.mapping.spell_plainly import _as_key, _trimmed
from redflags.adapters.store import QueueStore
from redflags.adapters.store.case_tables import HOMES
from redflags.adapters.store.home_directory import (
    capitals_of,
    homes_at,
    homes_called,
    publish,
    unpadded_of,
)
from redflags.domain.alert import Routing
from redflags.domain.property_reference import (
    HYPHENS,
    INVISIBLE,
    Home,
    in_capitals,
    plain_ref,
    unpadded,
)

with_a_store = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
anything = settings(deadline=None, max_examples=200)
REFS = st.text(alphabet="0019aZéßıﬁ- /", min_size=1, max_size=8).map(plain_ref).filter(bool)
ANY_TEXT = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12
)
AS_PEOPLE_WRITE = st.text(alphabet=f"09aZ- /\u00a0é１Ａ{HYPHENS}{INVISIBLE}", max_size=10)


@with_a_store
@given(st.lists(st.one_of(ANY_TEXT, REFS), min_size=1, max_size=10))
def test_the_databases_compare_references_as_python_does(
    store: QueueStore, refs: list[str]
) -> None:
    with store.reading() as connection:
        for ref in refs:
            of_ref = select(capitals_of(literal(ref)), unpadded_of(literal(ref)))
            assert tuple(connection.execute(of_ref).one()) == (in_capitals(ref), unpadded(ref))


@st.composite
def typed_otherwise(draw: st.DrawFn, ref: str) -> str:
    """The same reference as somebody else would write it."""
    noughts = draw(st.sampled_from(["", "0", "000"])) if unpadded(ref) else ""
    bare = ref.lstrip("0") if draw(st.booleans()) and unpadded(ref) else ref
    cased = draw(st.sampled_from([str, in_capitals, _in_small_letters]))(bare)
    hyphened = cased.replace("-", draw(st.sampled_from(["-", *HYPHENS])))
    return draw(st.sampled_from(["", " ", "\t\ufeff"])) + noughts + hyphened + " "


def _in_small_letters(ref: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in ref)


@with_a_store
@given(st.data(), REFS)
def test_a_home_is_found_and_kept_away_however_its_reference_is_typed(
    store: QueueStore, data: st.DataObject, ref: str
) -> None:
    home = Home("tenancy/1", ref, "north", Routing.GENERAL)
    typed = data.draw(typed_otherwise(ref))
    with store.writing() as connection:
        connection.execute(delete(HOMES))
        publish(connection, [home])
        assert homes_at(connection, typed) == [home]
        assert homes_called(connection, typed) == [home]


@with_a_store
@given(REFS, REFS)
def test_homes_are_told_apart_by_more_than_capitals_and_noughts(
    store: QueueStore, ref: str, typed: str
) -> None:
    home = Home("tenancy/1", ref, "north", Routing.GENERAL)
    with store.writing() as connection:
        connection.execute(delete(HOMES))
        publish(connection, [home])
        is_same = in_capitals(ref) == in_capitals(typed) or (unpadded(ref) == unpadded(typed) != "")
        assert homes_at(connection, typed) == ([home] if is_same else [])


@anything
@given(ANY_TEXT)
def test_a_plain_reference_stays_as_it_is(typed: str) -> None:
    assert plain_ref(plain_ref(typed)) == plain_ref(typed)


@anything
@given(AS_PEOPLE_WRITE)
def test_the_intake_spells_a_reference_as_a_form_does(typed: str) -> None:
    taken_in = _as_key(_trimmed(pa.array([typed], pa.string()))).to_pylist()
    assert taken_in == [plain_ref(typed) or None]
