"""Whoever wants in without being somebody: all of it refused, all of it written down."""

from typing import Any

import pytest

from builders.people import PASSWORD, Account, a_person, acted, an_account, hash_quickly
from builders.web import ADDRESS, Browser, Page, Site
from redflags.casework import accounts
from redflags.domain.people import Role

OUTSIDE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)


@pytest.fixture
def ada(site: Site) -> Account:
    return an_account(site.store, site.now, keys=site.program.account_keys)


def log_in(browser: Browser, account: Account, *, outside: bool = False, **other: str) -> Page:
    typed: dict[str, str] = {
        "email": account.person.email,
        "password": PASSWORD,
        "code": account.code(browser.site.now),
        **other,
    }
    token = browser.token()
    more: dict[str, Any] = {"environ_overrides": OUTSIDE} if outside else {}
    return browser.send("/login", {"csrf_token": token, **typed}, **more)


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("redflags", domain="queue.landlord.test")
    assert cookie is not None
    return cookie.value


def with_cookie(site: Site, value: str) -> Browser:
    browser = site.browser()
    browser.client.set_cookie("redflags", value, domain="queue.landlord.test", secure=True)
    return browser


def test_a_cookie_copied_before_logging_out_is_worth_nothing_after(
    site: Site, ada: Account
) -> None:
    browser = site.browser()
    log_in(browser, ada)
    copied = cookie_of(browser)
    assert with_cookie(site, copied).get("/account").status == 200
    browser.post_form("/logout", on="/account")
    assert with_cookie(site, copied).get("/account").leads_to.startswith("/login")


def test_a_cookie_copied_before_quiet_minutes_is_worth_nothing_after(
    site: Site, ada: Account
) -> None:
    browser = site.browser()
    log_in(browser, ada)
    copied = cookie_of(browser)
    site.later(minutes=15)
    thief = with_cookie(site, copied)
    page = thief.get("/account")
    assert page.leads_to.startswith("/login")
    assert "you did nothing for 15 minutes" in thief.follow(page).text


def test_a_session_chosen_by_somebody_else_is_not_the_one_that_logs_in(
    site: Site, ada: Account
) -> None:
    """Session fixation: the victim logs in with a cookie that the attacker planted and knows."""
    attacker = site.browser()
    attacker.get("/login")
    planted = cookie_of(attacker)
    victim = with_cookie(site, planted)
    assert log_in(victim, ada).leads_to == "/"
    assert cookie_of(victim) != planted
    assert with_cookie(site, planted).get("/account").status == 302


def test_a_planted_session_of_ones_own_is_replaced(site: Site, ada: Account) -> None:
    attacker = site.browser(Role.REPAIRS)
    attacker.get("/account")
    planted = cookie_of(attacker)
    victim = with_cookie(site, planted)
    victim.person = attacker.person
    log_in(victim, ada)
    assert "Ada Lovelace" in victim.get("/account").text
    assert "Ada Lovelace" not in with_cookie(site, planted).get("/account").text


def test_what_was_planted_beside_the_session_is_gone(site: Site, ada: Account) -> None:
    victim = site.browser()
    with victim.client.session_transaction(base_url=ADDRESS) as cookie:
        cookie["planted"] = "x"
    log_in(victim, ada)
    with victim.client.session_transaction(base_url=ADDRESS) as cookie:
        assert "planted" not in cookie


def test_a_code_seen_over_a_shoulder_is_worth_nothing(site: Site, ada: Account) -> None:
    code = ada.code(site.now)
    assert log_in(site.browser(), ada, code=code).status == 302
    page = log_in(site.browser(), ada, code=code)
    assert page.status == 200
    assert "code is wrong" in page.text


def test_a_cookie_made_up_is_worth_nothing(site: Site, ada: Account) -> None:
    browser = site.browser()
    log_in(browser, ada)
    payload, _, rest = cookie_of(browser).partition(".")
    for forged in ("x", f"{payload}.", f"{payload}.{rest[::-1]}", f"e{payload}.{rest}"):
        assert with_cookie(site, forged).get("/account").status == 302


def test_a_person_id_is_no_session(site: Site, ada: Account) -> None:
    for token in (ada.person.person_id, ada.person.actor, "1", ""):
        browser = site.browser()
        with browser.client.session_transaction(base_url=ADDRESS) as cookie:
            cookie["_user_id"] = token
        assert browser.get("/account").status == 302


