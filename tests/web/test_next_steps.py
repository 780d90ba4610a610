"""A page says what to do next, and to whom it leads, at the moments where people got stuck."""

import pytest

from builders.alert_pages import decide, raised, take
from builders.check_pages import CHECK, Check, a_check
from builders.web import Site
from redflags.domain.people import Role

HIGH: dict[str, object] = {"done_on": ["4", "11", "2026"], "level": "high"}
GIVE = "Give it to somebody"


@pytest.fixture
def check(site: Site) -> Check:
    return a_check(site)


def test_a_manager_is_led_from_an_alert_to_the_list_to_give_it_from(site: Site) -> None:
    raised(site)
    mona = site.browser(Role.MANAGER, every_patch=True)
    assert 'href="/manage/alerts?state=raised&amp;area=north"' in mona.get("/alerts/a1").html
    assert 'value="a1"' in mona.get("/manage/alerts?state=raised&area=north").html


def test_who_may_not_give_alerts_is_not_led_there(site: Site) -> None:
    raised(site)
    for role in (Role.REVIEWER, Role.SPECIALIST):
        page = site.browser(role, every_patch=True).get("/alerts/a1")
        assert page.status == 200
        assert GIVE not in page.text


def test_an_answer_is_pointed_out_to_who_asked(site: Site) -> None:
    raised(site)
    ada = site.browser(Role.REVIEWER, patches=("north",), name="Ada")
    bea = site.browser(Role.REVIEWER, patches=("north",), name="Bea")
    take(ada)
    assert bea.person is not None
    assert "answered you" not in ada.get("/alerts/a1").text
    decide(ada, decision="ask", reason="Do you know it?", colleague=bea.person.person_id)
    bea.post_form("/alerts/a1/answer", {"text": "I do"})
    assert "Bea answered you." in ada.get("/alerts/a1").text


@pytest.mark.parametrize(("level", "is_said"), [("high", True), ("medium", False)])
def test_a_high_dash_says_whom_to_speak_to(check: Check, level: str, is_said: bool) -> None:
    check.plans()
    check.ada.post_form(f"{CHECK}/dash", {**HIGH, "level": level})
    page = check.ada.get(CHECK).text
    assert "DASH Done on" in page
    assert ("Speak to the specialist today" in page) is is_said


def test_once_contact_was_made_nobody_is_told_to_try_again(check: Check) -> None:
    check.plans()
    check.tries(result="no_answer")
    assert "Next: try again" in check.ada.get("/alerts/a1").text
    check.tries(result="spoke_alone")
    assert "Next: record the outcome" in check.ada.get("/alerts/a1").text
    assert "Welfare check, contact made" in check.ada.get(CHECK).text


def test_closing_an_alert_of_somebody_not_reached_asks_what_else_was_tried(check: Check) -> None:
    check.plans()
    check.tries(result="no_answer")
    check.records("could_not_reach")
    assert "Have you tried on another day" in check.ada.get(f"{CHECK}/close").text


def test_closing_says_beforehand_that_a_referral_still_waits(check: Check) -> None:
    check.plans()
    check.tries()
    check.records()
    assert "You cannot close it yet" not in check.ada.get(f"{CHECK}/close").text
    check.asks()
    assert "You cannot close it yet" in check.ada.get(f"{CHECK}/close").text


def test_who_takes_an_alert_that_was_opened_again_sees_what_was_done(check: Check) -> None:
    check.plans()
    check.tries()
    check.ada.post_form(f"{CHECK}/dash", HIGH)
    check.records()
    check.closes()
    check.ada.post_form("/alerts/a1/reopen", {"reason": "Something new"})
    take(check.ada)
    page = check.ada.get("/alerts/a1").text
    assert "What was done before it was closed" in page
    assert "Spoke to them alone" in page
    assert "DASH, done on Wednesday 4 November 2026: High" in page
