"""What holds for every page: who gets in, what is answered when something cannot be done."""

import logging
from pathlib import Path

import pytest
from flask import Blueprint, abort
from sqlalchemy.exc import OperationalError

from builders.store import an_alert, raise_alerts
from builders.web import Browser, Site, a_site, acts
from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import SESSIONS
from redflags.casework.accounts import end_session
from redflags.domain.people import Role
from redflags.errors import (
    CaseChanged,
    IllegalMove,
    InvalidAct,
    NotAllowed,
    NotForYou,
    StoreBusy,
    StoreUnusable,
)
from redflags.web.shell.access import allowed, anybody, logged_in

QUIET_MINUTES = 15
ECHO = "zanzibar<script>"


@pytest.fixture
def site(store: QueueStore, tmp_path: Path) -> Site:
    """A site with pages for these tests that fail in every way there is."""
    site = a_site(store, tmp_path / "home", testing=False)
    site.app.register_blueprint(_failing_pages())
    return site


def _failing_pages() -> Blueprint:
    pages = Blueprint("failing", __name__)
    faults: dict[str, Exception] = {
        "not-for-you": NotForYou(ECHO),
        "nobody": LookupError(ECHO),
        "not-allowed": NotAllowed(ECHO),
        "changed": CaseChanged(ECHO),
        "illegal": IllegalMove(ECHO),
        "invalid": InvalidAct("field", ECHO),
        "busy": StoreBusy(ECHO),
        "unusable": StoreUnusable(ECHO),
        "key": KeyError(ECHO),
        "driver": OperationalError(ECHO, {}, Exception(ECHO)),
    }

    @pages.route("/fail/<how>/<alert_id>", methods=["GET", "POST"])
    @logged_in
    def fail(how: str, alert_id: str) -> str:
        raise faults[how]

    @pages.get("/abort/<int:status>")
    @anybody
    def stop(status: int) -> str:
        abort(status, description=ECHO)

    @pages.get("/undeclared")
    def undeclared() -> str:
        return "reached"

    @pages.get("/managers-only")
    @allowed(Role.MANAGER, Role.SPECIALIST)
    def managers_only() -> str:
        return "reached"

    @pages.post("/write")
    @logged_in
    def write() -> str:
        return "written"

    @pages.route("/read-and-write", methods=["GET", "POST"])
    @logged_in
    def read_and_write() -> str:
        return "reached"

    return pages


@pytest.fixture
def reviewer(site: Site) -> Browser:
    return site.browser(Role.REVIEWER)


# who gets in


@pytest.mark.parametrize("role", Role)
def test_a_page_that_does_not_say_who_may_use_it_is_for_nobody(site: Site, role: Role) -> None:
    assert site.browser(role).get("/undeclared").status == 403


def test_nor_is_it_for_who_is_not_logged_in(site: Site) -> None:
    assert site.browser().get("/undeclared").status == 403


@pytest.mark.parametrize("role", Role)
def test_a_page_is_for_the_roles_it_names(site: Site, role: Role) -> None:
    may = role in (Role.MANAGER, Role.SPECIALIST)
    assert site.browser(role).get("/managers-only").status == (200 if may else 403)


def test_one_of_several_roles_is_enough(site: Site) -> None:
    assert site.browser(Role.ANALYST, Role.MANAGER).get("/managers-only").status == 200


def test_who_is_not_logged_in_is_led_to_the_login_and_back(site: Site) -> None:
    nobody = site.browser()
    assert nobody.get("/").leads_to == "/login"
    leads_to = nobody.get("/managers-only?page=2").leads_to
    assert leads_to == "/login?next=%2Fmanagers-only%3Fpage%3D2"


def test_a_form_that_nobody_sent_leads_back_to_its_page_when_there_is_one(site: Site) -> None:
    nobody = site.browser()
    assert nobody.send("/read-and-write", {}).leads_to == "/login?next=%2Fread-and-write"
    assert nobody.send("/write", {}).leads_to == "/login"


