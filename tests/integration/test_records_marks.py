"""Marks of a household by age: what the pattern over time is made of."""

from collections import Counter
from collections.abc import Iterator

import pytest

from builders.episodes import SHIPPED
from builders.records import (
    TODAY,
    Landlord,
    days_ago,
    landlord,
    lock_change,
    repair,
    report,
    small_ruleset,
    tenancy,
)
from redflags.analysis.schemas import INNOCENT_REASONS
from redflags.configuration.ruleset import MissedVisits


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened


def marks(home: Landlord) -> Counter[tuple[str, bool, int]]:
    """How many of each mark, whether told, and in which bucket of age; of all households."""
    frame = home.count().marks
    assert frame is not None
    keys = zip(frame["mark"].astype(str), frame["told"], frame["bucket"], strict=True)
    return Counter(dict(zip(((m, bool(t), int(b)) for m, t, b in keys), frame["n"], strict=True)))


def bucket(days: int) -> int:
    return sum(edge <= days for edge in SHIPPED.ages_days) - 1


@pytest.mark.parametrize("days", [0, 6, 7, 100, 912, 913, 1094])
def test_a_record_is_counted_in_the_bucket_of_its_age(home: Landlord, days: int) -> None:
    home.has(repairs=[repair("W1", days_ago(days), "internal_damage")])
    assert marks(home) == {("internal_damage", False, bucket(days)): 1}


def test_what_tells_is_told_apart(home: Landlord) -> None:
    home.has(
        repairs=[
            repair("W1", days_ago(3), "door_damage"),
            repair("W2", days_ago(3), "door_damage fear"),
            repair("W3", days_ago(3), "partner"),
        ]
    )
    assert marks(home) == {
        ("door_damage", False, 0): 1,
        ("door_damage", True, 0): 1,
        ("unsignalled", True, 0): 1,
    }


@pytest.mark.parametrize("reason", [r for r in INNOCENT_REASONS if r != "lost_key"])
def test_an_innocent_record_is_no_mark(home: Landlord, reason: str) -> None:
    home.has(repairs=[repair("W1", days_ago(3), f"lock_change !{reason}")])
    assert marks(home) == {}


def test_a_lock_changed_for_lost_keys_is_a_weak_mark_and_other_lost_keys_none(
    home: Landlord,
) -> None:
    home.has(
        lock_changes=[lock_change("L1", days_ago(50), "!lost_key")],
        repairs=[repair("W1", days_ago(3), "door_damage !lost_key")],
    )
    assert marks(home) == {("lost_key", False, bucket(50)): 1}


@pytest.mark.parametrize(
    ("status", "work_type", "counted"),
    [
        ("No Access", "cyclical", 1),
        (" n/a ", "cyclical", 1),
        ("Complete", "cyclical", 0),
        ("No Access", "responsive", 0),
        (None, "cyclical", 0),
    ],
)
def test_a_visit_nobody_opened_for_is_a_weak_mark(
    home: Landlord, status: str | None, work_type: str, counted: int
) -> None:
    home.has(repairs=[repair("W1", days_ago(20), "gas", status=status, work_type=work_type)])
    assert marks(home)[("missed_visit", False, bucket(20))] == counted


def test_reports_that_follow_one_another_within_a_spell_are_one_case_on_its_first_day(
    home: Landlord,
) -> None:
    spell = SHIPPED.spell_days.value
    days = [30, 30 + spell, 30 + 2 * spell, 31 + 3 * spell]
    words = ["noise_disturbance fear", "asb_report", "noise_disturbance", "asb_report"]
    home.has(
        asb=[
            report(f"A{n}", days_ago(d), w)
            for n, (d, w) in enumerate(zip(days, words, strict=True))
        ]
    )
    assert marks(home) == {
        ("noise_disturbance", True, bucket(days[2])): 1,
        ("asb_report", False, bucket(days[3])): 1,
    }


def test_boarded_glass_is_told_apart_by_how_it_was_classified(home: Landlord) -> None:
    home.has(
        repairs=[
            repair("W1", days_ago(3), "window_damage"),
            repair("W2", days_ago(3), None, sor_code="window_damage"),
        ]
    )
    episodes = SHIPPED.model_copy(update={"boarding_entries": ("code:window_damage",)})
    changed = small_ruleset().model_copy(update={"episodes": episodes})
    frame = home.records.count(TODAY, changed).marks
    assert frame is not None
    assert Counter(frame["mark"].astype(str)) == {"window_damage": 1, "boarding": 1}


def test_what_happened_before_the_tenancy_is_not_theirs(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T0", days_ago(900), days_ago(101)), tenancy("T1", days_ago(100))],
        repairs=[
            repair("W1", days_ago(300), "internal_damage"),
            repair("W2", days_ago(40), "internal_damage"),
        ],
    )
    assert marks(home) == {("internal_damage", False, bucket(40)): 1}


def test_weak_marks_stand_in_the_evidence_only_where_they_are_asked_for(home: Landlord) -> None:
    home.has(
        lock_changes=[lock_change("L1", days_ago(50), "!lost_key")],
        repairs=[repair("W1", days_ago(20), "gas", status="No Access", work_type="cyclical")],
    )
    visits: MissedVisits = SHIPPED.missed_visits
    asked = home.evidence(["P1"], days_ago(365), visits)
    assert asked["stream"].tolist() == ["lost_key", "missed_visit"]
    assert home.evidence(["P1"], days_ago(365)).empty