def test_unknown_wrong_off_and_not_yet_set_up_answer_alike(site: Site, ada: Account) -> None:
    off = an_account(
        site.store, site.now, keys=site.program.account_keys, email="off@landlord.test"
    )
    with site.store.writing() as connection:
        accounts.disable_person(connection, "person:P-2", site.now, off.person.person_id)
    a_person(site.store, site.now, email="new@landlord.test")
    wrong: list[dict[str, str]] = [
        {"email": "nobody@landlord.test"},
        {"email": "off@landlord.test", "code": off.code(site.now)},
        {"email": "new@landlord.test"},
        {"password": "wrong"},
        {"code": "000000"},
    ]
    pages = [log_in(site.browser(), ada, **one) for one in wrong]
    assert {page.status for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert "code is wrong" in pages[0].text


def test_an_account_that_waits_and_one_that_is_none_answer_alike(site: Site, ada: Account) -> None:
    pages = []
    for email in (ada.person.email, "nobody@landlord.test"):
        for _ in range(5):
            assert log_in(site.browser(), ada, email=email, password="wrong").status == 200
        pages.append(log_in(site.browser(), ada, email=email))
    assert [page.status for page in pages] == [429, 429]
    assert pages[0].text == pages[1].text
    assert "Too many attempts. Wait 15 minutes" in pages[0].text


def test_three_hundred_wrong_passwords_are_refused_and_written_down(
    site: Site, ada: Account
) -> None:
    """As the store's ten thousand, through the whole application."""
    attacker = site.browser()
    token = attacker.token()
    typed = {"csrf_token": token, "email": ada.person.email, "code": "000000"}
    statuses = [
        attacker.send(
            "/login", {**typed, "password": f"guess {n}"}, environ_overrides=OUTSIDE
        ).status
        for n in range(300)
    ]
    assert (statuses.count(200), statuses.count(429)) == (5, 295)
    assert len(acted(site.store, "login_failed") + acted(site.store, "login_refused")) == 300


def test_an_attacker_elsewhere_keeps_nobody_out_of_the_browser_they_use(
    site: Site, ada: Account
) -> None:
    colleague = site.browser()
    log_in(colleague, ada)
    colleague.post_form("/logout", on="/account")
    for _ in range(30):
        log_in(site.browser(), ada, outside=True, password="wrong")
    site.later(minutes=1)
    assert log_in(site.browser(), ada).status == 429
    assert log_in(colleague, ada).status == 302


def test_colleagues_who_share_a_browser_each_keep_their_mark(site: Site, ada: Account) -> None:
    bo = an_account(site.store, site.now, keys=site.program.account_keys, email="bo@landlord.test")
    shared = site.browser()
    for account in (ada, bo):
        log_in(shared, account)
        shared.post_form("/logout", on="/account")
    for _ in range(5):
        log_in(site.browser(), ada, outside=True, password="wrong")
    site.later(minutes=1)
    assert log_in(shared, ada).status == 302


def test_the_mark_is_kept_from_scripts_and_other_sites(site: Site, ada: Account) -> None:
    page = log_in(site.browser(), ada)
    (mark,) = [
        line for line in page.response.headers.getlist("Set-Cookie") if "redflags-browser" in line
    ]
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/login"):
        assert part in mark
    assert "landlord.test" not in mark


@pytest.mark.parametrize(
    "target", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "/\t/x"]
)
def test_no_login_leads_out_of_here(site: Site, ada: Account, target: str) -> None:
    browser = site.browser()
    typed = {
        "csrf_token": browser.token(),
        "email": ada.person.email,
        "password": PASSWORD,
        "code": ada.code(site.now),
    }
    page = browser.send("/login", typed, query_string={"next": target})
    assert page.leads_to == "/"


def test_a_login_without_the_page_s_token_is_refused(site: Site, ada: Account) -> None:
    typed = {"email": ada.person.email, "password": PASSWORD, "code": ada.code(site.now)}
    assert site.browser().send("/login", typed).status == 400
    assert log_in(site.browser(), ada).status == 302  # and nothing was used up


def test_the_address_behind_a_made_up_proxy_header_counts_as_itself(
    site: Site, ada: Account
) -> None:
    """Nobody gets new tries by saying that they come from elsewhere."""
    answers = []
    for number in range(25):
        browser = site.browser()
        typed = {
            "csrf_token": browser.token(),
            "email": f"n{number}@landlord.test",
            "password": "wrong",
            "code": "000000",
        }
        page = browser.send("/login", typed, headers={"X-Forwarded-For": f"10.0.0.{number}"})
        answers.append(page.status)
    assert answers == [200] * 20 + [429] * 5
