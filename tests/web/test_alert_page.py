"""The page of one alert: who sees what of it, in which order, and that reading is written down."""

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from builders.alert_pages import bar, decide, keep_text, raised, row_of, take
from builders.store import a_reason, an_alert
from builders.web import Browser, Page, Site, acts
from redflags.adapters.store import home_directory
from redflags.casework.acts.log_concern import log_concern
from redflags.domain.alert import Evidence, Priority, Reason, Routing
from redflags.domain.people import Role

SCRIPT = "<script>alert('x')</script>"
SENTENCE = "2 lock changes since March"


@pytest.fixture
def ada(site: Site) -> Browser:
    """A reviewer of the north."""
    return site.browser(Role.REVIEWER, patches=("north",), name="Ada")


def headings(page: Page) -> list[tuple[int, str]]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", page.html, re.S)
    return [(int(level), " ".join(re.sub("<[^>]+>", "", text).split())) for level, text in found]


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_before_a_claim_only_the_header_is_shown(site: Site, ada: Browser) -> None:
    raised(site)
    page = ada.get("/alerts/a1")
    for shown in ("a1", "north", "Raised on Tuesday 3 November 2026", "Routine", "Take this alert"):
        assert shown in page.text
    for hidden in (SENTENCE, "R-1", "0001", "P-1", "Notes", "Decide"):
        assert hidden not in page.html
    assert acts(site.store, "evidence_read") == []


def test_danger_comes_first_always(site: Site, ada: Browser) -> None:
    raised(site)
    before = ada.get("/alerts/a1")
    take(ada)
    for page in (before, ada.get("/alerts/a1")):
        assert in_order(page.html, "<h1", "call 999", "Area")


