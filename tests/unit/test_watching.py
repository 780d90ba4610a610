"""What is said of a night that is unlike others, and what is not: one line a kind at most."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from builders.cases import REVIEW
from redflags.domain.night_figures import MonitoringRecord, NightFigures
from redflags.services.monitoring.unusual_nights import JudgedNights, judge_nights, notes_of

FIRST = date(2026, 10, 5)
SETTINGS = REVIEW.watching
SMALL = 5
BELL = (400, 300, 200, 60, 30, 10)


def a_night(number: int, draw: Random, **changes: Any) -> NightFigures:
    usual: dict[str, Any] = {
        "rows": {"repairs": (round(draw.gauss(300, 17)), 0), "asb": (round(draw.gauss(30, 5)), 0)},
        "codes": {"unmapped": (round(draw.gauss(20, 4)), 2_000)},
        "texts": {"with_tell": (round(draw.gauss(40, 6)), 2_000)},
        "alerts": {"raised": (round(draw.gauss(8, 2)), 0), "flagged": (200, 10_000)},
        "rules": {"locks": (50, 10_000)},
        "area": {"north": (round(draw.gauss(100, 8)), 5_000), "south": (100, 5_000)},
    }
    scores = changes.pop("scores", BELL)
    counts = {name: {**parts, **changes.get(name, {})} for name, parts in usual.items()}
    return NightFigures(FIRST + timedelta(days=number), counts, scores)


def after(nights: int = 28, seed: int = 1, **last: Any) -> JudgedNights:
    """The night after so many usual ones."""
    draw = Random(seed)
    usual = [a_night(number, draw) for number in range(nights)]
    return judged([*usual, a_night(nights, draw, **last)])


def judged(nights: Sequence[NightFigures]) -> JudgedNights:
    record = MonitoringRecord(tuple(nights[: SETTINGS.baseline_nights.value]), tuple(nights[-90:]))
    return judge_nights(record, SETTINGS, SMALL)


def test_until_there_are_enough_nights_it_says_that_it_learns() -> None:
    assert notes_of(after(nights=11)) == [
        "monitoring: still learning what is usual: 12 of 28 nights"
    ]


def test_the_last_night_that_is_learned_from_ends_the_learning() -> None:
    assert after(nights=26).learning == "still learning what is usual: 27 of 28 nights"
    assert after(nights=27).learning == ""


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_usual_night_is_not_spoken_of(seed: int) -> None:
    assert notes_of(after(seed=seed)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": {"repairs": (120, 0)}}, "more or fewer new rows than usual: repairs 120"),
        ({"rows": {"repairs": (900, 0)}}, "more or fewer new rows than usual: repairs 900"),
        ({"codes": {"unmapped": (200, 2_000)}}, "are in no entry of signals.toml: 10.0%"),
        ({"texts": {"with_tell": (120, 2_000)}}, "words of force, fear or a partner moved: 6.0%"),
        ({"texts": {"with_tell": (1, 2_000)}}, "words of force, fear or a partner moved: 0.1%"),
        ({"scores": (10, 30, 60, 200, 300, 400)}, "the scores of homes have moved"),
        ({"alerts": {"raised": (0, 0)}}, "no alerts were raised last night (usually 8 a night)"),
        ({"alerts": {"raised": (17, 0)}}, "17 alerts were raised (usually 8): twice the usual"),
        ({"alerts": {"flagged": (0, 10_000)}}, "no homes were flagged by a rule last night"),
        ({"alerts": {"flagged": (400, 10_000)}}, "400 homes were flagged by a rule"),
        ({"area": {"north": (300, 5_000)}}, "more or fewer homes than usual in north (60 in 1,000"),
    ],
)
def test_each_kind_of_trouble_is_one_line(change: dict[str, Any], words: str) -> None:
    (note,) = notes_of(after(**change))
    assert words in note
    assert note.startswith("monitoring: ")


def test_many_tables_in_trouble_are_one_line_too() -> None:
    (note,) = notes_of(after(rows={"repairs": (0, 0), "asb": (0, 0)}))
    assert "asb 0 (usually" in note
    assert "repairs 0 (usually" in note


def test_many_areas_in_trouble_are_one_line_that_names_a_few() -> None:
    areas = {f"area-{n}": (20, 1_000) for n in range(9)}
    draw = Random(1)
    usual = [a_night(number, draw, area=areas) for number in range(28)]
    odd = a_night(28, draw, area=dict.fromkeys(areas, (200, 1000)))
    (note,) = notes_of(judged([*usual, odd]))
    assert note.count("in 1,000 homes") == 5
    assert note.endswith("and 4 more")


def test_fewer_unmapped_codes_are_no_trouble() -> None:
    assert notes_of(after(codes={"unmapped": (0, 2_000)})) == []


def test_a_table_that_no_longer_comes_is_missed() -> None:
    draw = Random(1)
    usual = [a_night(number, draw) for number in range(28)]
    last = a_night(28, draw)
    rows = {"asb": last.counts["rows"]["asb"]}
    (note,) = notes_of(
        judged([*usual, NightFigures(last.as_of, {**last.counts, "rows": rows}, BELL)])
    )
    assert "repairs 0 (usually" in note


def test_a_small_landlords_quiet_night_is_no_trouble_but_many_in_a_row_are() -> None:
    draw = Random(1)
    usual = [a_night(n, draw, alerts={"raised": (n % 2, 0)}) for n in range(28)]
    quiet = [a_night(28 + n, draw, alerts={"raised": (0, 0)}) for n in range(6)]
    assert notes_of(judged([*usual, *quiet[:5]])) == []
    assert notes_of(judged([*usual, *quiet])) == [
        "monitoring: no alerts were raised for 6 nights (usually 0.5 a night)"
    ]


def test_no_alert_is_said_while_the_baseline_is_learned_too() -> None:
    assert "monitoring: no alerts were raised last night (usually 8 a night)" in notes_of(
        after(nights=12, seed=3, alerts={"raised": (0, 0)})
    )


def test_how_few_homes_of_an_area_are_meant_is_not_said() -> None:
    (note,) = notes_of(after(area={"north": (3, 5_000)}))
    assert "north (1 or fewer in 1,000 homes" in note


def test_every_chart_tells_each_night_and_which_of_them_are_outside() -> None:
    charts = {chart.code: chart for chart in after(rows={"repairs": (900, 0)}).charts}
    assert {"rows.repairs", "codes.unmapped", "scores", "alerts.raised", "rules.locks"} <= set(
        charts
    )
    repairs = charts["rows.repairs"]
    assert len(repairs.points) == 29
    assert [point.is_outside for point in repairs.points[-2:]] == [False, True]
