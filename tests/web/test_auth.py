"""Logging in, logging out and one-time links, as people meet them."""

import re
from html import unescape

import pytest

from builders.people import PASSWORD, Account, a_link, acted, an_account, hash_quickly
from builders.web import Browser, Page, Site
from redflags.casework.accounts.one_time_codes import code_at, step_at
from redflags.domain.people import Role


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_quickly(monkeypatch)


@pytest.fixture
def ada(site: Site) -> Account:
    return an_account(site.store, site.now, keys=site.program.account_keys)


def log_in(browser: Browser, account: Account, at: str = "/login", **other: str) -> Page:
    typed = {
        "email": account.person.email,
        "password": account.password,
        "code": account.code(browser.site.now),
        **other,
    }
    return browser.forge(at, typed)


def test_a_login_leads_to_the_front_page(site: Site, ada: Account) -> None:
    browser = site.browser()
    page = browser.post_form(
        "/login",
        {"email": ada.person.email, "password": PASSWORD, "code": ada.code(site.now)},
    )
    assert (page.status, page.leads_to) == (302, "/")
    assert browser.get("/account").status == 200
    assert "Ada Lovelace" in browser.get("/account").text


def test_a_login_leads_back_to_where_one_wanted_to_go(site: Site, ada: Account) -> None:
    browser = site.browser()
    wanted = browser.get("/account/interest")
    assert wanted.leads_to == "/login?next=%2Faccount%2Finterest"
    assert log_in(browser, ada, wanted.leads_to).leads_to == "/account/interest"


def test_who_is_logged_in_need_not_log_in(site: Site) -> None:
    page = site.browser(Role.REVIEWER).get("/login?next=/account")
    assert page.leads_to == "/account"


def test_the_page_names_every_field_left_empty(site: Site) -> None:
    page = site.browser().forge("/login", {})
    assert page.title.startswith("Error: Log in")
    for said in ("Enter your email address", "Enter your password", "Enter the 6-digit code"):
        assert said in page.text


def test_the_page_helps_password_managers(site: Site) -> None:
    html = site.browser().get("/login").html
    for purpose in ("username", "current-password", "one-time-code"):
        assert f'autocomplete="{purpose}"' in html


def test_the_address_is_shown_again_and_the_password_never(site: Site, ada: Account) -> None:
    page = log_in(site.browser(), ada, password="a wrong password")
    assert f'value="{ada.person.email}"' in page.html
    assert "a wrong password" not in page.html


def test_logging_out_leads_to_the_login(site: Site, ada: Account) -> None:
    browser = site.browser()
    log_in(browser, ada)
    page = browser.post_form("/logout", on="/account")
    assert page.leads_to == "/login"
    assert browser.get("/account").leads_to.startswith("/login")
    assert acted(site.store, "logged_out")[-1][0] == ada.person.actor


def test_nobody_logs_out_by_a_link(site: Site) -> None:
    browser = site.browser(Role.REVIEWER)
    assert browser.get("/logout").status == 405
    assert browser.get("/account").status == 200


def test_logging_in_again_ends_the_session_there_was(site: Site, ada: Account) -> None:
    browser = site.client(ada.person)
    before = browser.session_token()
    log_in(browser, ada)
    stolen = site.browser()
    with stolen.client.session_transaction(base_url="https://queue.landlord.test") as cookie:
        cookie["_user_id"] = before
    assert stolen.get("/account").status == 302
    assert browser.get("/account").status == 200


# one-time links


def welcome(site: Site, account: Account) -> str:
    return f"/welcome/{a_link(site.store, account.person, site.now)}"


def shown_key(page: Page) -> str:
    found = re.search(r"rf-numbers\">([A-Z2-7 ]+)<", page.html)
    assert found is not None
    return found[1].replace(" ", "")


def setting_up(site: Site, page: Page, **other: str) -> dict[str, str]:
    password = "six white geese flying"
    code = code_at(shown_key(page), step_at(site.now))
    return {"password": password, "again": password, "code": code, **other}


def test_a_link_shows_whom_it_is_for_and_what_to_scan(site: Site, ada: Account) -> None:
    page = site.browser().get(welcome(site, ada))
    assert page.status == 200
    assert ada.person.email in page.text
    assert "<svg" in page.html
    assert "style=" not in page.html
    assert 'name="secret"' not in page.html


def test_a_link_sets_up_the_account_and_logs_in(site: Site, ada: Account) -> None:
    browser, address = site.browser(), welcome(site, ada)
    page = browser.post_form(address, setting_up(site, browser.get(address)))
    assert page.leads_to == "/"
    assert browser.get("/account").status == 200

    site.later(minutes=1)
    again = Account(ada.person, shown_secret := _secret_of(site, address), "six white geese flying")
    assert shown_secret
    assert log_in(site.browser(), again).leads_to == "/"


def _secret_of(site: Site, address: str) -> str:
    return site.program.account_keys.enrolment_secret(address.rpartition("/")[2])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "000000"}, "This is not the code your app is showing"),
        ({"again": "six white geese flyin"}, "The two passwords are not the same"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "lovelace lovelace", "again": "lovelace lovelace"}, "Leave your name"),
        ({"password": "password1234", "again": "password1234"}, "Many people use this password"),
    ],
)
def test_what_will_not_do_is_said_and_the_link_stays_good(
    site: Site, ada: Account, wrong: dict[str, str], said: str
) -> None:
    browser, address = site.browser(), welcome(site, ada)
    page = browser.post_form(address, setting_up(site, browser.get(address), **wrong))
    assert page.status == 200
    assert page.title.startswith("Error: ")
    assert said in page.text
    assert "geese" not in page.html
    assert browser.post_form(address, setting_up(site, page)).status == 302


def test_used_old_and_unknown_links_say_the_same(site: Site, ada: Account) -> None:
    browser = site.browser()
    unknown = browser.get("/welcome/" + "x" * 43)
    old = welcome(site, ada)
    site.later(hours=48)
    too_old = browser.get(old)
    used = welcome(site, ada)
    browser.post_form(used, setting_up(site, browser.get(used)))
    after = site.browser().get(used)

    assert [page.status for page in (unknown, too_old, after)] == [404] * 3
    assert unknown.text == too_old.text == after.text
    assert "This link does not work" in unknown.text
    assert len(acted(site.store, "link_refused")) == 3


def test_the_key_on_the_page_is_the_one_in_the_picture(site: Site, ada: Account) -> None:
    """Scanned or typed, the app gets the same; the picture is drawn from the same address."""
    from redflags.casework.accounts import setup_address
    from redflags.web.login.log_in_pages import _picture

    page = site.browser().get(welcome(site, ada))
    drawn = str(_picture(setup_address(shown_key(page), ada.person.email)))
    assert unescape(drawn) in page.html
