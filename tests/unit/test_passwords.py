"""What is kept of a password."""

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from redflags.casework.accounts.password_rules import hash_password, is_right


def test_a_hash_costs_what_the_standard_asks_for() -> None:
    assert extract_parameters(hash_password("four brown hens walking")) == RFC_9106_LOW_MEMORY


def test_a_password_is_right_for_its_hash_and_no_other() -> None:
    kept = hash_password("four brown hens walking")
    assert is_right(kept, "four brown hens walking")
    assert not is_right(kept, "four brown hens walking ")
    assert not is_right(hash_password("six white geese"), "four brown hens walking")


def test_nobodys_password_is_never_right() -> None:
    assert not is_right(None, "of nobody, to take as long as anybody's")


def test_what_is_no_hash_is_never_right() -> None:
    assert not is_right("four brown hens walking", "four brown hens walking")
