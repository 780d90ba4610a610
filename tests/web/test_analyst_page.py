"""The analyst's bench: the rules in words, other thresholds tried, and no household anywhere."""

import json

import pytest
from sqlalchemy import insert

from builders.alert_pages import raised
from builders.kept_nights import LATEST, PSEUDONYM, keep_nights
from builders.store import NOW, an_alert
from builders.web import Browser, Site
from redflags.adapters.store import rulesets
from redflags.adapters.store.ruleset_tables import SHADOW_NIGHTS
from redflags.domain.people import Role

LOCKS = "frequent_lock_changes.min_count"


@pytest.fixture
def ann(site: Site) -> Browser:
    return site.browser(Role.ANALYST, name="Ann")


def test_every_threshold_is_told_with_unit_reason_owner_and_date(ann: Browser) -> None:
    page = ann.get("/analyst")
    assert page.status == 200
    for words in (
        "3 lock changes",
        "like homes have about 0.03 a year once relets and lost keys are out",
        "365 days",
        "Analyst",
        "21 November 2026",
    ):
        assert words in page.text


def test_without_nights_it_says_so(ann: Browser) -> None:
    assert "No night is kept yet" in ann.get("/analyst").text


def test_a_threshold_is_tried_by_its_address(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8 + [2] * 7)
    assert "8 flagged on the latest night" in ann.get("/analyst").text
    tried = ann.get(f"/analyst?{LOCKS}=2")
    assert "15 flagged on the latest night" in tried.text
    assert 'value="2"' in tried.html


@pytest.mark.parametrize("wish", ["1", "-4", "0"])
def test_what_is_not_kept_cannot_be_asked(site: Site, ann: Browser, wish: str) -> None:
    """Below the floor the answer would be wrong, so the floor is asked."""
    keep_nights(site, [3] * 8 + [2] * 7 + [1] * 9)
    assert "15 flagged on the latest night" in ann.get(f"/analyst?{LOCKS}={wish}").text


@pytest.mark.parametrize("wish", ["nan", "inf", "many", "", "1e999", "<b>"])
def test_a_wish_that_is_no_number_changes_nothing(site: Site, ann: Browser, wish: str) -> None:
    keep_nights(site, [3] * 8)
    page = ann.get("/analyst", query_string={LOCKS: wish, "nobody.min_count": "2"})
    assert page.status == 200
    assert "<b>" not in page.html


def test_small_counts_are_held_back_everywhere(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 5 + [2] * 7)
    page = ann.get("/analyst")
    assert "5 or fewer flagged on the latest night" in page.text
    assert "5 flagged" not in page.text
    assert "12 flagged" in page.html  # in what the slider would say at two


def test_no_household_is_on_the_page(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8)
    raised(site, an_alert("a1", "TEN-77", raised_on=LATEST))
    page = ann.get(f"/analyst?{LOCKS}=2")
    assert PSEUDONYM not in page.html
    assert "TEN-77" not in page.html


def test_each_slider_carries_what_it_would_do_alone(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8 + [2] * 7)
    page = ann.get("/analyst")
    first = page.html.split('data-rungs="')[1].split('">')[0]
    texts = first.replace("&#34;", '"')
    rungs = dict(json.loads(texts))
    assert "15 flagged" in rungs["2"]
    assert "8 flagged" in rungs["3"]


def test_alerts_a_week_stand_against_the_capacity(site: Site, ann: Browser) -> None:
    alerts = [an_alert(f"a{n}", f"T{n}", raised_on=LATEST) for n in range(71)]
    raised(site, *alerts)
    page = ann.get("/analyst")
    assert "it can look at 70 a week" in page.text
    assert "71" in page.text
    assert "more than the capacity" in page.text


def test_the_shadow_is_told_in_numbers(site: Site, ann: Browser) -> None:
    assert ann.person is not None
    with site.store.writing() as connection:
        given = {"ruleset_hash": "e" * 16, "version": "9", "parent": None, "content": "x"}
        rulesets.propose(connection, ann.person, NOW, reason="Less noise", **given)
        numbers = {"flagged": 40, "raised": 4, "entering": 12, "leaving": 0}
        night = {"as_of": LATEST, "ruleset_hash": "e" * 16, "live_hash": "f" * 16, **numbers}
        connection.execute(insert(SHADOW_NIGHTS).values(**night))
    page = ann.get("/analyst")
    assert "Less noise" in page.text
    assert "3 November 2026" in page.text
    assert "5 or fewer" in page.text


def test_the_page_asks_the_database_little(site: Site, ann: Browser) -> None:
    keep_nights(site, [3] * 8)
    ann.get("/analyst")
    with site.counting() as cost:
        ann.get("/analyst")
    assert cost.queries < 10