@pytest.mark.parametrize(("minutes", "is_in"), [(QUIET_MINUTES - 1, True), (QUIET_MINUTES, False)])
def test_a_session_ends_after_fifteen_quiet_minutes(
    site: Site, reviewer: Browser, minutes: int, is_in: bool
) -> None:
    site.later(minutes=minutes)
    page = reviewer.get("/read-and-write")
    assert (page.status == 200) is is_in
    if not is_in:
        told = reviewer.follow(page).text
        assert "You were signed out because you did nothing for 15 minutes." in told


@pytest.mark.both_engines
def test_a_session_that_is_used_goes_on(site: Site, reviewer: Browser) -> None:
    for _ in range(5):
        site.later(minutes=QUIET_MINUTES - 2)
        assert reviewer.get("/read-and-write").status == 200


def test_who_was_signed_out_otherwise_is_not_told_of_quiet_minutes(
    site: Site, reviewer: Browser
) -> None:
    with site.store.writing() as connection:
        end_session(connection, reviewer.session_token(), site.now)
    told = reviewer.follow(reviewer.get("/read-and-write")).text
    assert "You were signed out. Log in again." in told


@pytest.mark.both_engines
def test_working_writes_once_a_minute_at_most(site: Site, reviewer: Browser) -> None:
    def writes() -> int:
        with site.counting() as cost:
            assert reviewer.get("/read-and-write").status == 200
        return sum(statement.startswith("UPDATE sessions") for statement in cost.statements)

    site.later(seconds=59)
    assert writes() == 0
    site.later(seconds=1)
    assert writes() == 1
    assert writes() == 0


@pytest.mark.both_engines
def test_knowing_who_asks_costs_one_query(site: Site, reviewer: Browser) -> None:
    with site.counting() as cost:
        reviewer.get("/read-and-write")
    assert cost.queries == 1


def test_the_cookie_holds_nothing_about_the_person(site: Site, reviewer: Browser) -> None:
    with reviewer.client.session_transaction(base_url="https://queue.landlord.test") as cookie:
        held = str(dict(cookie))
    assert reviewer.person is not None
    for secret in (reviewer.person.person_id, reviewer.person.email, reviewer.person.name):
        assert secret not in held


@pytest.mark.both_engines
def test_the_token_itself_is_nowhere_in_the_database(site: Site, reviewer: Browser) -> None:
    with site.store.reading() as connection:
        rows = connection.execute(SESSIONS.select()).all()
    assert rows
    assert reviewer.session_token() not in str(rows)


# what is answered when something cannot be done


@pytest.mark.parametrize(
    ("how", "status", "told"),
    [
        ("not-for-you", 404, "Page not found"),
        ("nobody", 404, "Page not found"),
        ("not-allowed", 403, "You cannot do that"),
        ("changed", 409, "Somebody else changed this"),
        ("illegal", 409, "That cannot be done at this point"),
        ("invalid", 400, "Your form could not be used"),
        ("busy", 503, "Busy just now"),
        ("unusable", 500, "Something went wrong"),
        ("key", 500, "Something went wrong"),
        ("driver", 500, "Something went wrong"),
    ],
)
def test_each_fault_has_its_page(reviewer: Browser, how: str, status: int, told: str) -> None:
    page = reviewer.get(f"/fail/{how}/a1")
    assert page.status == status
    assert told in page.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500])
def test_an_error_page_repeats_nothing_and_says_what_to_do(reviewer: Browser, status: int) -> None:
    page = reviewer.get(f"/abort/{status}?{ECHO}")
    assert page.status == status
    assert "zanzibar" not in page.html
    assert "Traceback" not in page.html
    assert "Go to the front page" in page.text
    assert page.html.count("<h1") == 1


def test_an_address_that_is_not_there_is_not_repeated(reviewer: Browser) -> None:
    page = reviewer.get(f"/{ECHO}?q={ECHO}")
    assert page.status == 404
    assert page.title == "Page not found – Housing queue"
    assert "zanzibar" not in page.html


def test_an_alert_that_is_not_theirs_looks_like_a_page_that_is_not_there(reviewer: Browser) -> None:
    unknown, foreign = reviewer.get("/no-such-page"), reviewer.get("/fail/not-for-you/a1")
    assert unknown.text == foreign.text
    assert unknown.status == foreign.status


