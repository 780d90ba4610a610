"""From a scored day to candidates: reasons with the right records, and who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pytest

from builders.detection import AS_OF, Estate, a_rule, a_ruleset, a_score_rule, days_ago
from redflags.analysis.counted_records import Counted, Coverage
from redflags.analysis.ordering.detection import Detection, FittedModel, detect, fit_reference
from redflags.analysis.ordering.outliers import OutlierModel
from redflags.analysis.surprise.household_history import STREAMS
from redflags.analysis.surprise.surprise_scores import measure
from redflags.configuration.ruleset import MissedVisits, RuleSet
from redflags.domain.alert import Priority, Routing
from redflags.services.night.alert_candidates import below_line, candidates, routing

CANARY = "canary-patch"


@dataclass
class Records:
    """The part of the record store that candidates read, by hand."""

    rows: list[dict[str, object]] = field(default_factory=list)
    protected: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def evidence(
        self, refs: list[str], since: date, visits: MissedVisits | None = None
    ) -> pd.DataFrame:
        columns = ["household_ref", "stream", "occurred_on", "table_name", "ref", "tell", "source"]
        frame = pd.DataFrame(self.rows, columns=columns)
        frame["occurred_on"] = pd.to_datetime(frame["occurred_on"])
        recent = frame["occurred_on"] >= pd.Timestamp(since)
        return frame[frame["household_ref"].isin(refs) & recent]

    def protections(self, as_of: date) -> Mapping[str, frozenset[str]]:
        assert as_of == AS_OF
        return self.protected


def row(
    household: str, days: int, stream: str = "lock_change", tell: str = "", ref: str = ""
) -> dict[str, object]:
    return {
        "household_ref": household,
        "stream": stream,
        "occurred_on": days_ago(days),
        "table_name": "repairs",
        "ref": ref or f"{household}-{days}",
        "tell": tell,
        "source": "canonical",
    }


def scored(homes: int, patches: list[str | None] | None = None, **hits: list[bool]) -> Detection:
    """A scored day in which T0 is the oddest household, T1 the next and so on."""
    history = Estate(homes).history()
    ruleset = a_ruleset()
    return Detection(
        households=pd.DataFrame(
            {
                "household_ref": [f"T{n}" for n in range(homes)],
                "property_ref": [f"P{n}" for n in range(homes)],
                "patch": patches or ["north"] * homes,
            }
        ),
        history=history,
        measurements=measure(history, ruleset.surprise),
        outlier=np.zeros(homes),
        score=np.arange(homes, 0, -1, dtype=float),
        rank=np.arange(1, homes + 1),
        has_history=np.ones(homes, dtype=bool),
        hits={rule_id: np.array(flags) for rule_id, flags in hits.items()},
        model_version="3",
    )


def found(detection: Detection, ruleset: RuleSet, records: Records):
    return candidates(detection, ruleset, records, records.protections(AS_OF), AS_OF)  # type: ignore[arg-type]


# ---------------------------------------------------------------- candidates


def test_each_household_a_rule_speaks_of_comes_with_its_reasons() -> None:
    ruleset = a_ruleset(locks=a_rule(), doors=a_rule(signals=("door_damage",), priority="first"))
    detection = scored(3, locks=[True, False, True], doors=[True, False, False])
    records = Records([row("T0", 5), row("T0", 7, "door_damage"), row("T2", 9)])
    first, second = found(detection, ruleset, records)
    assert (first.tenancy_ref, second.tenancy_ref) == ("T0", "T2")
    assert [reason.rule_id for reason in first.reasons] == ["locks", "doors"]
    assert (first.priority, second.priority) == (Priority.FIRST, Priority.SOON)
    assert [item.ref for item in second.reasons[0].evidence] == ["T2-9"]


def test_only_records_of_the_rules_window_and_signals_are_behind_it() -> None:
    ruleset = a_ruleset(locks=a_rule(window_days=180))
    records = Records([row("T0", 179), row("T0", 180), row("T0", 5, "door_damage")])
    (only,) = found(scored(1, locks=[True]), ruleset, records)
    assert [item.ref for item in only.reasons[0].evidence] == ["T0-179"]


def test_mentions_are_counted_among_all_records_since_the_first_of_them() -> None:
    ruleset = a_ruleset(tells=a_rule(tell_only=True))
    records = Records(
        [
            row("T0", 150, "repair_count"),
            row("T0", 40, tell="force"),
            row("T0", 40, "repair_count"),
            row("T0", 30, "repair_count"),
            row("T0", 20, tell="fear"),
            row("T0", 10),
        ]
    )
    (only,) = found(scored(1, tells=[True]), ruleset, records)
    assert only.reasons[0].sentence.startswith("2 of the last 4 repairs and reports since ")
    assert [item.tell for item in only.reasons[0].evidence] == ["force", "fear"]


def test_weak_marks_are_shown_where_all_is_taken_together_and_nowhere_else() -> None:
    ruleset = a_ruleset(locks=a_rule(), pattern=a_score_rule(1.0))
    records = Records([row("T0", 30, "lost_key"), row("T0", 20, "missed_visit"), row("T0", 10)])
    (only,) = found(scored(1, locks=[True], pattern=[True]), ruleset, records)
    locks, together = only.reasons
    assert [item.signal for item in locks.evidence] == ["lock_change"]
    assert [item.signal for item in together.evidence] == [
        "lost_key",
        "missed_visit",
        "lock_change",
    ]
    assert "1 visit with no answer" in together.sentence
    assert "1 lock change for lost keys" in together.sentence


def test_a_text_that_tells_is_shown_where_all_is_taken_together_whatever_its_job_was() -> None:
    records = Records([row("T0", 30, "unsignalled", tell="partner"), row("T0", 10)])
    ruleset = a_ruleset(pattern=a_score_rule(1.0))
    (only,) = found(scored(1, pattern=[True]), ruleset, records)
    (together,) = only.reasons
    assert [item.signal for item in together.evidence] == ["", "lock_change"]
    assert "1 other repair or report" in together.sentence
    assert together.sentence.endswith("1 of them mentions force, fear or a partner.")


def test_like_homes_are_told_for_all_signals_of_the_rule_together() -> None:
    estate = Estate(400)
    for signal, n in (("lock_change", 1.0), ("door_damage", 2.0)):
        estate.fill(signal, np.full(400, n), age_days=10)
    ruleset = a_ruleset(both=a_rule(signals=("lock_change", "door_damage"), window_days=180))
    plain = scored(400, both=[True] + [False] * 399)
    detection = Detection(
        **{
            name: getattr(plain, name)
            for name in Detection.__slots__
            if name not in ("history", "measurements")
        },
        history=estate.history(),
        measurements=measure(estate.history(), ruleset.surprise),
    )
    records = Records([row("T0", 5), row("T0", 6, "door_damage")])
    (only,) = found(detection, ruleset, records)
    # three in 180 days are six a year
    assert "like homes have 6.1 a year" in only.reasons[0].sentence


def test_a_household_odd_as_a_whole_says_so_even_without_a_record() -> None:
    ruleset = a_ruleset(pattern=a_score_rule(1.0))
    (only,) = found(scored(1, pattern=[True]), ruleset, Records())
    assert only.reasons[0].sentence
    assert only.reasons[0].evidence == ()


def test_a_household_without_a_patch_has_an_empty_one() -> None:
    ruleset = a_ruleset(locks=a_rule())
    (only,) = found(scored(1, [None], locks=[True]), ruleset, Records([row("T0", 5)]))
    assert only.patch == ""


def test_a_rule_beyond_capacity_takes_the_household_with_it() -> None:
    ruleset = a_ruleset(locks=a_rule(), concern=a_rule(beyond_capacity=True))
    detection = scored(2, locks=[True, True], concern=[True, False])
    both = found(detection, ruleset, Records([row("T0", 5), row("T1", 5)]))
    assert [candidate.beyond_capacity for candidate in both] == [True, False]


@pytest.mark.parametrize(
    ("reasons", "seen_by"),
    [
        (set(), Routing.GENERAL),
        ({"sanctuary_works"}, Routing.GENERAL),
        ({"open_case"}, Routing.SPECIALIST),
        ({"do_not_contact"}, Routing.SPECIALIST),
        ({"staff_household"}, Routing.SPECIALIST),
        ({"sanctuary_works", "open_case"}, Routing.SPECIALIST),
        ({"something_new"}, Routing.SPECIALIST),
    ],
)
def test_a_protected_household_is_the_specialists_alone(
    reasons: set[str], seen_by: Routing
) -> None:
    assert routing(frozenset(reasons)) is seen_by
    records = Records([row("T0", 5)], {"T0": frozenset(reasons)})
    (only,) = found(scored(1, locks=[True]), a_ruleset(locks=a_rule()), records)
    assert only.routing is seen_by


# ---------------------------------------------------------------- below the line


def test_below_the_line_are_the_oddest_no_rule_spoke_of() -> None:
    detection = scored(4, locks=[True, False, False, False])
    below = below_line(detection, CANARY, {}, depth=2)
    assert [(home.tenancy_ref, home.rank) for home in below] == [("T1", 2), ("T2", 3)]


def test_neither_canary_nor_protected_nor_new_households_are_below_the_line() -> None:
    detection = scored(4, [CANARY, "north", "north", None], locks=[False] * 4)
    detection.has_history[2] = False
    below = below_line(detection, CANARY, {"T1": frozenset({"open_case"})}, depth=9)
    assert [home.tenancy_ref for home in below] == ["T3"]


# ---------------------------------------------------------------- detection as a whole


def counted(homes: int = 60, **repairs: int) -> Counted:
    """Homes T00, T01, … with one repair each; more of them where a keyword says so."""
    households = pd.DataFrame(
        {
            "household_ref": [f"T{n:02}" for n in range(homes)],
            "property_ref": [f"P{n}" for n in range(homes)],
            "property_type": "house",
            "bedrooms": 2,
            "build_year": 1950,
            "patch": ["north"] * (homes - 1) + [CANARY],
            "since": pd.NaT,
        }
    )
    cells = pd.DataFrame(
        {
            "household": range(homes),
            "stream": "repair_count",
            "bucket": 0,
            "n": [repairs.get(ref, 1) for ref in households["household_ref"]],
            "cost_gbp": 100.0,
        }
    )
    coverage = Coverage({"repairs": days_ago(2000)}, True, True, {}, {}, 0)
    return Counted(households, cells, coverage)


def detected(given: Counted, confirmed: frozenset[str] = frozenset()) -> Detection:
    ruleset = a_ruleset(often=a_rule(signals=("repair_count",), min_count=6, min_surprise=2.0))
    return detect(
        given, ruleset, AS_OF, confirmed, CANARY, lambda matrix, eligible: FittedModel(None, "")
    )


def test_the_odd_household_comes_first_and_its_rule_speaks() -> None:
    detection = detected(counted(T07=30))
    table = detection.table(a_ruleset().ranking)
    assert table["tenancy_ref"].iloc[0] == "T07"
    assert table["rank"].tolist() == list(range(1, 61))
    assert np.flatnonzero(detection.hits["often"]).tolist() == [7]
    assert {f"{stream}_surprise" for stream in STREAMS} <= set(table.columns)


def test_without_a_model_the_rules_go_on_alone() -> None:
    detection = detected(counted())
    assert not detection.outlier.any()
    assert detection.model_version == ""


@pytest.mark.parametrize("who", ["confirmed", "canary"])
def test_confirmed_households_and_the_canary_shape_nobodys_baseline(who: str) -> None:
    ref = "T07" if who == "confirmed" else "T59"
    calm = detected(counted(), frozenset({"T07"}))
    loud = detected(counted(**{ref: 50}), frozenset({"T07"}))
    others = calm.households["household_ref"] != ref
    np.testing.assert_allclose(calm.score[others], loud.score[others])
    assert loud.score[~others] > calm.score[~others]


def test_too_new_a_household_has_a_result_of_its_own() -> None:
    given = counted()
    given.households["since"] = [pd.Timestamp(days_ago(88))] + [pd.Timestamp(days_ago(89))] * 59
    table = detected(given).table(a_ruleset().ranking).set_index("tenancy_ref")
    assert table["history"].value_counts().to_dict() == {"sufficient": 59, "insufficient": 1}
    assert table.loc["T00", "history"] == "insufficient"


@pytest.mark.parametrize(("homes", "is_fitted"), [(49, False), (50, True)])
def test_a_reference_needs_fifty_homes(homes: int, is_fitted: bool) -> None:
    matrix = pd.DataFrame({"a": np.linspace(0, 1, 80), "b": np.linspace(1, 0, 80)})
    eligible = np.arange(80) < homes
    model = fit_reference(matrix, eligible, a_ruleset())
    assert isinstance(model, OutlierModel) == is_fitted


def test_a_landlord_without_any_event_has_no_reference() -> None:
    matrix = pd.DataFrame(np.zeros((80, 2)), columns=["a", "b"])
    assert fit_reference(matrix, np.ones(80, dtype=bool), a_ruleset()) is None
