"""What an earlier version stored as it came is cleaned once, whether or not its file is there."""

from builders.records import (
    KEY,
    Landlord,
    days_ago,
    dwelling,
    landlord,
    lock_change,
    repair,
    small_policy,
    tenancy,
)
from redflags.adapters.secrets import TextSealer


def text_of(home: Landlord, table: str, ref: str) -> str:
    ((sealed,),) = home.records._connection.execute(
        "SELECT text_sealed FROM records WHERE table_name = ? AND ref = ?", [table, ref]
    ).fetchall()
    return TextSealer(KEY).open(sealed, f"{table}/{ref}")


def seal_as_before(home: Landlord, ref: str, text: str) -> None:
    """The text as it was stored before texts were cleaned."""
    home.records._connection.execute(
        "UPDATE records SET text_sealed = ? WHERE ref = ?",
        [TextSealer(KEY).seal(text, f"lock_changes/{ref}"), ref],
    )


def test_a_nul_in_a_reference_goes_and_its_text_still_opens() -> None:
    with landlord() as home:
        home.has(
            properties=[dwelling("P1\0")],
            tenancies=[tenancy("T1\0", days_ago(900), home="P1\0")],
            lock_changes=[lock_change("L1\0\0", days_ago(3), "partner", home="P1\0")],
            repairs=[repair("W1", days_ago(3), "door_damage force", home="P1")],
        )

        home.records.reclassify(small_policy(), "first signals")

        assert home.household_refs() == ["T1"]
        assert home.counts("T1")["lock_change"] == 1
        assert home.counts("T1")["door_damage"] == 1
        assert text_of(home, "lock_changes", "L1") == "partner"


def test_a_row_whose_clean_twin_is_there_goes() -> None:
    with landlord() as home:
        refs = ("L1\0", "L1", "L2\0", "L2\0\0")
        home.has(lock_changes=[lock_change(ref, days_ago(3)) for ref in refs])

        home.records.reclassify(small_policy(), "first signals")

        assert home.records.totals()["lock_changes"] == 2
        assert home.counts("P1")["lock_change"] == 2


def test_a_text_stored_as_it_came_is_cleaned_masked_and_read_again() -> None:
    with landlord() as home:
        home.records.reclassify(small_policy(), "first signals")
        home.has(lock_changes=[lock_change("L1", days_ago(3), "partner")])
        home.records._connection.execute("DELETE FROM facts WHERE name = 'cells_cleaned'")
        seal_as_before(home, "L1", "force&nbsp;used 07700&nbsp;900461")

        again = home.records.reclassify(small_policy(), "first signals")

        assert again == 1
        assert text_of(home, "lock_changes", "L1") == "force used [phone]"
        assert home.counts("P1")["tell:lock_change"] == 1


def test_what_is_clean_is_not_read_again() -> None:
    with landlord() as home:
        home.records.reclassify(small_policy(), "first signals")
        home.has(lock_changes=[lock_change("L1", days_ago(3), "partner")])
        home.records._connection.execute("DELETE FROM facts WHERE name = 'cells_cleaned'")

        assert home.records.reclassify(small_policy(), "first signals") == 0
