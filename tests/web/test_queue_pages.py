"""Your work: what one has in hand, what waits, and where reminders lead."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from builders.alert_pages import bar, decide, raised, row_of, take
from builders.store import an_alert
from builders.web import Browser, Page, Site, acts
from redflags.adapters.store.case_tables import REMINDERS
from redflags.adapters.store.tables import ALERTS
from redflags.domain.alert import Priority, Routing
from redflags.domain.people import Role
from redflags.web.shell import durations


@pytest.fixture
def ada(site: Site) -> Browser:
    return site.browser(Role.REVIEWER, patches=("north",), name="Ada")


def look_by(site: Site, moment: datetime, alert_id: str = "a1") -> None:
    with site.store.writing() as connection:
        this = update(ALERTS).where(ALERTS.c.alert_id == alert_id)
        connection.execute(this.values(look_by_at_utc=moment))


def reminded(site: Site, person_id: str, link_id: str = "link-1", alert_id: str = "a1") -> str:
    values = {
        "link_id": link_id,
        "alert_id": alert_id,
        "kind": "first",
        "due_at_utc": site.now,
        "person_id": person_id,
        "made_at_utc": site.now,
    }
    with site.store.writing() as connection:
        connection.execute(insert(REMINDERS).values(**values))
    return f"/go/{link_id}"


def part(page: Page, heading: str) -> str:
    """What is under one heading."""
    return page.html.split(f'id="{heading}"')[1].split("</section>")[0]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER, Role.SPECIALIST])
def test_the_front_page_of_who_works_on_alerts_is_their_work(site: Site, role: Role) -> None:
    browser = site.browser(role)
    page = browser.follow(browser.get("/"))
    assert page.title == "Your work – Housing queue"


@pytest.mark.parametrize("role", [Role.REPAIRS, Role.AUDITOR, Role.ANALYST, Role.ADMIN])
def test_others_are_led_elsewhere_and_refused_here(site: Site, role: Role) -> None:
    browser = site.browser(role)
    assert browser.get("/").leads_to != "/work"
    assert browser.get("/work").status == 403
    assert browser.forge("/take-next").status == 403


def test_what_waits_is_shown_by_reference_area_age_and_urgency_alone(
    site: Site, ada: Browser
) -> None:
    raised(site, an_alert(priority=Priority.SOON))
    look_by(site, datetime(2026, 11, 5, 9, 0, tzinfo=UTC))
    page = ada.get("/work")
    for shown in ("a1", "north", "1 day", "Soon", "Thursday 5 November 2026, 9:00am"):
        assert shown in part(page, "waiting")
    for hidden in ("0001", "P-1", "R-1", "lock change"):
        assert hidden not in page.html
    assert acts(site.store, "evidence_read") == []


def test_what_is_late_says_so_in_words_and_what_is_not_does_not(site: Site, ada: Browser) -> None:
    raised(site)
    look_by(site, site.now + timedelta(minutes=1))
    assert "Overdue" not in ada.get("/work").text
    assert "1 minute left" in ada.get("/work").text
    look_by(site, site.now)
    assert "Overdue" not in ada.get("/work").text
    assert "less than a minute left" in ada.get("/work").text
    look_by(site, site.now - timedelta(microseconds=1))
    assert "Overdue less than a minute late" in ada.get("/work").text


def test_an_empty_queue_says_what_to_expect(site: Site, ada: Browser) -> None:
    page = ada.get("/work")
    assert "Nothing is waiting in your areas" in page.text
    assert "You have not taken an alert" in page.text
    assert "You have no welfare checks to make" in page.text


def test_taking_the_next_alert_opens_it(site: Site, ada: Browser) -> None:
    raised(site)
    page = ada.post_form("/take-next", on="/work")
    assert page.leads_to == "/alerts/a1"
    assert "You have taken it" in ada.follow(page).text
    assert "1 hour and 30 minutes left" in _after(site, ada, minutes=30)


def _after(site: Site, browser: Browser, minutes: int) -> str:
    for _ in range(minutes // 10):
        site.later(minutes=10)
        page = browser.get("/work")
    return part(page, "in-hand")


def test_taking_the_next_when_nothing_waits_is_told(site: Site, ada: Browser) -> None:
    page = ada.follow(ada.post_form("/take-next", on="/work"))
    assert "No alert is waiting for you" in page.text


def test_whoever_holds_enough_is_told_to_decide_first(site: Site, ada: Browser) -> None:
    raised(site, *(an_alert(f"a{n}", f"000{n}") for n in range(1, 6)))
    for _ in range(3):
        assert ada.post_form("/take-next", on="/work").leads_to.startswith("/alerts/")
    refused = ada.post_form("/take-next", on="/work")
    assert "You have 3 alerts already" in ada.follow(refused).text
    by_name = ada.post_form("/alerts/a5/claim", on="/alerts/a5")
    assert "You have 3 alerts already" in ada.follow(by_name).text


def test_a_manager_sees_what_waits_and_takes_nothing(site: Site) -> None:
    raised(site)
    mona = site.browser(Role.MANAGER)
    page = mona.get("/work")
    assert "a1" in page.text
    assert "Take the next alert" not in page.text
    assert "welfare check" not in page.text
    assert mona.forge("/take-next").status == 403


def test_nobody_sees_what_is_not_theirs(site: Site) -> None:
    raised(site, an_alert(), an_alert("a2", "0002", routing=Routing.SPECIALIST))
    barred = site.browser(Role.REVIEWER)
    assert barred.person is not None
    bar(site, barred.person, "0001")
    for browser in (barred, site.browser(Role.REVIEWER, patches=("south",))):
        assert "Nothing is waiting" in browser.get("/work").text
        page = browser.follow(browser.post_form("/take-next", on="/work"))
        assert "No alert is waiting for you" in page.text
    assert "a2" in site.browser(Role.SPECIALIST).get("/work").text


def test_a_check_in_hand_shows_when_contact_is_due_and_that_it_is_late(
    site: Site, ada: Browser
) -> None:
    raised(site)
    take(ada)
    assert ada.person is not None
    decide(ada, assign_to=ada.person.person_id)
    checks = part(ada.get("/work"), "checks")
    assert "Friday 6 November 2026, 9:00am" in checks
    assert "2 days left" in checks
    site.later(days=2, hours=5)
    late = site.client(ada.person).get("/work")
    assert "Overdue" in part(late, "checks")
    assert "5 hours late" in part(late, "checks")


def test_what_a_colleague_asks_is_in_the_list_of_who_is_asked(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    carl = site.person(Role.REVIEWER, patches=("north",), name="Carl")
    decide(ada, decision="ask", colleague=carl.person_id, reason="Do you know of works there?")
    page = site.client(carl).get("/work")
    assert "Ada has asked you about alert a1" in page.text
    assert "works there" not in page.text
    assert "You asked Carl" in ada.get("/work").text


def test_the_list_has_pages_of_25(site: Site, ada: Browser) -> None:
    raised(site, *(an_alert(f"a{n:03}", f"T-{n}") for n in range(26)))
    first, second = ada.get("/work"), ada.get("/work?page=2")
    assert first.html.count("/alerts/a0") == 25
    assert second.html.count("/alerts/a0") == 1
    assert 'rel="next"' in first.html
    assert "26 alerts wait" in first.text
    assert "Pages of the waiting list" in first.html


def test_a_list_of_25_has_no_pages(site: Site, ada: Browser) -> None:
    raised(site, *(an_alert(f"a{n:03}", f"T-{n}") for n in range(25)))
    assert "Pages of the waiting list" not in ada.get("/work").html
    assert "nothing on this page" in ada.get("/work?page=2").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e3", "99999999999999999999", "١", "1;"])
def test_a_page_that_is_no_number_is_not_there(ada: Browser, page: str) -> None:
    assert ada.get("/work", query_string={"page": page}).status == 404


def test_the_list_costs_few_queries(site: Site, ada: Browser) -> None:
    raised(site, *(an_alert(f"a{n:03}", f"T-{n}") for n in range(200)))
    ada.get("/work")
    with site.counting() as cost:
        assert ada.get("/work?page=4").status == 200
    assert cost.queries < 10, "\n".join(cost.statements)


def test_a_reminder_leads_to_its_alert(site: Site, ada: Browser) -> None:
    raised(site)
    assert ada.person is not None
    assert ada.get(reminded(site, ada.person.person_id)).leads_to == "/alerts/a1"
    assert acts(site.store, "evidence_read") == []


def test_a_reminder_leads_nobody_to_an_alert_that_is_not_theirs(site: Site, ada: Browser) -> None:
    raised(site)
    assert ada.person is not None
    url = reminded(site, ada.person.person_id)
    for other in (Role.ADMIN, Role.AUDITOR, Role.REPAIRS, Role.ANALYST):
        assert site.browser(other).get(url).leads_to == "/"
    assert site.browser(Role.REVIEWER, patches=("south",)).get(url).leads_to == "/"
    bar(site, ada.person, "P-1")
    assert ada.get(url).leads_to == "/"


def test_a_link_nobody_knows_leads_to_the_front_page(ada: Browser) -> None:
    assert ada.get("/go/no-such-link").leads_to == "/"


def test_who_comes_from_an_email_makes_one_step_and_then_logs_in(site: Site) -> None:
    """The browser keeps the session's cookie back on the first step, so that we take another."""
    nobody = site.browser()
    bounce = nobody.get("/go/link-1")
    assert bounce.status == 200
    assert 'content="0; url=/go/link-1?again=1"' in bounce.html
    login = nobody.get("/go/link-1?again=1")
    assert login.leads_to == "/login?next=/go/link-1"


