"""A change of the signals reads the records again, from their codes and sealed text."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from builders.records import (
    Landlord,
    classify_by_words,
    days_ago,
    landlord,
    lock_change,
    repair,
    small_policy,
)

Classify = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        opened.records.reclassify(small_policy(), "first signals")
        yield opened


def _calling(signal: str, another: str) -> Classify:
    """Signals under which every `signal` of a text is called `another`."""

    def classify(records: pd.DataFrame) -> pd.DataFrame:
        texts = [text and str(text).replace(signal, another) for text in records["text"]]
        return classify_by_words(records.assign(text=pd.Series(texts, records.index, dtype=object)))

    return classify


def test_new_signals_read_the_sealed_text_again(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage force")])

    again = small_policy(classify=_calling("door_damage", "window_damage"))
    looked_at = home.records.reclassify(again, "second signals")

    assert looked_at == 1
    assert home.counts("P1") == {"window_damage": 1, "tell:window_damage": 1, "repair_count": 1}


def test_the_same_signals_read_nothing_again(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])

    again = small_policy(classify=_calling("door_damage", "window_damage"))

    assert home.records.reclassify(again, "first signals") == 0
    assert home.counts("P1")["door_damage"] == 1


def test_a_second_run_after_a_change_reads_nothing_again(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])
    home.records.reclassify(small_policy(), "second signals")

    assert home.records.reclassify(small_policy(), "second signals") == 0


def test_a_reclassification_that_fails_is_done_again(home: Landlord) -> None:
    def broken(records: pd.DataFrame) -> pd.DataFrame:
        raise KeyError

    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])
    with pytest.raises(KeyError):
        home.records.reclassify(small_policy(classify=broken), "second signals")

    assert home.records.reclassify(small_policy(), "second signals") == 1


def test_a_record_whose_text_is_gone_keeps_what_the_text_said(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(300), "door_damage force")],
        lock_changes=[lock_change("L1", days_ago(300), "partner")],
    )
    home.records.purge(days_ago(100), days_ago(900))

    home.records.reclassify(small_policy(), "second signals")

    assert home.counts("P1") == {
        "door_damage": 1,
        "tell:door_damage": 1,
        "lock_change": 1,
        "tell:lock_change": 1,
        "repair_count": 1,
    }


def test_a_known_code_does_not_unsay_the_tell_of_a_text_that_is_gone(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(300), "lock_change partner", sor_code="lock_change")])
    home.records.purge(days_ago(100), days_ago(900))

    home.records.reclassify(small_policy(), "second signals")

    assert home.counts("P1") == {"lock_change": 1, "tell:lock_change": 1, "repair_count": 1}


def test_a_record_that_its_code_decided_is_read_again_without_text(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(300), sor_code="door_damage")])

    def unmapped(records: pd.DataFrame) -> pd.DataFrame:
        return classify_by_words(records.assign(code=None))

    home.records.reclassify(small_policy(classify=unmapped), "second signals")

    assert home.counts("P1") == {"repair_count": 1}


def test_a_code_that_is_mapped_later_counts_for_old_records_too(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(300), sor_code="X1")])

    def mapped(records: pd.DataFrame) -> pd.DataFrame:
        return classify_by_words(records.assign(code=records["code"].replace("X1", "door_damage")))

    home.records.reclassify(small_policy(classify=mapped), "second signals")

    assert home.counts("P1") == {"door_damage": 1, "repair_count": 1}


def test_a_text_that_says_nothing_any_more_takes_its_signal_away(home: Landlord) -> None:
    home.has(repairs=[repair("W1", days_ago(3), "door_damage")])

    home.records.reclassify(
        small_policy(classify=_calling("door_damage", "nothing")), "second signals"
    )

    assert home.counts("P1") == {"repair_count": 1}
