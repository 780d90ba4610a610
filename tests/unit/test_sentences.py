"""Exactly what a housing officer reads."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from builders.detection import a_record, a_rule, a_score_rule
from redflags.analysis.ordering.reason_sentences import (
    SHOWN_RECORDS,
    Findings,
    month_in_words,
    rate_in_words,
    reason,
)
from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.configuration.ruleset import Rule
from redflags.domain.alert import Evidence
from redflags.domain.plain_names import SIGNAL_NAMES
from redflags.services.night.alert_candidates import ONLY_TOGETHER

MARCH = date(2026, 3, 9)


def records(*signals: str, first: date = MARCH) -> list[Evidence]:
    """One record a signal, a month apart, the first in March 2026."""
    return [
        a_record(first + timedelta(days=31 * number), signal, ref=f"R{number}")
        for number, signal in enumerate(signals)
    ]


def said(
    rule: Rule,
    found: Sequence[Evidence],
    all_records: int = 0,
    like_homes: float = 0.1,
    own: float = math.nan,
    cost_gbp: float = 0.0,
) -> str:
    findings = Findings(found, all_records, like_homes, own, cost_gbp)
    return reason("asked", rule, findings).sentence


def test_lock_changes_with_like_homes_and_the_own_past() -> None:
    assert said(a_rule(), records(*["lock_change"] * 4), like_homes=0.1, own=0.0) == (
        "4 lock changes since March 2026; like homes have 0.1 a year; "
        "this household had none before."
    )


def test_lock_changes_without_an_own_past() -> None:
    assert said(a_rule(), records("lock_change"), like_homes=0.01) == (
        "1 lock change since March 2026; like homes have less than 0.1 a year."
    )


def test_several_signals_are_listed_most_first() -> None:
    rule = a_rule(signals=("door_damage", "window_damage", "internal_damage"))
    found = records("internal_damage", "door_damage", "internal_damage", "window_damage")
    assert said(rule, found, like_homes=0.26, own=1.04) == (
        "2 inside door or wall repairs, 1 outside door repair, "
        "1 glass or window repair since March 2026; like homes have 0.3 a year; "
        "this household had 1.0 a year before."
    )


def test_a_concern_needs_no_comparison() -> None:
    rule = a_rule(signals=("staff_concern",))
    assert said(rule, records("staff_concern")) == (
        "1 concern logged by a colleague since March 2026."
    )


def test_different_signs_that_speak_for_themselves_are_not_taken_for_one_another() -> None:
    rule = a_rule(signals=("staff_concern", "abandonment"))
    assert said(rule, records("abandonment", "abandonment", "staff_concern")) == (
        "2 signs that the home may be empty, 1 concern logged by a colleague since March 2026."
    )


@pytest.mark.parametrize(("count", "verb"), [(1, "mentions"), (2, "mention")])
def test_mentions_are_told_out_of_all_records(count: int, verb: str) -> None:
    rule = a_rule(tell_only=True)
    assert said(rule, records(*["lock_change"] * count), all_records=3) == (
        f"{count} of the last 3 repairs and reports since March 2026 {verb} "
        "force, fear or a partner."
    )


def test_a_single_record_is_the_only_one() -> None:
    assert said(a_rule(tell_only=True), records("lock_change"), all_records=1) == (
        "The only repair or report since March 2026 mentions force, fear or a partner."
    )


def test_a_part_is_never_more_than_the_whole() -> None:
    told = said(a_rule(tell_only=True), records("lock_change", "lock_change"), all_records=1)
    assert told.startswith("2 of the last 2 ")


def test_different_signs() -> None:
    rule = a_rule(kind="distinct", signals=("lock_change", "door_damage"), min_count=2)
    assert said(rule, records("door_damage", "lock_change", "lock_change")) == (
        "2 different signs since March 2026: 2 lock changes, 1 outside door repair."
    )
    assert said(rule, records("lock_change")) == "1 sign since March 2026: 1 lock change."


def test_cost() -> None:
    rule = a_rule(kind="cost", signals=("repair_cost",))
    found = records("repair_count", "repair_count")
    assert said(rule, found, like_homes=860.4, cost_gbp=12_000) == (
        "£12,000 of repairs over 2 jobs since March 2026; like homes cost £860 a year."
    )
    assert said(rule, found[:1], like_homes=860.4, cost_gbp=950.5) == (
        "£950 of repairs over 1 job since March 2026; like homes cost £860 a year."
    )


def test_the_whole_picture_with_and_without_records() -> None:
    assert said(a_score_rule(6), records("lock_change", "asb_report")) == (
        "Together this is very unlike other homes: 1 other report about this home, "
        "1 lock change since March 2026."
    )
    assert said(a_score_rule(6), []) == (
        "The mix of repairs and reports here is very unlike that of other homes."
    )


def test_what_is_not_known_is_not_said() -> None:
    assert said(a_rule(), records("lock_change"), like_homes=math.nan) == (
        "1 lock change since March 2026."
    )
    assert said(a_rule(), records("lock_change"), like_homes=math.nan, own=0.0) == (
        "1 lock change since March 2026; this household had none before."
    )
    cost = a_rule(kind="cost", signals=("repair_cost",))
    assert said(cost, records("repair_count"), like_homes=math.nan, cost_gbp=70) == (
        "£70 of repairs over 1 job since March 2026."
    )


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.0, "none"),
        (0.0499, "less than 0.1 a year"),
        (0.05, "0.1 a year"),
        (0.14, "0.1 a year"),
        (3.26, "3.3 a year"),
    ],
)
def test_a_rate_in_words(rate: float, words: str) -> None:
    assert rate_in_words(rate) == words


def test_the_month_in_words() -> None:
    assert month_in_words(date(2026, 3, 31)) == "March 2026"


def test_the_newest_records_are_shown_oldest_first() -> None:
    found = records(*["lock_change"] * (SHOWN_RECORDS + 5), first=date(2024, 1, 1))
    shown = reason("asked", a_rule(), Findings(found[::-1], 0, 0.1, 0.1)).evidence
    assert list(shown) == found[5:]


def test_every_signal_has_its_words_in_one_and_many() -> None:
    assert set(SIGNAL_NAMES) == {*COUNTED_SIGNALS, *ONLY_TOGETHER, ""}
    names = SIGNAL_NAMES.values()
    assert all(name.one and name.many and name.one != name.many for name in names)
