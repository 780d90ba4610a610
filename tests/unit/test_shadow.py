"""What a night does besides its own work cannot harm it, and counts what the shadow would do."""

from collections.abc import Callable, Collection
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from builders.detection import AS_OF, Estate, a_candidate, a_rule, a_ruleset, measured, queue_state
from redflags.analysis.ordering.detection import Detection
from redflags.analysis.replay.night_facts import NightFacts
from redflags.configuration.ruleset import RuleSet
from redflags.domain.shadow_night import ShadowNight
from redflags.services.night.shadow_ruleset import ShadowFindings, ShadowRun

LIVE, SHADOW = a_ruleset(locks=a_rule(min_count=3)), a_ruleset(locks=a_rule(min_count=2))


def detection(flagged: list[bool]) -> Detection:
    homes = len(flagged)
    refs = [f"T{number}" for number in range(homes)]
    return Detection(
        households=pd.DataFrame({"household_ref": refs, "patch": "north"}),
        history=Estate(homes).add(0, n=5).history(),
        measurements=measured(homes),
        outlier=np.zeros(homes),
        score=np.zeros(homes),
        rank=np.arange(homes),
        has_history=np.ones(homes, dtype=bool),
        hits={"locks": np.array(flagged)},
        model_version="m",
    )


def shadow_run(
    keep: Callable[[NightFacts], object] = lambda _facts: None,
    find_shadow: Callable[[], Any] = lambda: None,
    note: Callable[[ShadowNight], object] = lambda _night: None,
) -> ShadowRun:
    def confirmed(_as_of: date) -> frozenset[str]:
        return frozenset()

    records: Any = SimpleNamespace()
    return ShadowRun(records, LIVE, keep, find_shadow, confirmed, note, "canary", str.lower)


def findings(shadow: RuleSet, live: Collection[str], *refs: str) -> ShadowFindings:
    """The shadow spoke of `refs`, the live rule set of `live`."""
    return ShadowFindings(shadow, tuple(a_candidate(ref) for ref in refs), frozenset(live))


def test_the_facts_of_a_night_are_kept_under_pseudonyms() -> None:
    kept: list[NightFacts] = []
    assert shadow_run(keep=kept.append).ask(detection([True, False]), (), AS_OF).notes == ()
    assert kept[0].table["household"].tolist() == ["t0"]
    assert (kept[0].as_of, kept[0].ruleset_hash) == (AS_OF, LIVE.hash)


def test_facts_that_cannot_be_kept_are_a_note_that_quotes_nothing() -> None:
    def keep(_facts: NightFacts) -> None:
        raise OSError("T0 is full")

    (note,) = shadow_run(keep=keep).ask(detection([True]), (), AS_OF).notes
    assert "OSError" in note
    assert "T0" not in note


def test_a_shadow_that_fails_is_a_note_and_counts_nothing() -> None:
    def find() -> None:
        raise ValueError("T0")

    counted: list[ShadowNight] = []
    run = shadow_run(find_shadow=find, note=counted.append)
    asked = run.ask(detection([True]), (), AS_OF)
    (note,) = asked.notes
    assert "the night itself is not affected" in note
    assert run.count(asked.findings, queue_state()) == ()
    assert counted == []


def test_without_a_shadow_nothing_is_counted() -> None:
    counted: list[ShadowNight] = []
    run = shadow_run(note=counted.append)
    asked = run.ask(detection([True]), (), AS_OF)
    assert asked.findings is None
    assert run.count(asked.findings, queue_state()) == ()
    assert counted == []


def test_who_enters_and_who_leaves_is_counted() -> None:
    counted: list[ShadowNight] = []
    run = shadow_run(note=counted.append)
    run.count(findings(SHADOW, ("T0", "T1"), "T1", "T2"), queue_state())
    assert counted == [
        ShadowNight(AS_OF, SHADOW.hash, LIVE.hash, flagged=2, raised=2, entering=1, leaving=1)
    ]
