"""What becomes of the rows of an extract, night after night."""

from collections.abc import Iterator

import pandas as pd
import pytest

from builders.records import (
    KEY,
    TODAY,
    Landlord,
    classify_by_words,
    days_ago,
    dwelling,
    extract,
    landlord,
    protected,
    repair,
    small_policy,
    tenancy,
)
from redflags.adapters.secrets import Pseudonymiser
from redflags.analysis.extracts import Merged


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


class ClassifierBroke(Exception):
    """What a classifier made by hand raises."""


def test_a_first_file_is_accepted_whole(home: Landlord) -> None:
    rows = [repair("W1", days_ago(3)), repair("W2", days_ago(2))]

    (merged,) = home.sends(extract("repairs", rows))

    assert merged == Merged("repairs", read=2, accepted=2, quarantined=0, replaced=0, written=2)
    assert home.records.totals()["repairs"] == 2


def test_a_full_snapshot_sent_again_writes_nothing(home: Landlord) -> None:
    rows = [repair(f"W{n}", days_ago(n)) for n in range(5)]
    home.sends(extract("repairs", rows))

    (merged,) = home.sends(extract("repairs", rows))

    assert (merged.accepted, merged.replaced, merged.written) == (0, 5, 0)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("properties", [dwelling("P1", bedrooms="2"), dwelling("P2")]),
        ("tenancies", [tenancy("T1", "2020-01-01"), tenancy("T2", "2021-01-01", home="P2")]),
        ("protected", [protected("T1"), protected("T1", "open_case"), protected("T2")]),
    ],
)
def test_a_snapshot_of_places_and_people_sent_again_writes_nothing(
    home: Landlord, table: str, rows: list[dict[str, str | None]]
) -> None:
    home.sends(extract(table, rows))

    (merged,) = home.sends(extract(table, rows))

    assert (merged.replaced, merged.written) == (len(rows), 0)
    assert home.records.totals()[table] == len(rows)


def test_only_the_rows_that_changed_are_written(home: Landlord) -> None:
    rows = [repair(f"W{n}", days_ago(n), cost_gbp="10") for n in range(5)]
    home.sends(extract("repairs", rows))
    rows[3] = repair("W3", days_ago(3), cost_gbp="11")

    (merged,) = home.sends(extract("repairs", rows))

    assert (merged.accepted, merged.replaced, merged.written) == (0, 5, 1)


def test_a_corrected_row_replaces_the_earlier_one(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage", cost_gbp="100")])

    home.has(repairs=[repair("W1", days_ago(3), "window_damage", cost_gbp="250")])

    assert home.counts("P1") == {"window_damage": 1, "repair_count": 1}
    assert home.costs("P1") == 250.0


def test_of_one_ref_in_one_file_the_last_row_wins_and_the_others_are_replaced(
    home: Landlord,
) -> None:
    rows = [repair("W1", days_ago(3), text) for text in ("door_damage", "", "window_damage")]

    (merged,) = home.sends(extract("repairs", rows))

    assert (merged.read, merged.accepted, merged.replaced) == (3, 1, 2)
    assert home.counts("P1") == {"window_damage": 1, "repair_count": 1}


def test_a_later_file_of_the_same_night_wins(home: Landlord) -> None:
    first = extract("repairs", [repair("W1", days_ago(3), "door_damage")])
    second = extract("repairs", [repair("W1", days_ago(3), "window_damage")])

    merged = home.sends(first, second)

    assert [part.accepted for part in merged] == [1, 0]
    assert home.counts("P1") == {"window_damage": 1, "repair_count": 1}


def test_a_bad_correction_leaves_the_earlier_row_standing(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])

    (merged,) = home.sends(extract("repairs", [repair("W1", "31/31/2026", "window_damage")]))

    assert (merged.quarantined, merged.replaced) == (1, 0)
    assert home.counts("P1")["door_damage"] == 1


def test_the_same_ref_in_two_tables_is_two_records(home: Landlord) -> None:
    lock = {"lock_change_ref": "W1", "property_ref": "P1", "changed_at": "2026-11-01"}

    merged = home.sends(
        extract("repairs", [repair("W1", days_ago(3))]), extract("lock_changes", [lock])
    )

    assert [part.accepted for part in merged] == [1, 1]


