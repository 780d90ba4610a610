"""Looking at our own work: closed alerts drawn by chance, homes below the line, yields (P16)."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from builders.alert_pages import bar, raised
from builders.cases import close
from builders.queue_load import Load, load_queue
from builders.store import AS_OF, an_alert
from builders.web import Browser, Page, Site, acts
from redflags.adapters.store.case_tables import BELOW_LINE_CHECKS, HOMES, QUALITY_CHECKS
from redflags.adapters.store.tables import ALERTS, BELOW_LINE_SAMPLES
from redflags.domain.alert import Origin, Routing
from redflags.domain.outcome import Outcome
from redflags.domain.people import Role

CLOSED = "/quality/closed/Q-1"
HOME = f"/quality/homes/{AS_OF}/1"


@pytest.fixture
def mona(site: Site) -> Browser:
    return site.browser(Role.MANAGER, name="Mona")


def drawn(site: Site, routing: Routing = Routing.GENERAL) -> None:
    """Alert a1, closed after a welfare check and drawn for a second look."""
    raised(site, replace(an_alert(tenancy_ref="TEN-1", routing=routing), property_ref="PROP-1"))
    close(site.store, "a1")
    with site.store.writing() as connection:
        values = {"check_id": "Q-1", "alert_id": "a1", "drawn_on": AS_OF}
        connection.execute(insert(QUALITY_CHECKS).values(**values))


def below_line(
    site: Site, rank: int = 1, routing: Routing = Routing.GENERAL, as_of: date = AS_OF
) -> None:
    """A home that the night drew from below the line: tenancy TEN-1, property PROP-1, and so on."""
    sample = {
        "as_of": as_of,
        "tenancy_ref": f"TEN-{rank}",
        "property_ref": f"PROP-{rank}",
        "patch": "north",
        "score": 1.0,
        "rank": rank,
    }
    home = {
        "household_ref": f"TEN-{rank}",
        "property_ref": f"PROP-{rank}",
        "patch": "north",
        "routing": routing,
    }
    with site.store.writing() as connection:
        connection.execute(insert(BELOW_LINE_SAMPLES).values(**sample))
        connection.execute(insert(HOMES).values(**home))


def checks(site: Site, table: Any) -> list[Any]:
    with site.store.reading() as connection:
        return list(connection.execute(select(table)))


def told(site: Site, action: str) -> list[dict[str, Any]]:
    return [json.loads(entry["details"]) for entry in acts(site.store, action)]


def shows(browser: Browser, url: str = HOME) -> Page:
    return browser.post_form(url, on="/quality")


# closed alerts


def test_a_closed_alert_is_listed_by_reference_and_read_only_after_saying_why(
    site: Site, mona: Browser
) -> None:
    drawn(site)
    assert f'href="{CLOSED}"' in mona.get("/quality").html
    page = mona.get(CLOSED)
    assert 'href="/alerts/a1/look"' in page.html
    for hidden in ("TEN-1", "PROP-1", "lock change", "Support is in place"):
        assert hidden not in page.html


def test_a_manager_who_agrees_need_not_say_why(site: Site, mona: Browser) -> None:
    drawn(site)
    page = mona.post_form(CLOSED, {"verdict": "agree", "note": ""})
    assert page.leads_to == "/quality"
    after = mona.follow(page)
    assert "Answer recorded." in after.text
    assert CLOSED not in after.html
    assert told(site, "closing_checked") == [{"verdict": "agree"}]


@pytest.mark.parametrize("verdict", ["decide_otherwise", "cannot_tell"])
def test_who_does_not_agree_says_why(site: Site, mona: Browser, verdict: str) -> None:
    drawn(site)
    page = mona.post_form(CLOSED, {"verdict": verdict, "note": "  "})
    assert page.title.startswith("Error: ")
    assert checks(site, QUALITY_CHECKS)[0].checked_at_utc is None
    kept = mona.post_form(CLOSED, {"verdict": verdict, "note": "Nobody asked the neighbours"})
    assert kept.status == 302
    assert "neighbours" not in str(acts(site.store))


@pytest.mark.parametrize("verdict", ["", "perfect"])
def test_nothing_is_preset_and_no_other_answer_taken(
    site: Site, mona: Browser, verdict: str
) -> None:
    drawn(site)
    page = mona.post_form(CLOSED, {"verdict": verdict, "note": "Well"})
    assert "Choose an answer" in page.text
    assert checks(site, QUALITY_CHECKS)[0].verdict is None


def test_a_second_answer_is_refused(site: Site, mona: Browser) -> None:
    drawn(site)
    assert mona.post_form(CLOSED, {"verdict": "agree"}).status == 302
    other = site.browser(Role.MANAGER)
    assert other.get(CLOSED).status == 404
    assert other.forge(CLOSED, {"verdict": "cannot_tell", "note": "Late"}).status == 409
    assert checks(site, QUALITY_CHECKS)[0].verdict == "agree"


def test_a_closing_is_not_there_for_who_must_not_see_the_home(site: Site, mona: Browser) -> None:
    drawn(site)
    assert mona.person is not None
    bar(site, mona.person, "TEN-1")
    assert "a1" not in mona.get("/quality").text
    missing = mona.get("/quality/closed/Q-none")
    barred = mona.get(CLOSED)
    assert (barred.status, barred.text) == (404, missing.text)
    assert mona.forge(CLOSED, {"verdict": "agree"}).status == 404


def test_closings_for_specialists_are_checked_by_specialists(site: Site, mona: Browser) -> None:
    drawn(site, Routing.SPECIALIST)
    sue = site.browser(Role.SPECIALIST)
    assert CLOSED not in mona.get("/quality").html
    assert mona.forge(CLOSED, {"verdict": "agree"}).status == 404
    assert CLOSED in sue.get("/quality").html
    assert sue.post_form(CLOSED, {"verdict": "agree"}).status == 302


# homes below the line


def test_references_are_shown_after_a_click_that_is_written_down(site: Site, mona: Browser) -> None:
    below_line(site)
    page = mona.get("/quality")
    assert "TEN-1" not in page.html
    assert "PROP-1" not in page.html
    assert told(site, "sample_read") == []
    shown = shows(mona)
    assert shown.status == 200
    assert "TEN-1" in shown.text
    assert "PROP-1" in shown.text
    assert told(site, "sample_read") == [{"as_of": str(AS_OF), "rank": 1}]
    assert shown.headers["Cache-Control"] == "no-store"


def test_no_address_leads_to_a_reference(site: Site, mona: Browser) -> None:
    below_line(site)
    assert mona.get(HOME).status == 405
    assert mona.get(f"{HOME}/verdict").status == 405
    assert told(site, "sample_read") == []


@pytest.mark.parametrize("verdict", ["leave", "raise"])
def test_a_home_is_left_or_put_in_the_queue(site: Site, mona: Browser, verdict: str) -> None:
    below_line(site)
    action = f"{HOME}/verdict"
    form = next(f for f in shows(mona).forms() if f.action == action)
    page = mona.send(action, {**form.fields, "verdict": verdict})
    assert page.leads_to == "/quality"
    assert HOME not in mona.follow(page).html
    assert [row.verdict for row in checks(site, BELOW_LINE_CHECKS)] == [verdict]
    origins = [row.origin for row in checks(site, ALERTS)]
    assert origins == ([Origin.BELOW_LINE_SAMPLE] if verdict == "raise" else [])


def test_no_answer_is_told_and_that_it_was_seen_again_is_written_down(
    site: Site, mona: Browser
) -> None:
    below_line(site)
    page = mona.forge(f"{HOME}/verdict", {})
    assert "Choose what should happen" in page.text
    assert len(told(site, "sample_read")) == 1
    assert checks(site, BELOW_LINE_CHECKS) == []


def test_a_home_is_answered_for_once(site: Site, mona: Browser) -> None:
    below_line(site)
    assert mona.forge(f"{HOME}/verdict", {"verdict": "leave"}).status == 302
    assert mona.forge(f"{HOME}/verdict", {"verdict": "raise"}).status == 409
    assert mona.forge(HOME).status == 409
    assert checks(site, ALERTS) == []
    assert told(site, "sample_read") == []


@pytest.mark.parametrize(
    "place", [f"{AS_OF}/2", "2026-11-02/1", "x/1", f"{AS_OF}/99999999999", "0000-00-00/1"]
)
def test_a_made_up_place_is_not_there(site: Site, mona: Browser, place: str) -> None:
    below_line(site)
    for url in (f"/quality/homes/{place}", f"/quality/homes/{place}/verdict"):
        assert mona.forge(url, {"verdict": "raise"}).status == 404
    assert told(site, "sample_read") == []


def test_a_home_of_a_barrier_or_for_specialists_is_not_there(site: Site, mona: Browser) -> None:
    below_line(site, 1)
    below_line(site, 2, Routing.SPECIALIST)
    assert mona.person is not None
    bar(site, mona.person, "PROP-1")
    assert "You have no homes to look at" in mona.get("/quality").text
    for rank in (1, 2):
        url = f"/quality/homes/{AS_OF}/{rank}"
        assert mona.forge(url).status == 404
        assert mona.forge(f"{url}/verdict", {"verdict": "raise"}).status == 404
    assert told(site, "sample_read") == []


# yields


def ended(site: Site, number: int, outcome: Outcome) -> None:
    """As many welfare checks with this outcome."""
    start = len(checks(site, ALERTS))
    for place in range(start, start + number):
        raised(site, an_alert(f"y{place}", f"{place}"))
        close(site.store, f"y{place}", outcome)


@pytest.mark.slow
def test_a_share_is_told_with_its_range_from_ten_checks_on(site: Site, mona: Browser) -> None:
    ended(site, 4, Outcome.WELFARE_NEED_MET)
    ended(site, 5, Outcome.NO_CONCERN_FOUND)
    ended(site, 1, Outcome.COULD_NOT_REACH)
    assert "Many lock changes 4 of 9: not enough yet" in _yields(mona)
    ended(site, 1, Outcome.NO_CONCERN_FOUND)
    assert "Many lock changes 4 of 10 = 40% (17% to 69%)" in _yields(mona)


def _yields(browser: Browser) -> str:
    text = browser.get("/quality").text
    return (
        text.split("Welfare checks that found a need")[1]
        .replace("Found a need ", "")
        .replace("Reason ", "")
    )


def test_the_page_costs_few_queries_however_much_there_is(site: Site, mona: Browser) -> None:
    load_queue(site.store, Load(alerts=400))
    with site.counting() as cost:
        assert mona.get("/quality").status == 200
    assert cost.queries < 10
