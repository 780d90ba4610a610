"""Text that no database can hold does not reach one, and what can be kept of it is."""

import pytest
from sqlalchemy import text

from redflags.adapters.store.engine import make_engine, reading
from redflags.adapters.store.storable_text import with_storable_text


@pytest.mark.parametrize(
    ("came", "kept"),
    [("a\0b\0", "ab"), ("half \ud83d", "half \ufffd"), ("\ud83d\ude00 é", "\U0001f600 é")],
)
def test_a_value_is_kept_without_what_cannot_be(database_url: str, came: str, kept: str) -> None:
    engine = make_engine(database_url)

    with reading(engine) as connection:
        value = connection.execute(text("SELECT CAST(:v AS TEXT)"), {"v": came}).scalar_one()

    assert value == kept
    engine.dispose()


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ({"a": "x\0", "n": 1, "b": b"\0"}, {"a": "x", "n": 1, "b": b"\0"}),
        ([("x\0", None), ("y", 2.5)], [("x", None), ("y", 2.5)]),
        ([{"a": "x\0"}], [{"a": "x"}]),
        ({"a": ["x\0"]}, {"a": ["x"]}),
        ((), ()),
    ],
)
def test_many_values_are_looked_at_each(came: object, kept: object) -> None:
    assert with_storable_text(None, None, "SQL", came, None, False) == ("SQL", kept)
