"""The nights on control charts: sums of whole nights, and what is unusual about the last."""

from datetime import date, timedelta
from random import Random

import pytest

from builders.web import Browser, Site, acts
from redflags.adapters.store.monitoring_store import MonitoringStore
from redflags.domain.night_figures import NightFigures
from redflags.domain.people import Role

LAST = date(2026, 11, 4)


def nights(site: Site, number: int, last_rows: int = 300, few: int = 100) -> None:
    draw = Random(1)
    for ago in reversed(range(number)):
        rows = last_rows if ago == 0 else round(draw.gauss(300, 17))
        counts = {
            "rows": {"repairs": (rows, 0)},
            "alerts": {"raised": (8, 0), "flagged": (200, 10_000)},
            "rules": {"frequent_lock_changes": (50, 10_000)},
            "area": {"north": (few if ago == 0 else 100, 5_000), "": (100, 5_000)},
        }
        figures = NightFigures(LAST - timedelta(days=ago), counts, (40, 30, 20, 10))
        MonitoringStore(site.store).keep(figures, (), site.now)


@pytest.fixture
def ann(site: Site) -> Browser:
    return site.browser(Role.ANALYST, name="Ann")


def test_before_the_first_night_there_is_nothing_to_see(ann: Browser) -> None:
    page = ann.get("/watching")
    assert page.status == 200
    assert "No night has run yet." in page.text


def test_while_it_learns_it_says_how_far_it_is(site: Site, ann: Browser) -> None:
    nights(site, 12)
    page = ann.get("/watching")
    assert "We are still learning what is usual: 12 of 28 nights." in page.text
    assert "still learning" in page.text


def test_a_usual_night_is_said_to_be_one(site: Site, ann: Browser) -> None:
    nights(site, 29)
    page = ann.get("/watching")
    assert "Nothing was unusual last night." in page.text
    assert "for Wednesday 4 November 2026" in page.text


def test_an_unusual_night_is_told_drawn_and_in_the_table(site: Site, ann: Browser) -> None:
    nights(site, 29, last_rows=900)
    page = ann.get("/watching")
    assert "More or fewer new rows than usual: repairs 900" in page.text
    assert page.html.count('class="rf-chart__odd"') == 1
    assert "900 (outside)" in page.text


def test_every_picture_has_its_table_and_words(site: Site, ann: Browser) -> None:
    nights(site, 29)
    html = ann.get("/watching").html
    assert html.count("<svg class") == html.count("Picture: ") == html.count("<table") == 5
    assert html.count("<desc") == 5
    assert "Homes flagged by a rule: Many lock changes" in html


def test_how_few_homes_of_an_area_are_meant_is_not_shown(site: Site, ann: Browser) -> None:
    nights(site, 29, few=3)
    page = ann.get("/watching")
    assert "north 1 or fewer" in page.text
    assert "0.6" not in page.text


def test_looking_costs_few_queries_and_writes_nothing(site: Site, ann: Browser) -> None:
    nights(site, 100)
    before = len(acts(site.store))
    with site.counting() as cost:
        assert ann.get("/watching").status == 200
    assert cost.queries < 10
    assert len(acts(site.store)) == before
