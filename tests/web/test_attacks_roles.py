"""Every role, and nobody, against every page: let in or refused as the page declares, no third way.

What is sent is good but for who sends it: a live session, a good token. So it is the role that
refuses, and what is refused is written down.
"""

import json
from collections.abc import Iterator

import pytest

from builders.alert_pages import raised, row_of
from builders.store import an_alert
from builders.web import Browser, Site, acts
from redflags.casework.accounts import change_person, disable_person
from redflags.domain.people import Role
from redflags.web.shell.access import Access, access_of

MADE_UP = {
    "alert_id": "no-such-alert",
    "as_of": "2026-11-03",
    "check_id": "no-such-check",
    "filename": "redflags.css",
    "link_id": "no-such-link",
    "person_id": "nobody",
    "rank": 1,
    "referral_id": "no-such-referral",
    "token": "no-such-token",
}
"""So that who is let in finds nothing there, and changes nothing."""


def requests(site: Site) -> Iterator[tuple[str, str, str, Access]]:
    """Method, address, endpoint and declared access of everything that can be asked for."""
    ways = site.app.url_map.bind("localhost")
    for rule in site.app.url_map.iter_rules():
        access = access_of(site.app.view_functions[rule.endpoint])
        assert access is not None, f"{rule.endpoint} does not say who may use it"
        values = {name: MADE_UP[name] for name in rule.arguments}
        url = ways.build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, url, rule.endpoint, access


def ask(browser: Browser, method: str, url: str, token: str) -> int:
    page = browser.get(url) if method == "GET" else browser.send(url, {"csrf_token": token})
    return page.status


def refusals(site: Site, browser: Browser) -> list[tuple[str, int]]:
    """Where the person was refused, and how, in order."""
    assert browser.person is not None
    entries = acts(site.store, "refused")
    found = (json.loads(e["details"]) for e in entries if e["actor"] == browser.person.actor)
    return [(details["endpoint"], details["status"]) for details in found]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_let_in_or_refused_as_every_page_declares(site: Site, role: Role) -> None:
    person = site.person(role)
    browser = site.client(person)
    token = browser.token()
    expected = []
    for method, url, endpoint, access in requests(site):
        if not browser.session_token():  # signed out, by one of the pages that do
            browser = site.client(person)
            token = browser.token()
        is_let_in = not access.needs_login or role in access.roles
        status = ask(browser, method, url, token)
        assert (status == 403) is not is_let_in, f"{role}: {method} {url} gave {status}"
        assert status < 500, f"{role}: {method} {url} gave {status}"
        if not is_let_in:
            expected.append((endpoint, 403))
    assert expected, "every role is kept out of something"
    assert [one for one in refusals(site, browser) if one[1] == 403] == expected


def test_nobody_is_led_to_the_login_from_every_page_but_those_for_anybody(site: Site) -> None:
    browser = site.browser()
    token = browser.token()
    for method, url, _, access in requests(site):
        page = browser.get(url) if method == "GET" else browser.send(url, {"csrf_token": token})
        is_led_away = page.status == 302 and page.leads_to.startswith("/login")
        if access.needs_login:
            assert is_led_away or page.status == 400, f"{method} {url} gave {page.status}"
            assert page.status == 302 or method == "POST"
        else:
            assert page.status != 403, f"{method} {url}"
        if not browser.session_token():
            token = browser.token()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ANALYST, Role.AUDITOR, Role.REPAIRS])
@pytest.mark.both_engines
def test_an_alert_that_is_there_is_refused_like_one_that_is_not(site: Site, role: Role) -> None:
    raised(site)
    browser = site.browser(role)
    there, missing = browser.get("/alerts/a1"), browser.get("/alerts/no-such-alert")
    assert (there.status, there.text) == (403, missing.text)


def test_a_role_that_was_taken_away_is_gone_at_once(site: Site) -> None:
    mona = site.browser(Role.MANAGER)
    assert mona.get("/manage").status == 200
    assert mona.person is not None
    with site.store.writing() as connection:
        person_id = mona.person.person_id
        change_person(connection, "test", site.now, person_id, roles=(Role.ANALYST,))
    page = mona.get("/manage")
    assert page.status == 403 or page.leads_to.startswith("/login")


def test_an_account_that_was_turned_off_is_out_at_once(site: Site) -> None:
    mona = site.browser(Role.MANAGER)
    assert mona.get("/manage").status == 200
    assert mona.person is not None
    with site.store.writing() as connection:
        disable_person(connection, "test", site.now, mona.person.person_id)
    assert mona.get("/manage").leads_to.startswith("/login")


def test_two_roles_open_both_their_pages_and_no_others(site: Site) -> None:
    both = site.browser(Role.ANALYST, Role.AUDITOR)
    for url in ("/reports", "/audit"):
        assert both.get(url).status == 200
    for url in ("/manage", "/quality", "/work", "/people"):
        assert both.get(url).status == 403


def test_another_method_is_no_way_round_the_role(site: Site) -> None:
    raised(site, an_alert("a1", "1"))
    ann = site.browser(Role.ANALYST)
    token = ann.token()
    data = {"csrf_token": token, "_method": "POST", "alerts": "a1", "reason": "Why not"}
    for override in ("POST", "PUT", "DELETE"):
        page = ann.send("/reports", data, headers={"X-HTTP-Method-Override": override})
        assert page.status == 405
        page = ann.get("/manage/give", headers={"X-HTTP-Method-Override": override})
        assert page.status == 405
    assert row_of(site).claimed_by is None
