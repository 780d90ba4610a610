"""The figures of a quarter on a page: aggregates, small numbers held back, nothing else (P17)."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from builders.alert_pages import raised
from builders.queue_load import Load, load_queue
from builders.store import an_alert
from builders.web import Browser, Site, acts
from redflags.adapters.store.case_tables import HOMES
from redflags.domain.people import Role

Q4 = "/reports?quarter=2026Q4"


@pytest.fixture
def ann(site: Site) -> Browser:
    return site.browser(Role.ANALYST, name="Ann")


def october(site: Site, number: int, patch: str = "north") -> None:
    """As many alerts raised in October, in one area."""
    alerts = (
        an_alert(f"{patch}-{n}", f"{patch}-{n}", raised_on=date(2026, 10, 5), patch=patch)
        for n in range(number)
    )
    raised(site, *alerts)


def later(site: Site, browser: Browser, moment: datetime) -> Browser:
    site.now = moment
    return site.client(browser.person)


AFTER = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR])
def test_the_last_quarter_that_is_over_is_shown_first(site: Site, role: Role) -> None:
    page = site.browser(role).get("/reports")
    assert page.status == 200
    assert "Welfare checks, July to September 2026" in page.text
    assert "(so far)" not in page.text.split("How to read it")[1]
    assert 'value="2026Q3" selected' in page.html


def test_a_quarter_that_is_not_over_says_so_far(ann: Browser) -> None:
    page = ann.get(Q4)
    assert "October to December 2026 (so far)" in page.text
    assert "in steps of ten" in page.text


def test_a_quarter_is_not_over_before_its_last_48_hours_are(site: Site, ann: Browser) -> None:
    early = later(site, ann, datetime(2027, 1, 2, 23, 59, tzinfo=UTC))
    assert "July to September 2026" in early.get("/reports").text.split("Made on")[0]
    over = later(site, ann, datetime(2027, 1, 3, 0, 0, tzinfo=UTC))
    assert "Welfare checks, October to December 2026 Which" in over.get("/reports").text


def test_small_numbers_are_held_back_and_it_says_what_that_means(site: Site, ann: Browser) -> None:
    october(site, 12, "north")
    october(site, 5, "south")
    october(site, 6, "west")
    page = later(site, ann, AFTER).get(Q4)
    by_area = page.text.split("Alerts raised, by area")[-1].split("Alerts raised, by source")[0]
    assert "south 5 or fewer" in by_area
    assert "north 12" in by_area
    assert "west 6 to 11" in by_area, "as near as subtraction would come anyway"
    assert "may also mean none" in page.text


def test_every_picture_has_its_table_with_scoped_heads(site: Site, ann: Browser) -> None:
    october(site, 12)
    html = later(site, ann, AFTER).get(Q4).html
    assert html.count("<svg") == html.count("Picture: ") > 5
    assert html.count("<caption") == html.count("<table") > html.count("<svg")
    assert "<th>" not in html


def test_the_page_holds_no_alert_no_household_and_no_name(site: Site, ann: Browser) -> None:
    october(site, 12)
    bea = site.person(Role.REVIEWER, patches=("north",), name="Bea the reviewer")
    page = later(site, ann, AFTER).get(Q4)
    for hidden in ("north-1", bea.name, bea.person_id):
        assert hidden not in page.html


@pytest.mark.parametrize(
    "quarter", ["2026Q5", "2026q3", "Q3", "", "2027Q1", "2026Q3%0d%0aX-A: b", "<script>"]
)
def test_what_is_no_quarter_or_not_begun_is_not_there(ann: Browser, quarter: str) -> None:
    assert ann.get(f"/reports?quarter={quarter}").status == 404
    assert ann.forge(f"/reports/csv?quarter={quarter}").status == 404


def test_the_numbers_are_downloaded_and_that_is_written_down(site: Site, ann: Browser) -> None:
    october(site, 12)
    reader = later(site, ann, AFTER)
    form = next(f for f in reader.get(Q4).forms() if f.action.startswith("/reports/csv"))
    answer = reader.send(form.action, form.fields)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="figures-2026Q4.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.html)))
    assert {row["value"] for row in rows if row["item"] == "area.north"} == {"12"}
    made = acts(site.store, "report_made")
    assert [json.loads(entry["details"]) for entry in made] == [{"quarter": "2026Q4"}]


@pytest.mark.parametrize("area", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_area_is_a_formula_in_a_spreadsheet(site: Site, ann: Browser, area: str) -> None:
    home = {"household_ref": "T-1", "property_ref": "P-1", "patch": area, "routing": "general"}
    with site.store.writing() as connection:
        connection.execute(insert(HOMES).values(**home))
    text = ann.forge("/reports/csv?quarter=2026Q3").html
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert f"'{area}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_an_area_is_text_on_the_page_whatever_it_is_called(site: Site, ann: Browser) -> None:
    attack = "<script>alert(1)</script>"
    home = {"household_ref": "T-1", "property_ref": "P-1", "patch": attack, "routing": "general"}
    with site.store.writing() as connection:
        connection.execute(insert(HOMES).values(**home))
    page = ann.get("/reports")
    assert attack not in page.html
    assert attack in page.text


def test_looking_writes_nothing_down_and_costs_few_queries(site: Site, ann: Browser) -> None:
    load_queue(site.store, Load(alerts=400))
    before = len(acts(site.store))
    with site.counting() as cost:
        assert ann.get("/reports").status == 200
    assert cost.queries < 10
    assert len(acts(site.store)) == before
