"""Charts: sound SVG that fetches nothing, runs nothing and says in words what it draws."""

from xml.etree import ElementTree

import pytest

from redflags.services.reports.svg_charts import Bar, Range, bars, ranges

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '"><script>alert(1)</script>'


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_the_longest_bar_fills_the_room_and_the_others_are_in_proportion() -> None:
    chart = drawn(bars("c", "Alerts", [Bar("North", "20", 20), Bar("South", "5", 5)]))
    widths = [float(rect.get("width", "")) for rect in chart.iter(f"{SVG}rect")]
    assert widths == pytest.approx([280, 70])


def test_a_number_that_is_held_back_has_words_and_no_bar() -> None:
    chart = drawn(bars("c", "Alerts", [Bar("North", "5 or fewer", None), Bar("South", "9", 9)]))
    assert len(list(chart.iter(f"{SVG}rect"))) == 1
    assert "5 or fewer" in [text.text for text in chart.iter(f"{SVG}text")]


def test_a_chart_of_noughts_is_drawn_too() -> None:
    chart = drawn(bars("c", "Alerts", [Bar("North", "0", 0)]))
    assert [rect.get("width") for rect in chart.iter(f"{SVG}rect")] == ["0"]


def test_an_interval_is_a_line_with_its_share_as_a_dot_on_it() -> None:
    chart = drawn(ranges("c", "Yield", [Range("Locks", "30%", 0.3, 0.2, 0.5)]))
    line = chart.find(f"{SVG}line[@class='rf-chart__range']")
    dot = chart.find(f"{SVG}circle")
    assert line is not None
    assert dot is not None
    assert [line.get("x1"), dot.get("cx"), line.get("x2")] == ["306", "334", "390"]


def test_a_share_that_says_nothing_yet_has_words_and_no_dot() -> None:
    chart = drawn(ranges("c", "Yield", [Range("Locks", "not enough yet")]))
    assert chart.find(f"{SVG}circle") is None
    assert "not enough yet" in [text.text for text in chart.iter(f"{SVG}text")]


def test_a_chart_has_a_name_and_says_all_its_numbers_to_who_cannot_see_it() -> None:
    chart = drawn(bars("c", "Alerts by area", [Bar("North", "20", 20), Bar("South", "5", 5)]))
    name, said = chart.get("aria-labelledby", "").split()
    ids = {element.get("id"): element.text for element in chart.iter() if element.get("id")}
    assert chart.get("role") == "img"
    assert (ids[name], ids[said]) == ("Alerts by area", "North: 20; South: 5")


@pytest.mark.parametrize("draw", [bars, ranges])
def test_nothing_in_a_chart_runs_or_is_fetched(draw: object) -> None:
    row = Bar(NASTY, NASTY, 1) if draw is bars else Range(NASTY, NASTY, 0.5)
    svg = draw(NASTY, NASTY, [row])  # type: ignore[operator]
    elements = {element.tag.removeprefix(SVG) for element in drawn(svg).iter()}
    assert elements <= {"svg", "title", "desc", "rect", "text", "line", "circle"}
    attributes = {name for element in drawn(svg).iter() for name in element.keys()}  # noqa: SIM118
    assert attributes.isdisjoint({"style", "href", "onload", "onclick"})


def labels(svg: str) -> list[str]:
    return [t.text or "" for t in drawn(svg).iter(f"{SVG}text") if t.get("text-anchor") == "end"]


def test_a_long_label_stands_in_two_lines_and_nothing_of_it_is_lost() -> None:
    long = "Somebody was at risk, and two of us agreed"
    first, second = labels(bars("c", "Referrals", [Bar(long, "20", 20)]))
    assert f"{first} {second}" == long
    assert max(len(first), len(second)) * 8.4 <= 238  # the room beside the bars


def test_both_lines_stay_in_the_row() -> None:
    chart = drawn(bars("c", "Referrals", [Bar("word " * 9, "20", 20)]))
    heights = [float(text.get("y", "")) for text in chart.iter(f"{SVG}text")]
    assert heights[:2] == [17.0, 33.0]  # about the middle of a row from 8 to 42


def test_a_label_that_is_too_long_is_cut_and_told_in_full_in_words() -> None:
    long = "An area with a name that goes on and on and on, and then on and on again"
    svg = bars("c", "Alerts", [Bar(long, "20", 20)])
    assert len(labels(svg)) == 2
    assert labels(svg)[1].endswith("…")
    assert long in (drawn(svg).findtext(f"{SVG}desc") or "")


def test_a_blank_label_draws_nothing() -> None:
    assert labels(bars("c", "Alerts", [Bar("", "20", 20)])) == []
