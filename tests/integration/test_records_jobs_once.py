"""A job that stands in two tables is one job."""

from collections.abc import Iterator

import pytest

from builders.records import (
    Landlord,
    days_ago,
    landlord,
    lock_change,
    repair,
    small_ruleset,
    tenancy,
)


@pytest.fixture
def home() -> Iterator[Landlord]:
    with landlord() as opened:
        yield opened.has(tenancies=[tenancy("T1", "2010-01-01")])


def test_a_lock_change_and_its_order_are_one_lock_change_and_one_repair(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(40), "lock_change")],
        lock_changes=[lock_change("L1", days_ago(9), work_order_ref="W1")],
    )

    assert home.counts("T1") == {"lock_change": 1, "repair_count": 1}


def test_lock_changes_of_different_orders_are_different(home: Landlord) -> None:
    home.has(
        repairs=[
            repair("W1", days_ago(10), "lock_change"),
            repair("W2", days_ago(10), "lock_change"),
        ],
        lock_changes=[lock_change("L1", days_ago(10), work_order_ref="W1")],
    )

    assert home.counts("T1") == {"lock_change": 2, "repair_count": 2}


@pytest.mark.parametrize(("apart", "lock_changes"), [(-2, 2), (-1, 1), (0, 1), (1, 1), (2, 2)])
def test_without_an_order_number_a_day_either_side_is_the_same_job(
    home: Landlord, apart: int, lock_changes: int
) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10 + apart), "lock_change")],
        lock_changes=[lock_change("L1", days_ago(10))],
    )

    assert home.counts("T1") == {"lock_change": lock_changes, "repair_count": 1}


def test_days_are_days_of_the_calendar_not_hours(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", f"{days_ago(11)}T00:01:00", "lock_change")],
        lock_changes=[lock_change("L1", f"{days_ago(10)}T23:59:00")],
    )

    assert home.counts("T1")["lock_change"] == 1


def test_the_same_day_at_another_address_is_another_job(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T2", "2010-01-01", home="P2")],
        repairs=[repair("W1", days_ago(10), "lock_change", home="P2")],
        lock_changes=[lock_change("L1", days_ago(10))],
    )

    assert (home.counts("T1"), home.counts("T2")) == (
        {"lock_change": 1},
        {"lock_change": 1, "repair_count": 1},
    )


def test_another_kind_of_job_on_the_same_day_is_not_taken_for_it(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "door_damage force")],
        lock_changes=[lock_change("L1", days_ago(10))],
    )

    assert home.counts("T1") == {
        "lock_change": 1,
        "door_damage": 1,
        "tell:door_damage": 1,
        "repair_count": 1,
    }


@pytest.mark.parametrize("named", ["W1", None])
def test_the_tell_of_the_order_travels_to_the_lock_change(
    home: Landlord, named: str | None
) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "lock_change partner")],
        lock_changes=[lock_change("L1", days_ago(10), work_order_ref=named)],
    )

    assert home.counts("T1") == {"lock_change": 1, "tell:lock_change": 1, "repair_count": 1}


@pytest.mark.parametrize("named", ["W1", None])
def test_the_innocent_reason_of_the_order_travels_to_the_lock_change(
    home: Landlord, named: str | None
) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "lock_change !lost_key")],
        lock_changes=[lock_change("L1", days_ago(10), work_order_ref=named)],
    )

    assert home.counts("T1") == {}


def test_the_words_on_the_lock_change_itself_come_first(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "lock_change force !burglary")],
        lock_changes=[lock_change("L1", days_ago(10), "fear", work_order_ref="W1")],
    )

    assert home.counts("T1") == {"lock_change": 1, "tell:lock_change": 1}


def test_an_order_without_a_signal_lends_its_tell_and_stays_a_repair(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "partner")],
        lock_changes=[lock_change("L1", days_ago(10), work_order_ref="W1")],
    )

    assert home.counts("T1") == {"lock_change": 1, "tell:lock_change": 1, "repair_count": 1}


def test_an_order_number_nobody_has_pairs_with_nothing(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "lock_change")],
        lock_changes=[lock_change("L1", days_ago(10), work_order_ref="W404")],
    )

    assert home.counts("T1") == {"lock_change": 2, "repair_count": 1}


def test_evidence_names_the_job_once(home: Landlord) -> None:
    home.has(
        repairs=[repair("W1", days_ago(10), "lock_change partner")],
        lock_changes=[lock_change("L1", days_ago(10), work_order_ref="W1")],
    )

    found = home.evidence(["T1"], days_ago(1095))

    assert [tuple(row) for row in found[["stream", "table_name", "ref", "tell"]].to_numpy()] == [
        ("lock_change", "lock_changes", "L1", "partner"),
        ("repair_count", "repairs", "W1", "partner"),
    ]


@pytest.mark.parametrize(
    ("work_type", "counted"), [("responsive", 1), (None, 1), ("planned", 0), ("void", 0)]
)
def test_only_responsive_orders_count_as_repairs(
    home: Landlord, work_type: str | None, counted: int
) -> None:
    home.has(repairs=[repair("W1", days_ago(10), work_type=work_type)])

    assert home.counts("T1").get("repair_count", 0) == counted


def test_a_repair_without_a_cost_costs_nothing(home: Landlord) -> None:
    home.has(
        tenancies=[tenancy("T2", "2010-01-01", home="P2")],
        repairs=[
            repair("W1", days_ago(10)),
            repair("W2", days_ago(10), home="P2", cost_gbp="900"),
        ],
    )

    assert (home.costs("T1"), home.costs("T2")) == (0.0, 900.0)


@pytest.mark.parametrize(("completed", "known"), [(0, True), (-1, False)])
def test_what_a_job_cost_is_known_on_the_day_it_is_completed(
    home: Landlord, completed: int, known: bool
) -> None:
    home.has(
        tenancies=[tenancy("T2", "2010-01-01", home="P2")],
        repairs=[
            repair("W1", days_ago(10), completed_at=days_ago(completed), cost_gbp="120"),
            repair("W2", days_ago(10), home="P2", cost_gbp="900"),
        ],
    )

    assert home.costs("T1") == (120.0 if known else 0.0)


def test_one_huge_job_counts_as_the_dearest_usual_one() -> None:
    shipped = small_ruleset()
    half = shipped.surprise.dear_job_quantile.model_copy(update={"value": 0.5})
    surprise = shipped.surprise.model_copy(update={"dear_job_quantile": half})
    with landlord() as home:
        home.has(
            repairs=[
                repair(f"W{c}", days_ago(1), home=f"P{c}", cost_gbp=str(c)) for c in (10, 20, 900)
            ]
        )

        cells = home.records.count(
            days_ago(0), shipped.model_copy(update={"surprise": surprise})
        ).cells

        assert sorted(cells["cost_gbp"]) == [10.0, 20.0, 20.0]
