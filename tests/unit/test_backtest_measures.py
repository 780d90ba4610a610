"""What a replay says: load, stability, yields, and what was found of labelled episodes."""

import pytest

from builders.replays import a_night, an_alert_about, labelled, week
from redflags.analysis.monitoring.confidence_intervals import Share
from redflags.analysis.replay.backtest_measures import (
    blast_radius,
    found,
    overlap,
    repeat_share,
    rule_yields,
    weeks,
)


def test_stability_is_the_share_that_was_flagged_the_night_before() -> None:
    table = weeks(
        [
            a_night(0, flagged={"A": ("locks",), "B": ("locks",)}),
            a_night(
                1, flagged={"B": ("locks",), "C": ("locks",), "D": ("locks",), "E": ("locks",)}
            ),
            a_night(2, flagged={}),
        ]
    )
    assert table["stability"].tolist()[1] == pytest.approx(0.25)
    assert table["stability"].isna().tolist() == [True, False, True]
    assert table["flagged"].tolist() == [2, 4, 0]


def test_a_repeat_is_a_household_alerted_before() -> None:
    nights = [
        a_night(0, [an_alert_about("A")]),
        a_night(1, [an_alert_about("A", 1), an_alert_about("B", 1)]),
    ]
    assert repeat_share(nights) == Share(1, 3)


def test_a_rule_that_never_spoke_is_told_of_too() -> None:
    yields = rule_yields([a_night(0, [an_alert_about("A", 0, "locks")])], ["locks", "glass"], None)
    assert [(y.rule_id, y.alerts, y.alone, y.with_episode) for y in yields] == [
        ("locks", 1, 1, None),
        ("glass", 0, 0, None),
    ]


def test_yield_counts_alerts_raised_while_an_episode_was_under_way() -> None:
    nights = [
        a_night(0, [an_alert_about("A", 0, "locks", "glass"), an_alert_about("B", 0, "locks")]),
        a_night(3, [an_alert_about("A", 3, "locks")]),
    ]
    (locks, glass) = rule_yields(nights, ["locks", "glass"], labelled(("A", 0, 2)))
    assert (locks.with_episode, locks.alone) == (Share(1, 3), 2)
    assert glass.with_episode == Share(1, 1)


def test_overlap_is_what_two_rules_share_of_what_either_flags() -> None:
    nights = [a_night(0, flagged={"A": ("locks", "glass"), "B": ("locks",), "C": ("glass",)})]
    table = overlap(nights, ["locks", "glass", "noise"])
    assert table.loc["locks", "glass"] == pytest.approx(1 / 3)
    assert table.loc["locks", "noise"] == 0.0
    assert table.loc["noise", "noise"] == 1.0


def test_recall_counts_episodes_no_rule_ever_spoke_of() -> None:
    nights = [a_night(n, [an_alert_about("A", n)] if n == 2 else []) for n in range(4)]
    labels = labelled(("A", 0, None), ("SILENT", 1, 2), ("BEFORE", -9, -5))
    measured = found(nights, labels, {week(2): 0.5, week(3): 0.7})
    assert measured.recall == Share(1, 2)
    assert measured.precision == Share(1, 1)
    assert measured.average_precision == pytest.approx(0.6)
    assert measured.nights_to_alert == 14


def test_an_alert_after_the_episode_finds_nothing() -> None:
    nights = [a_night(0), a_night(1), a_night(2, [an_alert_about("A", 2)])]
    measured = found(nights, labelled(("A", 0, 1)), {})
    assert (measured.recall, measured.precision) == (Share(0, 1), Share(0, 1))
    assert measured.nights_to_alert is None


def test_the_wait_begins_with_the_replay_where_the_episode_is_older() -> None:
    nights = [a_night(0), a_night(1, [an_alert_about("A", 1)])]
    assert found(nights, labelled(("A", -20, None)), {}).nights_to_alert == 7


def test_a_change_names_who_enters_and_who_leaves() -> None:
    before = [a_night(0, [an_alert_about("STAYS"), an_alert_about("LEAVES")])]
    after = [
        a_night(0, [an_alert_about("STAYS")]),
        a_night(1, [an_alert_about("ENTERS", 1, "glass"), an_alert_about("STAYS", 1)]),
    ]
    entering, leaving = blast_radius(before, after)
    assert [(alert.household, alert.sentences) for alert in entering] == [
        ("ENTERS", ("glass spoke.",))
    ]
    assert [alert.household for alert in leaving] == ["LEAVES"]