def test_a_household_protected_for_two_reasons_keeps_both(home: Landlord) -> None:
    home.has(protected=[protected("T1", "open_case"), protected("T1", "do_not_contact")])

    assert home.records.protections(TODAY) == {"T1": frozenset({"open_case", "do_not_contact"})}


def test_rows_that_could_not_be_split_are_read_and_quarantined_and_listed(home: Landlord) -> None:
    (merged,) = home.sends(extract("repairs", [repair("W1", days_ago(3))], malformed=[2, 7]))

    listed = home.records.problems()
    assert (merged.read, merged.accepted, merged.quarantined) == (3, 1, 2)
    assert list(listed["row_number"]) == [2, 7]
    assert set(listed["code"]) == {"malformed_row"}


def test_a_file_of_which_every_row_is_bad_stores_nothing(home: Landlord) -> None:
    (merged,) = home.sends(extract("repairs", [repair("W1", None), repair("", days_ago(1))]))

    assert (merged.read, merged.quarantined, merged.written) == (2, 2, 0)
    assert home.records.totals()["repairs"] == 0


def test_a_file_that_was_taken_is_known_by_its_fingerprint(home: Landlord) -> None:
    home.sends(extract("repairs", [repair("W1", days_ago(3))], fingerprint="f1"))

    assert home.records.is_taken("f1")
    assert not home.records.is_taken("f2")


def test_what_has_no_fingerprint_is_never_taken(home: Landlord) -> None:
    home.sends(extract("repairs", [repair("W1", days_ago(3))], fingerprint=""))

    assert not home.records.is_taken("")


def test_the_problems_of_a_night_run_twice_are_listed_once(home: Landlord) -> None:
    rows = [repair("W1", "never"), repair("W2", days_ago(3))]
    home.sends(extract("repairs", rows))

    home.sends(extract("repairs", rows))

    assert len(home.records.problems()) == 1


def test_when_the_second_extract_fails_nothing_of_the_first_is_stored(home: Landlord) -> None:
    home.has(properties=[dwelling("P1", patch="North")])
    first = extract("properties", [dwelling("P1", patch="South"), dwelling("P9")], fingerprint="a")
    second = extract("repairs", [repair("W1", days_ago(3)), repair("W2", None)], fingerprint="b")

    with pytest.raises(ClassifierBroke):
        home.sends(first, second, policy=small_policy(classify=_broken))

    assert home.records.totals()["properties"] == 1
    assert list(home.count().households["patch"]) == ["North"]
    assert home.records.totals()["repairs"] == 0
    assert not home.records.is_taken("a")
    assert not home.records.is_taken("b")
    assert home.records.problems().empty


def test_what_was_staged_can_be_merged_again_after_a_failure(home: Landlord) -> None:
    staged = [home.records.stage(extract("repairs", [repair("W1", days_ago(3), "door_damage")]))]
    with pytest.raises(ClassifierBroke):
        home.records.merge(
            staged, small_policy(classify=_broken), Pseudonymiser(KEY).pseudonym, TODAY
        )

    (merged,) = home.records.merge(staged, small_policy(), Pseudonymiser(KEY).pseudonym, TODAY)

    assert merged.accepted == 1
    assert home.counts("P1") == {"door_damage": 1, "repair_count": 1}


def test_only_new_and_changed_rows_are_classified(home: Landlord) -> None:
    seen: list[int] = []

    def counting(records: pd.DataFrame) -> pd.DataFrame:
        seen.append(len(records))
        return classify_by_words(records)

    rows = [repair(f"W{n}", days_ago(n)) for n in range(4)]
    home.sends(extract("repairs", rows), policy=small_policy(classify=counting))
    rows.append(repair("W9", days_ago(1)))
    home.sends(extract("repairs", rows), policy=small_policy(classify=counting))

    assert seen == [4, 1]


def _broken(records: pd.DataFrame) -> pd.DataFrame:
    raise ClassifierBroke


@pytest.mark.parametrize(("days", "stored", "too_old"), [(1460, 1, 0), (1461, 0, 1)])
def test_what_is_older_than_is_kept_is_read_and_not_stored(
    home: Landlord, days: int, stored: int, too_old: int
) -> None:
    (merged,) = home.sends(extract("repairs", [repair("W1", days_ago(days))]))

    assert (merged.read, merged.accepted, merged.too_old) == (1, 1, too_old)
    assert home.records.totals()["repairs"] == stored
