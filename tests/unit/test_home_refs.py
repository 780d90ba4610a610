"""A reference as somebody types it, and as extracts have it."""

import pytest

from redflags.domain.property_reference import plain_ref, unpadded


@pytest.mark.parametrize(
    "typed",
    [
        "00-123",
        " 00-123\t",
        "00‑123",
        "00–123",
        "００-123",
        "00\u00ad-123\ufeff",
        "00−123",
        "00—123",
    ],
)
def test_what_looks_the_same_is_the_same(typed: str) -> None:
    assert plain_ref(typed) == "00-123"


@pytest.mark.parametrize("typed", ["00123", "0-123", "00-123a"])
def test_what_looks_different_is_different(typed: str) -> None:
    assert plain_ref(typed) != "00-123"


def test_blanks_within_are_one() -> None:
    assert plain_ref("flat\u00a0 2") == "flat 2"


@pytest.mark.parametrize("ref", ["A1", "a1", "0A1", "000a1"])
def test_capitals_and_noughts_in_front_do_not_tell_homes_apart(ref: str) -> None:
    assert unpadded(ref) == "A1"


@pytest.mark.parametrize("ref", ["A10", "A01", "A"])
def test_other_noughts_do(ref: str) -> None:
    assert unpadded(ref) != "A1"


def test_noughts_alone_are_no_reference() -> None:
    assert unpadded("000") == ""
