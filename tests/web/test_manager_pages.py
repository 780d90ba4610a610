"""The team's work: who has how much, what is late, and giving alerts to somebody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from builders.alert_pages import bar, decide, raised, take
from builders.queue_load import Load, load_queue
from builders.store import an_alert
from builders.web import Browser, Page, Site, acts
from redflags.adapters.store.tables import ALERTS
from redflags.casework.accounts import set_away
from redflags.domain.alert import Routing
from redflags.domain.people import Person, Role

LIST = "/manage/alerts"


@pytest.fixture
def mona(site: Site) -> Browser:
    return site.browser(Role.MANAGER, name="Mona")


@pytest.fixture
def ada(site: Site) -> Browser:
    return site.browser(Role.REVIEWER, patches=("north",), name="Ada")


@pytest.fixture
def ben(site: Site) -> Person:
    return site.person(Role.REVIEWER, patches=("north",), name="Ben")


def a_check_of(site: Site, browser: Browser) -> None:
    """Alert a1 as a welfare check that `browser` makes, decided at 9 on Wednesday."""
    assert browser.person is not None
    raised(site, replace(an_alert(tenancy_ref="TEN-1"), property_ref="PROP-1"))
    take(browser)
    assert decide(browser, assign_to=browser.person.person_id).status == 302


def due(site: Site, left: timedelta) -> None:
    with site.store.writing() as connection:
        this = update(ALERTS).where(ALERTS.c.alert_id == "a1")
        connection.execute(this.values(due_at_utc=site.now + left))


def part(page: Page, heading: str) -> str:
    """What is under one heading."""
    return page.html.split(f'id="{heading}"')[1].split("</section>")[0]


# the load


def test_a_check_is_overdue_from_the_moment_it_was_due(
    site: Site, mona: Browser, ada: Browser
) -> None:
    a_check_of(site, ada)
    due(site, timedelta(seconds=-1))
    page = mona.get("/manage")
    assert "1 welfare check has had no contact in time" in part(page, "overdue")
    for shown in ("a1", "north", "Ada", "Overdue"):
        assert shown in part(page, "overdue")
    assert "Nothing else is due" in part(page, "soon")


@pytest.mark.parametrize(
    ("left", "is_soon"), [(timedelta(hours=24), False), (timedelta(hours=23, minutes=59), True)]
)
def test_what_is_due_within_a_day_is_shown_next(
    site: Site, mona: Browser, ada: Browser, left: timedelta, is_soon: bool
) -> None:
    a_check_of(site, ada)
    due(site, left)
    page = mona.get("/manage")
    assert ("a1" in part(page, "soon")) is is_soon
    assert "No welfare check is overdue" in part(page, "overdue")


def test_everybody_is_shown_with_what_they_have_and_who_is_away(
    site: Site, mona: Browser, ada: Browser, ben: Person
) -> None:
    a_check_of(site, ada)
    with site.store.writing() as connection:
        set_away(connection, ben, True, site.now)
    text = part(mona.get("/manage"), "people")
    assert "Ben</a> (away)" in text
    assert "Ada</a> (away)" not in text
    assert "Ada" in text and "Mona" in text


def test_what_waits_is_counted_by_area(site: Site, mona: Browser) -> None:
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"), an_alert("a3", "3", patch="south"))
    text = part(mona.get("/manage"), "areas")
    north, south = text.split(">north</a>")[1].split(">south</a>")
    assert "<span>2</span>" in north
    assert "<span>1</span>" in south


def test_an_empty_queue_says_so(mona: Browser) -> None:
    text = mona.get("/manage").text
    assert "No welfare check is overdue" in text
    assert "Nothing is waiting to be taken" in text


def test_no_list_shows_a_household_a_reason_or_evidence(
    site: Site, mona: Browser, ada: Browser
) -> None:
    a_check_of(site, ada)
    due(site, timedelta(seconds=-1))
    before = len(acts(site.store))
    for url in ("/manage", LIST):
        page = mona.get(url)
        assert "a1" in page.html
        for hidden in ("TEN-1", "PROP-1", "lock change"):
            assert hidden not in page.html
    assert len(acts(site.store)) == before


def test_alerts_for_specialists_and_of_a_barred_household_are_nowhere(
    site: Site, mona: Browser
) -> None:
    hidden = an_alert("hidden", "1", routing=Routing.SPECIALIST, patch="secret area")
    raised(site, hidden, an_alert("barred", "2"), an_alert("seen", "3"))
    assert mona.person is not None
    bar(site, mona.person, "2")
    for url in ("/manage", LIST, f"{LIST}?area=north"):
        page = mona.get(url)
        assert "hidden" not in page.text.replace("visually-hidden", "")
        assert "barred" not in page.text
        assert "secret area" not in page.html
    assert "1 open alert, oldest first" in mona.get(LIST).text


# the list


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("", {"a1", "a2", "a3"}),
        ("?state=claimed", {"a1"}),
        ("?state=raised", {"a2", "a3"}),
        ("?area=south", {"a3"}),
        ("?area=north&state=raised", {"a2"}),
    ],
)
def test_the_list_is_what_it_was_filtered_for(
    site: Site, mona: Browser, ada: Browser, query: str, listed: set[str]
) -> None:
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"), an_alert("a3", "3", patch="south"))
    take(ada)
    text = mona.get(f"{LIST}{query}").html
    assert {a for a in ("a1", "a2", "a3") if f'href="/alerts/{a}"' in text} == listed


def test_the_list_of_one_person_is_reached_from_the_load(
    site: Site, mona: Browser, ada: Browser
) -> None:
    raised(site, an_alert("a1", "1"), an_alert("a2", "2"))
    take(ada)
    assert ada.person is not None
    link = f"{LIST}?person={ada.person.person_id}"
    assert f'href="{link}"' in mona.get("/manage").html
    page = mona.get(link)
    assert "/alerts/a1" in page.html
    assert "/alerts/a2" not in page.html


def test_an_area_without_a_name_can_be_filtered_for(site: Site, mona: Browser) -> None:
    raised(site, an_alert("a1", "1", patch=""), an_alert("a2", "2"))
    assert "/manage/alerts?area=(none)" in mona.get("/manage").html
    page = mona.get(f"{LIST}?area=(none)")
    assert "/alerts/a1" in page.html
    assert "/alerts/a2" not in page.html


@pytest.mark.parametrize(
    "query", ["state=closed", "state=x", "area=nowhere", "person=nobody", "person=%27--"]
)
def test_a_filter_that_was_made_up_is_told_and_lists_nothing(
    site: Site, mona: Browser, query: str
) -> None:
    raised(site)
    page = mona.get(f"{LIST}?{query}")
    assert page.title.startswith("Error: ")
    assert "/alerts/a1" not in page.html


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "٣"])
def test_a_page_that_is_no_number_is_not_there(mona: Browser, number: str) -> None:
    assert mona.get(f"{LIST}?page={number}").status == 404


def test_a_long_list_has_pages_that_keep_the_filter(site: Site, mona: Browser) -> None:
    raised(site, *(an_alert(f"a{n:02}", f"{n}") for n in range(26)))
    page = mona.get(f"{LIST}?state=raised")
    assert "26 open alerts" in page.text
    assert "/manage/alerts?page=2&amp;state=raised" in page.html
    assert mona.get(f"{LIST}?state=raised&page=2").html.count('href="/alerts/') == 1


def test_pages_of_managers_cost_few_queries_however_much_there_is(
    site: Site, mona: Browser
) -> None:
    load_queue(site.store, Load(alerts=400))
    for url in ("/manage", LIST, f"{LIST}?state=raised&page=2"):
        with site.counting() as cost:
            assert mona.get(url).status == 200
        assert cost.queries < 10, url
