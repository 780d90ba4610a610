"""What a typed value becomes: nothing that is there becomes nothing."""

import ipaddress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.adapters.sources.cell_text import as_text


class Colour(Enum):
    RED = "red"


class Opaque:
    """A driver's type that says nothing of itself."""


class Large:
    """A driver's large object that cannot be read as text."""

    def __str__(self) -> str:
        raise TypeError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", ""),
        ("00012", "00012"),
        (True, "true"),
        (9_007_199_254_740_993, "9007199254740993"),
        (3.0, "3"),
        (2.5, "2.5"),
        (float("nan"), "nan"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12.50"), "12.50"),
        (Decimal("NaN"), "NaN"),
        (date(2026, 9, 5), "2026-09-05"),
        (datetime(2026, 9, 5, 10, 30, tzinfo=UTC), "2026-09-05T10:30:00+00:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=2), "2:00:00"),
        (timedelta(days=1, hours=2, minutes=5, seconds=7), "26:05:07"),
        (-timedelta(minutes=5), "-0:05:00"),
        (
            UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
            "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        ),
        (b"390929", "390929"),
        (memoryview(b"390929"), "390929"),
        (b"\x1a\x2b\x00\xff", "0x1A2B00FF"),
        (["Completed"], "Completed"),
        (["a", None, 2], "a; 2"),
        ([], None),
        ({}, None),
        ({"note": "door"}, '{"note": "door"}'),
        ([{"id": UUID(int=0)}], '[{"id": "00000000-0000-0000-0000-000000000000"}]'),
        (Colour.RED, "red"),
        (ipaddress.ip_address("192.0.2.1"), "192.0.2.1"),
        (Opaque(), "#UNREADABLE TYPE Opaque"),
        (Large(), "#UNREADABLE TYPE Large"),
    ],
)
def test_each_type_has_a_text(value: object, text: str | None) -> None:
    assert as_text(value) == text


@given(
    st.one_of(
        st.binary(min_size=1),
        st.uuids(),
        st.times(),
        st.timedeltas(),
        st.decimals(),
        st.integers(),
        st.floats(),
        st.lists(st.integers(), min_size=1),
        st.dictionaries(st.text(), st.uuids(), min_size=1),
    )
)
def test_nothing_that_is_there_becomes_nothing(value: object) -> None:
    assert as_text(value)


@given(st.binary(min_size=1, max_size=20), st.binary(min_size=1, max_size=20))
def test_two_keys_never_become_one(one: bytes, other: bytes) -> None:
    assert (as_text(one) == as_text(other)) == (one == other)
