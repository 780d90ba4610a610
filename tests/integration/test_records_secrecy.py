"""What the store must not give away: values in lists of problems, job text in the file."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from builders.records import (
    KEY,
    TEXT_DAYS,
    TODAY,
    Landlord,
    days_ago,
    extract,
    landlord,
    lock_change,
    presentation,
    repair,
    report,
    small_policy,
    tenancy,
)
from redflags.adapters.records import open_record_store
from redflags.adapters.secrets import Pseudonymiser, TextSealer
from redflags.errors import StoreUnusable

PLANTED = "Zanzibarred the Quuxdoor"
PHONE = "07700 900123"
FORGED = ("PLANTEDREF", "PLANTEDDATE", "PLANTEDCOST", "PLANTEDTYPE", PLANTED, PHONE)


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records" / "records.duckdb"


def _bad_rows() -> list[dict[str, str | None]]:
    text = f"{PLANTED} {PHONE}"
    return [
        repair("PLANTEDREF", "PLANTEDDATE", text, cost_gbp="PLANTEDCOST", work_type="PLANTEDTYPE"),
        repair("PLANTEDREF", days_ago(3), text, cost_gbp="-1", work_type="PLANTEDTYPE"),
        repair("PLANTEDREF", days_ago(3), text, home=""),
    ]


def test_problems_name_place_and_code_and_no_value_of_any_column(home: Landlord) -> None:
    home.sends(extract("repairs", _bad_rows()))

    listed = home.records.problems()

    shown = listed.astype(str).to_csv()
    assert len(listed) >= 5
    assert [value for value in FORGED if value in shown] == []
    assert set(listed["ref_pseudonym"]) == {Pseudonymiser(KEY).pseudonym("PLANTEDREF")}


def test_a_problem_of_a_row_without_a_ref_has_no_pseudonym(home: Landlord) -> None:
    home.sends(extract("repairs", [repair("", days_ago(3))]))

    assert list(home.records.problems()["ref_pseudonym"]) == [""]


def test_the_file_holds_no_job_text_and_no_phone_number(path: Path) -> None:
    text = f"{PLANTED} call {PHONE}"
    secrets = (PLANTED, PHONE, PHONE.replace(" ", ""), "PLANTEDDATE", "PLANTEDCOST")
    with open_record_store(path) as records:
        Landlord(records).has(
            repairs=[repair("REFINCLEAR", days_ago(3), text, notes=text), *_bad_rows()],
            lock_changes=[lock_change("L1", days_ago(3), text)],
            asb=[report("A1", days_ago(3), text)],
            homelessness=[presentation("H1", days_ago(3), "T1", text)],
        )
        while_open = _found_in(path.parent, *secrets)

    every_value = _every_value(path)
    once_closed = _found_in(path.parent, *secrets)
    assert _found_in(path.parent, "REFINCLEAR"), "refs are in clear, so the search works"
    assert "REFINCLEAR" in every_value
    assert while_open == once_closed == [value for value in secrets if value in every_value] == []


def test_the_text_can_be_unsealed_with_the_key_and_without_its_phone_number(path: Path) -> None:
    with open_record_store(path) as records:
        Landlord(records).has(repairs=[repair("W1", days_ago(3), f"{PLANTED} call {PHONE}")])

    (sealed,) = _sealed_texts(path)

    text = TextSealer(KEY).open(sealed, "repairs/W1")
    assert text.startswith(PLANTED)
    assert PHONE not in text


def test_the_text_of_one_record_is_no_text_of_another(path: Path) -> None:
    with open_record_store(path) as records:
        Landlord(records).has(repairs=[repair("W1", days_ago(3), PLANTED)])

    (sealed,) = _sealed_texts(path)

    with pytest.raises(StoreUnusable):
        TextSealer(KEY).open(sealed, "repairs/W2")


def test_another_key_opens_nothing_and_says_so_without_the_text(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])
    another = small_policy(key=b"quite another key of another landlord")

    with pytest.raises(StoreUnusable) as raised:
        home.records.reclassify(another, "new signals")

    assert "door_damage" not in str(raised.value)
    assert "W1" not in str(raised.value)


def test_after_a_wrong_key_the_right_one_still_works(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])
    with pytest.raises(StoreUnusable):
        home.records.reclassify(small_policy(key=b"quite another key of another landlord"), "new")

    assert home.records.reclassify(small_policy(), "new") == 1


@pytest.mark.parametrize(("days", "kept"), [(TEXT_DAYS, 1), (TEXT_DAYS + 1, 0)])
def test_text_older_than_is_kept_is_read_for_its_signal_and_not_stored(
    path: Path, days: int, kept: int
) -> None:
    with open_record_store(path) as records:
        home = Landlord(records).has(repairs=[repair("W1", days_ago(days), "door_damage")])
        assert home.counts("P1")["door_damage"] == 1

    assert len(_sealed_texts(path)) == kept


def test_purging_drops_text_before_its_day_and_records_before_theirs(path: Path) -> None:
    text_day, record_day = days_ago(100), days_ago(200)
    with open_record_store(path) as records:
        home = Landlord(records).has(
            repairs=[repair(f"W{n}", days_ago(n), "door_damage") for n in (99, 100, 101, 200, 201)],
            tenancies=[
                tenancy("T1", "2010-01-01", days_ago(201)),
                tenancy("T2", "2010-01-01", days_ago(200), home="P2"),
                tenancy("T3", "2010-01-01", home="P3"),
            ],
        )
        gone = home.records.purge(text_day, record_day)

        assert gone["records"] == 1
        assert gone["tenancies"] == 1
        assert home.records.totals()["repairs"] == 4
        assert home.records.totals()["tenancies"] == 2

    assert len(_sealed_texts(path)) == 2


def test_purging_twice_is_purging_once(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(300), "door_damage")])
    home.records.purge(days_ago(100), days_ago(400))

    assert set(home.records.purge(days_ago(100), days_ago(400)).values()) == {0}


@pytest.mark.parametrize(("noticed_before", "left"), [(0, 1), (-1, 0)])
def test_problems_go_when_they_are_as_old_as_records(
    home: Landlord, noticed_before: int, left: int
) -> None:
    home.sends(extract("repairs", [repair("W1", "never")]), as_of=TODAY)

    home.records.purge(days_ago(noticed_before), days_ago(noticed_before))

    assert len(home.records.problems()) == left


def _sealed_texts(path: Path) -> list[bytes]:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            "SELECT text_sealed FROM records WHERE text_sealed IS NOT NULL ORDER BY ref"
        ).fetchall()
    return [sealed for (sealed,) in rows]


def _found_in(folder: Path, *values: str) -> list[str]:
    """Which of `values` stand somewhere in the bytes of any file of `folder`."""
    content = b"".join(file.read_bytes() for file in sorted(folder.iterdir()))
    return [value for value in values if value.encode() in content]


def _every_value(path: Path) -> str:
    """Every value of every column of every table, blobs with their letters readable."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("SHOW TABLES").fetchall()
        return "\n".join(
            str(connection.execute(f"SELECT * FROM {table}").fetchall()) for (table,) in tables
        )
