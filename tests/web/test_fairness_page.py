"""Fairness on a page: groups of homes, small numbers held back, nobody's characteristic (P18)."""

import csv
import io
import json
from datetime import date

import pytest

from builders.alert_pages import raised
from builders.store import an_alert
from builders.web import Browser, Site, acts
from redflags.adapters.store.monitoring_store import MonitoringStore
from redflags.domain.night_figures import AlertGroup, NightFigures
from redflags.domain.people import Role


@pytest.fixture
def ann(site: Site) -> Browser:
    return site.browser(Role.ANALYST, name="Ann")


def a_year(site: Site, flats: int = 12, houses: int = 9, kind: str = "flat") -> None:
    kinds = [kind] * flats + ["house"] * houses
    alerts = (
        an_alert(f"a{n}", f"T-{n}", raised_on=date(2026, 8, 3), patch="north")
        for n in range(len(kinds))
    )
    raised(site, *alerts)
    homes = {kind: (0, 1_000), "house": (0, 1_000)}
    counts = {"area": {"north": (0, 2_000)}, "property_type": homes, "tenure": {"SEC": (0, 2_000)}}
    groups = [AlertGroup(f"a{n}", one, "SEC") for n, one in enumerate(kinds)]
    MonitoringStore(site.store).keep(
        NightFigures(date(2026, 9, 30), counts, (1,)), groups, site.now
    )


def test_groups_are_compared_for_the_year_that_is_over(site: Site, ann: Browser) -> None:
    a_year(site)
    page = ann.get("/fairness")
    assert "Fairness, the year to the end of September 2026" in page.text
    assert "flat 1,000 10 10 in 1,000 (5 to 18)" in page.text
    assert "No group was clearly more likely than another" in page.text
    assert "as far as there are enough checks to tell" in page.text


def test_few_alerts_are_not_told_nor_to_be_found_by_taking_away(site: Site, ann: Browser) -> None:
    a_year(site, flats=3)
    page = ann.get("/fairness")
    untold = " too few to say"
    assert f"flat{untold}" in page.text
    assert f"house{untold}" in page.text or f"All{untold}" in page.text.split("By kind of home")[-1]


def test_before_there_is_a_year_the_page_is_there(ann: Browser) -> None:
    assert ann.get("/fairness").status == 200


def test_the_page_names_no_home_and_no_alert(site: Site, ann: Browser) -> None:
    a_year(site)
    html = ann.get("/fairness").html
    for hidden in ("T-1", "a11", "P-1"):
        assert hidden not in html


def test_the_numbers_are_downloaded_and_that_is_written_down(site: Site, ann: Browser) -> None:
    a_year(site, kind="=1+1")
    form = next(f for f in ann.get("/fairness").forms() if f.action == "/fairness/csv")
    answer = ann.send(form.action, form.fields)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fairness-2026Q3.csv"'
    cells = {cell for row in csv.reader(io.StringIO(answer.html)) for cell in row}
    assert "'=1+1" in cells
    assert not any(cell.startswith("=") for cell in cells)
    (made,) = acts(site.store, "report_made")
    assert json.loads(made["details"]) == {"about": "fairness", "quarter": "2026Q3"}


def test_a_group_is_text_on_the_page_whatever_it_is_called(site: Site, ann: Browser) -> None:
    attack = "<script>alert(1)</script>"
    a_year(site, kind=attack)
    page = ann.get("/fairness")
    assert attack not in page.html
    assert attack in page.text


def test_looking_costs_few_queries_and_writes_nothing(site: Site, ann: Browser) -> None:
    a_year(site)
    before = len(acts(site.store))
    with site.counting() as cost:
        assert ann.get("/fairness").status == 200
    assert cost.queries < 12
    assert len(acts(site.store)) == before
