"""What is held back of small tables one can check by hand."""

from collections.abc import Mapping

import pytest

from redflags.analysis.monitoring.small_number_suppression import (
    DisclosedCount,
    Disclosure,
    Sum,
    suppress,
)
from redflags.errors import ConfigurationError

SMALL = 5
SHOWN, FEW, HELD_BACK, UNSAID = (
    Disclosure.SHOWN,
    Disclosure.SMALL,
    Disclosure.HELD_BACK,
    Disclosure.UNSAID,
)


def disclosures(counts: Mapping[str, int], *sums: Sum) -> dict[str, Disclosure]:
    return {name: known.disclosure for name, known in suppress(counts, sums, SMALL).items()}


@pytest.mark.parametrize(("count", "disclosure"), [(0, FEW), (1, FEW), (5, FEW), (6, SHOWN)])
def test_up_to_five_and_nought_too_is_never_shown(count: int, disclosure: Disclosure) -> None:
    assert disclosures({"alone": count}) == {"alone": disclosure}


def test_a_single_small_part_is_not_to_be_had_by_taking_away() -> None:
    parts = Sum("all", ("a", "b", "c"))
    found = disclosures({"all": 83, "a": 3, "b": 40, "c": 40}, parts)
    assert found == {"all": SHOWN, "a": FEW, "b": SHOWN, "c": HELD_BACK}


def test_two_small_parts_hide_each_other_when_together_they_are_enough() -> None:
    parts = Sum("all", ("a", "b", "c"))
    assert disclosures({"all": 46, "a": 3, "b": 3, "c": 40}, parts)["c"] is SHOWN
    # of two that are four together neither can be five
    assert disclosures({"all": 44, "a": 3, "b": 1, "c": 40}, parts)["c"] is HELD_BACK


def test_parts_that_are_all_as_large_as_they_may_be_are_not_given_away_by_their_sum() -> None:
    found = disclosures({"all": 10, "a": 5, "b": 5}, Sum("all", ("a", "b")))
    assert found == {"all": HELD_BACK, "a": FEW, "b": FEW}


def test_a_total_that_two_tables_share_gives_nothing_away_in_either() -> None:
    counts = {"all": 60, "a": 57, "b": 3, "c": 30, "d": 30}
    found = suppress(counts, [Sum("all", ("a", "b")), Sum("all", ("c", "d"))], SMALL)
    assert found["a"].disclosure is HELD_BACK
    assert (found["b"].low, found["b"].high) == (0, 5)
    assert all(found[name].is_shown for name in ("all", "c", "d"))


def test_a_part_that_another_table_cuts_again_is_not_given_away_there() -> None:
    """a = 20 would be c + d, both shown, so that b were 3."""
    counts = {"all": 23, "a": 20, "b": 3, "c": 10, "d": 10}
    found = suppress(counts, [Sum("all", ("a", "b")), Sum("a", ("c", "d"))], SMALL)
    assert not found["a"].is_shown
    assert not (found["c"].is_shown and found["d"].is_shown)


def test_what_is_not_published_may_be_anything() -> None:
    known = suppress({"looks": 8, "raised": 2}, [Sum("looks", ("raised", "left"))], SMALL)
    assert known == {"looks": DisclosedCount(SHOWN, 8, 8), "raised": DisclosedCount(FEW, 0, 5)}
    # but there are no more than looks
    assert suppress({"looks": 8, "raised": 8}, [Sum("looks", ("raised", "left"))], SMALL) == {
        "looks": DisclosedCount(SHOWN, 8, 8),
        "raised": DisclosedCount(SHOWN, 8, 8),
    }


def test_where_the_marks_themselves_would_tell_nothing_is_said() -> None:
    """Six parts of five are thirty, and so are five parts of six; every one would be certain."""
    fives = {f"five-{n}": 5 for n in range(6)}
    sixes = {f"six-{n}": 6 for n in range(5)}
    sums = (Sum("all", tuple(fives)), Sum("all", tuple(sixes)))
    assert set(disclosures({"all": 30, **fives, **sixes}, *sums).values()) == {UNSAID}


def test_other_tables_say_what_they_can_all_the_same() -> None:
    found = disclosures({"all": 10, "a": 5, "b": 5, "else": 9}, Sum("all", ("a", "b")))
    assert found["else"] is SHOWN


def test_which_count_is_held_back_does_not_depend_on_how_large_it_is() -> None:
    parts = Sum("all", ("a", "b", "c"))
    for b, c in ((20, 30), (30, 20)):
        found = disclosures({"all": 3 + b + c, "a": 3, "b": b, "c": c}, parts)
        assert (found["b"], found["c"]) == (SHOWN, HELD_BACK)


def test_a_limit_that_could_not_be_kept_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigurationError, match="small_number: expected 2 or more, got 1"):
        suppress({"a": 1}, [], 1)
    assert suppress({"a": 3}, [], 2)["a"].is_shown


def test_sums_that_go_round_in_a_circle_are_refused() -> None:
    rows = [Sum("r1", ("a", "b")), Sum("r2", ("c", "d"))]
    columns = [Sum("k1", ("a", "c")), Sum("k2", ("b", "d"))]
    counts = dict.fromkeys("abcd", 1) | dict.fromkeys(("r1", "r2", "k1", "k2"), 2)
    with pytest.raises(ValueError, match="circle"):
        suppress(counts, rows + columns, SMALL)


@pytest.mark.parametrize("whole", [6, 8])
def test_sums_that_do_not_add_up_are_refused(whole: int) -> None:
    with pytest.raises(ValueError, match="add up to all"):
        suppress({"all": whole, "a": 3, "b": 4}, [Sum("all", ("a", "b"))], SMALL)
