"""Deciding on an alert: nothing is preset, nothing is overwritten, and who may not cannot."""

import pytest

from builders.alert_pages import DECISION, bar, decide, raised, row_of, take
from builders.store import an_alert
from builders.web import Browser, Page, Site, acts
from redflags.domain.alert import AlertState
from redflags.domain.outcome import Outcome
from redflags.domain.people import Person, Role

ACTS = ("decide", "release", "note", "answer", "take-over", "claim", "texts")


@pytest.fixture
def ada(site: Site) -> Browser:
    """A reviewer who has taken the alert."""
    raised(site)
    browser = site.browser(Role.REVIEWER, patches=("north",), name="Ada")
    take(browser)
    return browser


@pytest.fixture
def carl(site: Site) -> Person:
    """A colleague of the same area."""
    return site.person(Role.REVIEWER, patches=("north",), name="Carl")


def state(site: Site) -> AlertState:
    return AlertState(row_of(site).state)


def errors(page: Page) -> str:
    assert page.status == 200
    assert page.title.startswith("Error: ")
    return page.html.split("There is a problem")[1].split("<h1")[0]


def test_nothing_is_preset(ada: Browser) -> None:
    page = ada.get("/alerts/a1")
    form = next(form for form in page.forms() if form.action.endswith("/decide"))
    assert "decision" not in form.fields
    assert form.fields["reason"] == [""]
    assert form.fields["watched_until"] == ["", "", ""]
    assert " checked" not in page.html
    assert "selected" not in page.html


def test_an_empty_decision_is_not_taken(site: Site, ada: Browser) -> None:
    page = decide(ada, decision="", reason="")
    assert "Choose a decision" in errors(page)
    assert "Write why, in your own words" in errors(page)
    assert state(site) is AlertState.CLAIMED


def test_a_decision_without_why_is_not_taken_and_keeps_what_was_chosen(
    site: Site, ada: Browser
) -> None:
    page = decide(ada, reason="  ")
    assert "Write why, in your own words" in errors(page)
    assert 'value="welfare_check" checked' in page.html
    assert state(site) is AlertState.CLAIMED


def test_a_welfare_check_may_be_left_to_a_manager(site: Site, ada: Browser) -> None:
    page = ada.follow(decide(ada))
    assert "Welfare check decided" in page.text
    assert "Contact is due by Friday 6 November 2026, 9:00am. 2 days left." in page.text
    assert "Nobody is assigned yet" in page.text
    assert state(site) is AlertState.WELFARE_CHECK


def test_a_check_that_is_late_says_so_once_the_minute_it_was_due_has_passed(
    site: Site, ada: Browser
) -> None:
    decide(ada)
    assert ada.person is not None
    site.later(hours=47, minutes=59)
    assert "1 minute left" in site.client(ada.person).get("/alerts/a1").text
    site.later(minutes=1)
    assert "less than a minute left" in site.client(ada.person).get("/alerts/a1").text
    site.later(seconds=1)
    page = site.client(ada.person).get("/alerts/a1")
    assert "Overdue The 48 hours have passed: less than a minute late." in page.text


@pytest.mark.both_engines
def test_a_welfare_check_may_be_given_to_oneself(site: Site, ada: Browser) -> None:
    assert ada.person is not None
    assert "Me (Ada)" in ada.get("/alerts/a1").text
    page = ada.follow(decide(ada, assign_to=ada.person.person_id))
    assert "You are making it" in page.text
    assert "/alerts/a1/check" in page.html
    assert row_of(site).assigned_to == ada.person.person_id


def test_a_welfare_check_given_to_a_colleague_is_theirs_alone(
    site: Site, ada: Browser, carl: Person
) -> None:
    page = ada.follow(decide(ada, assign_to=carl.person_id))
    assert "Carl is making it" in page.text
    assert "2 lock changes since March" not in page.text
    assert "2 lock changes since March" in site.client(carl).get("/alerts/a1").text


@pytest.mark.parametrize(
    "outcome", [Outcome.NO_CHECK_NEEDED, Outcome.ALREADY_SUPPORTED, Outcome.WRONG_DATA]
)
def test_an_alert_may_be_closed_at_once(site: Site, ada: Browser, outcome: Outcome) -> None:
    page = ada.follow(decide(ada, decision=outcome.value, reason="A burglary in the street"))
    assert "Alert closed." in page.text
    assert "It was closed on Wednesday 4 November 2026 by you" in page.text
    assert "Reopen it" in page.text
    assert row_of(site).outcome == outcome


