"""Control charts as pictures: nights in order, the odd ones in another shape, words beside."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from redflags.analysis.monitoring.control_limits import Limits
from redflags.services.monitoring.chart_series import Chart, Point
from redflags.services.monitoring.control_chart_svg import (
    HEIGHT,
    WIDTH,
    amount,
    draw,
    in_words,
    latest_points,
)

FIRST = date(2026, 10, 1)
BAND = Limits(80, 100, 120)


def a_chart(*values: float, limits: Limits | None = BAND, unit: str = "rows") -> Chart:
    points = (Point(FIRST + timedelta(days=n), value, limits) for n, value in enumerate(values))
    return Chart("rows.repairs", "New rows: <repairs>", unit, tuple(points))


def shapes(chart: Chart, kind: str) -> list[ElementTree.Element]:
    picture = ElementTree.fromstring(draw(chart))
    return [part for part in picture.iter() if part.get("class") == f"rf-chart__{kind}"]


def test_nights_outside_have_a_shape_of_their_own() -> None:
    chart = a_chart(100, 130, 90, 79, 120)
    assert len(shapes(chart, "dot")) == 3
    assert len(shapes(chart, "odd")) == 2


def test_a_picture_says_in_words_what_it_shows() -> None:
    words = "Last night 79, usually 80 to 120. 1 of 3 nights are outside."
    assert in_words(a_chart(100, 90, 79)) == words
    assert in_words(a_chart(79, limits=None)) == "Last night 79. 0 of 1 nights are outside."
    assert "&lt;repairs&gt;" in draw(a_chart(100))


def test_while_it_is_learned_there_is_no_band() -> None:
    assert shapes(a_chart(100, 90, limits=None), "band") == []
    assert len(shapes(a_chart(100, 90), "band")) == 1


@pytest.mark.parametrize("values", [(0,), (0, 0, 0), (1e9, 0), (5,)])
def test_everything_is_on_the_picture_whatever_the_numbers(values: tuple[float, ...]) -> None:
    for limits in (None, BAND):
        for dot in shapes(a_chart(*values, limits=limits), "dot"):
            assert 0 <= float(dot.attrib["cx"]) <= WIDTH
            assert 0 <= float(dot.attrib["cy"]) <= HEIGHT


def test_without_a_night_there_is_no_picture() -> None:
    assert draw(a_chart()) == ""


def test_the_table_has_the_latest_nights_and_the_odd_ones_before_newest_first() -> None:
    chart = a_chart(130, *([100] * 20))
    nights = [(point.as_of - FIRST).days for point in latest_points(chart)]
    assert nights == [*range(20, 6, -1), 0]


@pytest.mark.parametrize(
    ("unit", "shown"), [("rows", "1,235"), ("per cent", "1234.6%"), ("index", "1234.57")]
)
def test_amounts_have_their_unit(unit: str, shown: str) -> None:
    assert amount(a_chart(unit=unit), 1234.567) == shown