@pytest.mark.both_engines
def test_who_takes_it_reads_all_of_it_in_order(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    page = ada.get("/alerts/a1")
    parts = [
        "Why this is here",
        "The records over time",
        "What could explain it, and how to check",
        "Look in the housing system",
        "Earlier alerts about this household",
        "Notes",
        "Decide",
    ]
    assert [text for level, text in headings(page) if level == 2][1:-1] == parts
    assert SENTENCE in page.text
    assert "2 records behind this" in page.text
    assert "Tuesday 20 October 2026: Lock change, mentions force. Repair R-1" in page.text
    assert "Lost keys" in page.text
    assert "0001" in page.text and "P-1" in page.text


def test_headings_step_down_one_at_a_time_from_one_first(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    levels = [level for level, _ in headings(ada.get("/alerts/a1"))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_each_sign_is_explained_once_though_it_is_behind_two_reasons(
    site: Site, ada: Browser
) -> None:
    reasons = (a_reason("R-1"), a_reason("R-2", rule_id="damage_with_tell"))
    raised(site, an_alert(reasons=reasons))
    take(ada)
    assert ada.get("/alerts/a1").text.count("It could be:") == 1


def test_every_reading_is_written_down_and_says_nothing_of_the_household(
    site: Site, ada: Browser
) -> None:
    raised(site)
    take(ada)
    ada.get("/alerts/a1")
    ada.get("/alerts/a1")
    entries = acts(site.store, "evidence_read")
    assert [entry["alert_id"] for entry in entries] == ["a1", "a1"]
    assert "0001" not in json.dumps(entries)


def test_the_picture_is_told_to_who_does_not_see_it(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    page = ada.get("/alerts/a1")
    assert 'role="img" aria-labelledby="timeline-title timeline-desc"' in page.html
    assert "2 × Lock change" in page.text
    assert "Records behind this alert, oldest first" in page.text


def test_job_text_takes_a_click_and_each_one_is_written_down(site: Site, ada: Browser) -> None:
    raised(site)
    keep_text(site, "Door kicked in")
    take(ada)
    assert "Door kicked in" not in ada.get("/alerts/a1").html
    for _ in range(2):
        page = ada.post_form("/alerts/a1/texts", on="/alerts/a1")
        assert "Door kicked in" in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert len(acts(site.store, "job_text_read")) == 2
    assert ada.get("/alerts/a1/texts").status == 405


def test_without_job_text_there_is_no_button_for_it(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    assert "Read the job text" not in ada.get("/alerts/a1").text


def test_job_text_is_for_who_works_on_the_alert(site: Site, ada: Browser) -> None:
    raised(site)
    keep_text(site, "Door kicked in")
    page = ada.forge("/alerts/a1/texts")
    assert page.status == 403
    assert "Door kicked in" not in page.html


def test_barred_elsewhere_and_unknown_are_one_page(site: Site) -> None:
    raised(site, an_alert(), an_alert("a2", "0002", routing=Routing.SPECIALIST))
    barred = site.browser(Role.REVIEWER, patches=("north",))
    assert barred.person is not None
    bar(site, barred.person, "0001")
    pages = [
        barred.get("/alerts/a1"),
        barred.get("/alerts/a2"),
        site.browser(Role.REVIEWER, patches=("south",)).get("/alerts/a1"),
        barred.get("/alerts/no-such-alert"),
    ]
    assert {page.status for page in pages} == {404}
    told = {re.sub(r'Person \d+|(nonce|value)="[^"]*"', "", page.html) for page in pages}
    assert len(told) == 1
    assert len(acts(site.store, "refused")) == 4


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REPAIRS, Role.AUDITOR, Role.ADMIN])
def test_others_see_no_alert_at_all(site: Site, role: Role) -> None:
    raised(site)
    assert site.browser(role).get("/alerts/a1").status == 403


def test_a_colleague_sees_who_has_it_and_no_more(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    page = site.browser(Role.REVIEWER, patches=("north",)).get("/alerts/a1")
    assert "Ada is looking at it until Wednesday 4 November 2026, 11:00am" in page.text
    assert SENTENCE not in page.text
    assert "Take this alert" not in page.text


def test_a_manager_says_why_and_then_sees_it_for_a_while(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    mona = site.browser(Role.MANAGER)
    assert "Say why you need to see this alert" in mona.get("/alerts/a1").text
    assert "60 minutes" in mona.get("/alerts/a1/look").text
    assert "Error: " in mona.post_form("/alerts/a1/look", {"reason": "  "}).title
    assert SENTENCE not in mona.get("/alerts/a1").text
    page = mona.post_form("/alerts/a1/look", {"reason": "A complaint came in"})
    seen = mona.follow(page)
    assert SENTENCE in seen.text
    assert "What do you decide?" not in seen.text
    site.later(minutes=14)
    assert SENTENCE in mona.get("/alerts/a1").text
    for _ in range(4):
        site.later(minutes=14)
        last = mona.get("/alerts/a1")
    assert SENTENCE not in last.text


def test_a_reviewer_cannot_look_by_saying_why(site: Site, ada: Browser) -> None:
    raised(site)
    assert ada.get("/alerts/a1/look").status == 403
    assert ada.forge("/alerts/a1/look", {"reason": "Curious"}).status == 403


def test_a_claim_that_lapsed_shows_nothing_more(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    for _ in range(9):
        site.later(minutes=13)
        ada.get("/")
    site.later(minutes=2, seconds=59)
    assert SENTENCE in ada.get("/alerts/a1").text
    site.later(seconds=1)
    page = ada.get("/alerts/a1")
    assert SENTENCE not in page.text
    assert "Take this alert" in page.text


def test_whatever_is_written_in_the_records_stays_words(site: Site, ada: Browser) -> None:
    record = Evidence(date(2026, 10, 20), SCRIPT, SCRIPT, "lock_change", SCRIPT, SCRIPT)
    reason = Reason("frequent_lock_changes", SCRIPT, (record,))
    alert = an_alert(tenancy_ref=SCRIPT, reasons=(reason,))
    raised(site, alert)
    keep_text(site, SCRIPT)
    take(ada)
    ada.post_form("/alerts/a1/note", {"text": SCRIPT})
    pages = [ada.get("/alerts/a1"), ada.post_form("/alerts/a1/texts", on="/alerts/a1")]
    for page in pages:
        assert "alert('x')" in page.text
        assert "<script>alert" not in page.html


def test_a_strange_area_or_name_stays_words(site: Site) -> None:
    raised(site, replace(an_alert(), patch=SCRIPT))
    eve = site.browser(Role.REVIEWER, every_patch=True, name="<b>Eve</b>")
    for url in ("/alerts/a1", "/work"):
        assert "<script>alert" not in eve.get(url).html
        assert "<b>Eve" not in eve.get(url).html


def test_the_link_into_the_housing_system_holds_only_quoted_refs(site: Site, ada: Browser) -> None:
    address = "https://housing.landlord.test/t/{tenancy_ref}?p={property_ref}"
    links = site.program.reviewset.links.model_copy(update={"housing_system": address})
    vars(site.program)["reviewset"] = site.program.reviewset.model_copy(update={"links": links})
    raised(site, replace(an_alert(tenancy_ref='1/2 &"x'), property_ref="P#1"))
    assert "housing.landlord.test" not in ada.get("/alerts/a1").html
    take(ada)
    page = ada.get("/alerts/a1")
    link = 'href="https://housing.landlord.test/t/1%2F2%20%26%22x?p=P%231" '
    assert f'{link}target="_blank" rel="noopener noreferrer"' in page.html


def test_without_an_address_of_the_housing_system_there_is_no_link(
    site: Site, ada: Browser
) -> None:
    raised(site)
    take(ada)
    assert "Open this household in the housing system" not in ada.get("/alerts/a1").text


def test_earlier_alerts_of_the_household_are_told_with_what_came_of_them(
    site: Site, ada: Browser
) -> None:
    raised(site, an_alert("a0"))
    take(ada, "a0")
    decide(ada, "a0", decision="no_check_needed", reason="A burglary in the street")
    raised(site)
    take(ada)
    page = ada.get("/alerts/a1")
    assert "a0" in page.text
    assert "No welfare check needed" in page.text


def test_a_concern_is_told_in_its_words_and_by_the_role_of_who_saw_it(site: Site) -> None:
    joe = site.person(Role.REPAIRS, name="Joe")
    with site.store.writing() as connection:
        home_directory.publish(
            connection, [home_directory.Home("0001", "P-1", "north", Routing.GENERAL)]
        )
    with site.program.units_of_work(site.store).begin(joe, site.now) as work:
        log_concern(
            work, "form-1", "P-1", date(2026, 11, 3), "A hole in a door", True, lambda: "a9"
        )
    ada = site.browser(Role.REVIEWER, patches=("north",))
    take(ada, "a9")
    page = ada.get("/alerts/a9")
    assert "A hole in a door" in page.text
    assert "Logged by: Repairs and trades" in page.text
    assert "somebody may be in danger now" in page.text
    assert "Joe" not in page.text
    assert row_of(site, "a9").priority == Priority.FIRST


def test_bank_holidays_within_the_48_hours_are_named(site: Site) -> None:
    site.now = site.now.replace(month=12, day=24)
    raised(site)
    ada = site.browser(Role.REVIEWER, patches=("north",))
    take(ada)
    decide(ada)
    page = ada.get("/alerts/a1")
    assert "Friday 25 December 2026 is a bank holiday (Christmas Day)" in page.text
    assert "Contact is due by Saturday 26 December 2026, 9:00am." in page.text


def test_the_page_is_quick_and_costs_few_queries(site: Site, ada: Browser) -> None:
    alerts = [
        an_alert(f"b{n}", f"T-{n}", reasons=(a_reason(*(f"R-{n}-{i}" for i in range(20))),))
        for n in range(200)
    ]
    raised(site, *alerts)
    take(ada, "b7")
    ada.get("/alerts/b7")
    with site.counting() as cost:
        assert ada.get("/alerts/b7").status == 200
    assert cost.queries < 10, "\n".join(cost.statements)