def test_only_who_closed_it_or_oversees_is_offered_to_open_it_again(
    site: Site, ada: Browser, carl: Person
) -> None:
    decide(ada, decision="no_check_needed", reason="A burglary in the street")
    assert "Reopen it" not in site.client(carl).get("/alerts/a1").text
    assert "Reopen it" in site.browser(Role.MANAGER).get("/alerts/a1").text


def test_no_outcome_of_a_check_can_be_forged_into_a_decision(site: Site, ada: Browser) -> None:
    for forged in ("welfare_need_met", "closed", "could_not_reach", "<b>"):
        assert "Choose a decision" in errors(decide(ada, decision=forged))
    assert state(site) is AlertState.CLAIMED


def test_a_watch_is_kept_and_one_in_the_past_is_not(site: Site, ada: Browser) -> None:
    closing = {"decision": "no_check_needed", "reason": "A burglary"}
    past = decide(ada, **closing, watched_until=["4", "11", "2026"])
    assert "Choose a day after today" in errors(past)
    assert "real date" in errors(decide(ada, **closing, watched_until=["31", "2", "2027"]))
    assert decide(ada, **closing, watched_until=["5", "11", "2026"]).status == 302
    assert str(row_of(site).watched_until) == "2026-11-05"


def test_a_watch_goes_with_closing_only(site: Site, ada: Browser) -> None:
    page = decide(ada, watched_until=["5", "11", "2027"])
    assert "Leave this empty" in errors(page)
    assert state(site) is AlertState.CLAIMED


def test_a_colleague_is_asked_reads_it_and_answers(site: Site, ada: Browser, carl: Person) -> None:
    asking = {"decision": "ask", "reason": "Do you know of works there?"}
    assert "Choose who to ask" in errors(decide(ada, **asking))
    page = ada.follow(decide(ada, **asking, colleague=carl.person_id))
    assert "You asked Carl" in page.text
    his = site.client(carl)
    assert "Do you know of works there?" in his.get("/alerts/a1").text
    assert "Error: " in his.post_form("/alerts/a1/answer", {"text": ""}).title
    assert his.post_form("/alerts/a1/answer", {"text": "No works there"}).leads_to == "/work"
    assert "2 lock changes since March" not in his.get("/alerts/a1").text
    page = ada.get("/alerts/a1")
    assert "No works there" in page.text
    assert "What do you decide?" in page.text


def test_who_was_asked_may_take_it_over(site: Site, ada: Browser, carl: Person) -> None:
    decide(ada, decision="ask", reason="Yours?", colleague=carl.person_id)
    his = site.client(carl)
    page = his.follow(his.post_form("/alerts/a1/take-over", on="/alerts/a1"))
    assert "What do you decide?" in page.text
    assert row_of(site).claimed_by == carl.person_id


def test_only_who_can_take_it_is_in_the_list_whatever_is_forged(site: Site, ada: Browser) -> None:
    south = site.person(Role.REVIEWER, patches=("south",), name="Sid")
    barred = site.person(Role.REVIEWER, name="Bea")
    bar(site, barred, "P-1")
    page = ada.get("/alerts/a1")
    for person in (south, barred):
        assert person.name not in page.text
        told = errors(decide(ada, assign_to=person.person_id))
        assert "Choose somebody from the list" in told
    assert state(site) is AlertState.CLAIMED


def test_put_back_with_a_reason(site: Site, ada: Browser) -> None:
    assert "Error: " in ada.post_form("/alerts/a1/release", {"reason": ""}).title
    page = ada.post_form("/alerts/a1/release", {"reason": "Called away"})
    assert page.leads_to == "/work"
    assert state(site) is AlertState.RAISED
    bob = site.browser(Role.REVIEWER, patches=("north",))
    take(bob)
    assert "Called away" in bob.get("/alerts/a1").text


def test_a_note_is_kept_with_who_wrote_it(ada: Browser) -> None:
    assert "Error: " in ada.post_form("/alerts/a1/note", {"text": " "}).title
    page = ada.follow(ada.post_form("/alerts/a1/note", {"text": "Rang the trade.\nNo answer."}))
    assert "Rang the trade. No answer." in page.text
    assert "Ada, Wednesday 4 November 2026, 9:00am" in page.text


