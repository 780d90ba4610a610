"""A reference as somebody types it, and as extracts have it."""

import pytest

from redflags.domain.property_reference import plain_ref


@pytest.mark.parametrize(
    "typed", ["00-123", " 00-123\t", "00‑123", "00–123", "００-123", "00\u00ad-123\ufeff", "00−123"]
)
def test_what_looks_the_same_is_the_same(typed: str) -> None:
    assert plain_ref(typed) == "00-123"


@pytest.mark.parametrize("typed", ["00123", "0-123", "00-123a"])
def test_what_looks_different_is_different(typed: str) -> None:
    assert plain_ref(typed) != "00-123"