def test_no_link_of_a_reminder_can_lead_out_of_here(site: Site) -> None:
    page = site.browser().get('/go/"><script>x</script>')
    assert "<script>x" not in page.html
    assert site.browser().get("/go/..%2f..%2fevil.test").leads_to in ("", "/")


def test_a_claim_takes_an_alert_from_everybody_s_list(site: Site, ada: Browser) -> None:
    raised(site)
    take(ada)
    other = site.browser(Role.REVIEWER, patches=("north",))
    assert "Nothing is waiting" in other.get("/work").text
    assert row_of(site).claimed_by == ada.person.person_id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "less than a minute left"),
        (59, "less than a minute left"),
        (60, "1 minute left"),
        (3_599, "59 minutes left"),
        (3_600, "1 hour left"),
        (2 * 3_600 + 61, "2 hours and 1 minute left"),
        (86_399, "23 hours and 59 minutes left"),
        (86_400, "1 day left"),
        (172_799, "1 day and 23 hours left"),
        (-1, "less than a minute late"),
        (-5 * 3_600, "5 hours late"),
    ],
)
def test_time_left_is_never_more_than_there_is(site: Site, seconds: int, told: str) -> None:
    with site.app.test_request_context():
        assert durations.time_left(site.now + timedelta(seconds=seconds)) == told


@pytest.mark.parametrize(
    ("days", "told"), [(-1, "today"), (0, "today"), (1, "1 day"), (9, "9 days")]
)
def test_age_in_words(site: Site, days: int, told: str) -> None:
    with site.app.test_request_context():
        assert durations.age(site.now.date() - timedelta(days=days)) == told