def test_a_note_that_is_too_long_is_not_kept(site: Site, ada: Browser) -> None:
    assert "Error: " in ada.post_form("/alerts/a1/note", {"text": "x" * 4_001}).title
    assert acts(site.store, "note_added") == []
    assert ada.post_form("/alerts/a1/note", {"text": "x" * 4_000}).status == 302


def test_the_second_of_two_windows_is_told_and_overwrites_nothing(site: Site, ada: Browser) -> None:
    before = ada.get("/alerts/a1")
    form = next(form for form in before.forms() if form.action.endswith("/decide"))
    ada.post_form("/alerts/a1/note", {"text": "From the other window"})
    page = ada.send("/alerts/a1/decide", {**form.fields, **DECISION})
    assert page.status == 409
    assert "/alerts/a1" in page.html
    assert state(site) is AlertState.CLAIMED
    assert [entry["alert_id"] for entry in acts(site.store, "refused")] == ["a1"]


def test_a_decision_after_the_claim_lapsed_is_told_and_not_taken(site: Site, ada: Browser) -> None:
    before = ada.get("/alerts/a1")
    form = next(form for form in before.forms() if form.action.endswith("/decide"))
    site.later(hours=2)
    assert ada.person is not None
    again = site.client(ada.person)
    sent = {**form.fields, **DECISION, "csrf_token": again.token()}
    assert again.send("/alerts/a1/decide", sent).status == 409
    empty = {**form.fields, "csrf_token": again.token()}
    assert again.send("/alerts/a1/decide", empty).status == 409
    assert row_of(site).decided_at_utc is None


def test_two_who_take_one_alert_are_told_apart(site: Site, ada: Browser, carl: Person) -> None:
    page = site.client(carl).forge("/alerts/a1/claim")
    assert page.status == 409
    assert ada.person is not None
    assert row_of(site).claimed_by == ada.person.person_id


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_for_who_may_not_know_of_the_alert(site: Site, ada: Browser, act: str) -> None:
    filled = {**DECISION, "text": "x", "version": str(row_of(site).version)}
    barred = site.browser(Role.REVIEWER, patches=("north",))
    assert barred.person is not None
    bar(site, barred.person, "0001")
    before = row_of(site)
    for browser in (barred, site.browser(Role.REVIEWER, patches=("south",))):
        page = browser.forge(f"/alerts/a1/{act}", filled)
        nothing = browser.forge(f"/alerts/none/{act}", filled)
        assert (page.status, page.title) == (404, "Page not found – Housing queue")
        assert (nothing.status, nothing.title) == (page.status, page.title)
    assert row_of(site) == before


@pytest.mark.parametrize("act", [act for act in ACTS if act != "claim"])
def test_no_act_is_for_who_only_knows_of_the_alert(
    site: Site, ada: Browser, carl: Person, act: str
) -> None:
    filled = {**DECISION, "text": "x", "version": str(row_of(site).version)}
    before = row_of(site)
    page = site.client(carl).forge(f"/alerts/a1/{act}", filled)
    assert page.status in (403, 409)
    assert "lock change" not in page.text
    assert row_of(site) == before
    assert [entry["alert_id"] for entry in acts(site.store, "refused")] == ["a1"]


@pytest.mark.parametrize("act", [*ACTS, "look"])
def test_no_act_is_taken_without_the_token_of_the_session(
    site: Site, ada: Browser, act: str
) -> None:
    before = row_of(site)
    assert ada.person is not None
    browser = site.browser(Role.SPECIALIST) if act == "look" else ada
    filled = {**DECISION, "text": "x", "version": str(before.version)}
    assert browser.send(f"/alerts/a1/{act}", filled).status == 400
    assert row_of(site) == before


def test_a_manager_who_looks_can_note_and_cannot_decide(site: Site, ada: Browser) -> None:
    mona = site.browser(Role.MANAGER)
    mona.post_form("/alerts/a1/look", {"reason": "A complaint came in"})
    assert mona.post_form("/alerts/a1/note", {"text": "Seen"}).status == 302
    filled = {**DECISION, "version": str(row_of(site).version)}
    assert mona.forge("/alerts/a1/decide", filled).status == 403
    assert state(site) is AlertState.CLAIMED


def test_a_reason_in_the_address_is_never_made(site: Site, ada: Browser) -> None:
    raised(site, an_alert("a2", "0002"))
    for page in (decide(ada), ada.post_form("/take-next", on="/work")):
        assert page.status == 302
        assert "?" not in page.leads_to