def test_whoever_comes_second_is_led_back_to_the_alert(reviewer: Browser) -> None:
    assert 'href="/alerts/a1"' in reviewer.get("/fail/changed/a1").html


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER, Role.SPECIALIST])
@pytest.mark.parametrize(
    ("address", "status"), [("/alerts/a1/claim", 405), ("/fail/not-allowed/a1", 403)]
)
def test_from_an_alerts_address_the_way_leads_back_to_the_queue(
    site: Site, role: Role, address: str, status: int
) -> None:
    page = site.browser(role).get(address)
    assert page.status == status
    assert '<a class="govuk-link" href="/work">Go back to your work</a>' in page.html
    assert "front page" not in page.text


@pytest.mark.parametrize("address", ["/alerts/a1/claim", "/fail/not-allowed/a1"])
def test_who_has_no_queue_is_led_to_the_front_page(site: Site, address: str) -> None:
    for browser in (site.browser(Role.REPAIRS), site.browser(Role.ADMIN)):
        page = browser.get(address)
        assert page.status in (403, 405)
        assert "Go to the front page" in page.text
        assert 'href="/work"' not in page.html


def test_other_addresses_lead_to_the_front_page(reviewer: Browser) -> None:
    for address in ("/write", "/managers-only"):
        assert "Go to the front page" in reviewer.get(address).text


def test_a_fault_is_logged_by_its_name_and_place_only(
    reviewer: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reviewer.get(f"/fail/key/{ECHO}")
    assert "KeyError at " in caplog.text
    assert "zanzibar" not in caplog.text


def test_when_the_database_does_not_answer_a_page_says_so(site: Site, reviewer: Browser) -> None:
    def unreachable() -> object:
        raise StoreUnusable("gone")

    site.store.reading = unreachable  # type: ignore[method-assign,assignment]
    page = reviewer.get("/read-and-write")
    assert page.status == 500
    assert "Something went wrong" in page.text


# every refusal is written down


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("not-for-you", 404),
        ("not-allowed", 403),
        ("changed", 409),
        ("illegal", 409),
        ("invalid", 400),
    ],
)
def test_a_refusal_is_written_down_with_its_alert(
    site: Site, reviewer: Browser, how: str, status: int
) -> None:
    raise_alerts(site.store, an_alert("a1"))
    reviewer.get(f"/fail/{how}/a1")
    (entry,) = acts(site.store, "refused")
    assert reviewer.person is not None
    assert entry["actor"] == reviewer.person.actor
    assert entry["alert_id"] == "a1"
    assert entry["details"] == f'{{"endpoint":"failing.fail","status":{status}}}'


def test_what_was_typed_for_an_alert_is_not_written_down(site: Site, reviewer: Browser) -> None:
    reviewer.get(f"/fail/not-for-you/{ECHO}")
    (entry,) = acts(site.store, "refused")
    assert entry["alert_id"] == ""
    assert "zanzibar" not in str(entry)


def test_a_wrong_method_is_written_down_by_the_page_s_name(site: Site, reviewer: Browser) -> None:
    page = reviewer.get("/write")
    assert page.status == 405
    assert "POST" in page.headers["Allow"]
    (entry,) = acts(site.store, "refused")
    assert entry["details"] == '{"endpoint":"failing.write","status":405}'


def test_a_role_that_is_not_enough_is_written_down(site: Site, reviewer: Browser) -> None:
    reviewer.get("/managers-only")
    (entry,) = acts(site.store, "refused")
    assert entry["details"] == '{"endpoint":"failing.managers_only","status":403}'


def test_going_to_the_login_is_no_refusal(site: Site) -> None:
    site.browser().get("/managers-only")
    assert acts(site.store, "refused") == []


def test_a_page_that_is_not_there_is_no_refusal(site: Site, reviewer: Browser) -> None:
    reviewer.get("/no-such-page")
    assert acts(site.store, "refused") == []


@pytest.mark.both_engines
def test_refusals_leave_the_chain_whole(site: Site, reviewer: Browser) -> None:
    for _ in range(3):
        reviewer.get("/managers-only")
        reviewer.send("/write", {})
    assert len(acts(site.store, "refused")) == 6
    site.store.verify_audit()
