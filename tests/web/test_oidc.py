"""Logging in with the landlord's own provider, against a real one on this machine."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread

from builders.people import a_person, acted
from builders.servers import free_port, web_server
from builders.web import ADDRESS, Browser, Page, Site, a_site
from redflags.adapters.store import QueueStore
from redflags.casework import accounts

CLIENT = {"oidc_client_id": "redflags", "oidc_client_secret": "shared with the provider"}
USERS = (
    User(sub="ada", claims={"email": "ada@landlord.test", "email_verified": True}),
    User(sub="ada2", claims={"email": "ADA@Landlord.Test", "email_verified": "true"}),
    User(sub="unverified", claims={"email": "ada@landlord.test", "email_verified": False}),
    User(sub="unsaid", claims={"email": "ada@landlord.test"}),
    User(sub="stranger", claims={"email": "who@elsewhere.test", "email_verified": True}),
    User(sub="blank", claims={"email": "", "email_verified": True}),
    User(sub="odd", claims={"email": ["ada@landlord.test"], "email_verified": True}),
    User(sub="nul", claims={"email": "ada@landlord.test\0", "email_verified": True}),
    User(sub="entra", claims={"preferred_username": "ada@landlord.test"}),
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread(user_claims=USERS) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def site(store: QueueStore, tmp_path: Path, provider: str) -> Site:
    made = a_site(store, tmp_path / "home", oidc_issuer=provider, **CLIENT)
    a_person(store, made.now)
    return made


def sent_away(browser: Browser, start: str = "/login/oidc") -> str:
    """Begin at our page; the provider's address that it leads to."""
    page = browser.get(start)
    assert page.status == 302
    return page.leads_to


def answered(away: str, sub: str = "ada", **form: str) -> str:
    """Log in at the provider; the address of ours that it leads back to, without the host."""
    response = httpx.post(away, data={"sub": sub, **form})
    assert response.status_code == 302, response.text
    back = response.headers["Location"]
    assert back.startswith(f"{ADDRESS}/login/oidc/callback?")
    return str(back.removeprefix(ADDRESS))


def onward(page: Page) -> str:
    """Where the small page of ours leads on to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.html)
    assert found is not None, page.text
    return unescape(found[1])


def logged_in(browser: Browser, sub: str = "ada", start: str = "/login/oidc") -> Page:
    """The whole way there and back."""
    return browser.get(onward(browser.get(answered(sent_away(browser, start), sub))))


def why_refused(site: Site) -> list[str]:
    return [details for _, details in acted(site.store, "login_failed")]


def test_the_login_page_offers_both_ways(site: Site) -> None:
    page = site.browser().get("/login")
    assert "Log in with your work account" in page.text
    assert 'name="password"' in page.html


@pytest.mark.parametrize("sub", ["ada", "ada2"])
@pytest.mark.both_engines
def test_somebody_with_an_account_gets_in(site: Site, sub: str) -> None:
    browser = site.browser()
    assert logged_in(browser, sub).leads_to == "/"
    assert "Ada Lovelace" in browser.get("/account").text
    assert acted(site.store, "logged_in")[-1][1] == '{"by":"oidc"}'


def test_they_come_to_where_they_wanted(site: Site) -> None:
    browser = site.browser()
    start = re.search(r'href="(/login/oidc[^"]*)"', browser.get("/login?next=/account").html)
    assert start is not None
    assert logged_in(browser, start=unescape(start[1])).leads_to == "/account"


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_nobody_is_led_elsewhere(site: Site, wanted: str) -> None:
    start = f"/login/oidc?{urlencode({'next': wanted})}"
    assert logged_in(site.browser(), start=start).leads_to == "/"


def test_the_provider_is_asked_with_state_nonce_and_proof_of_who_asked(site: Site) -> None:
    asked = parse_qs(urlsplit(sent_away(site.browser())).query)
    assert asked["redirect_uri"] == [f"{ADDRESS}/login/oidc/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email profile"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))


def test_a_forged_host_changes_no_address(site: Site) -> None:
    page = site.browser().get("/login/oidc", headers={"Host": "evil.test"})
    assert page.status == 400


def test_the_provider_s_answer_is_looked_at_only_on_our_own_page_s_asking(site: Site) -> None:
    """SameSite=Strict keeps the cookie from what begins elsewhere; the second request has it."""
    browser = site.browser()
    back = answered(sent_away(browser))
    first = site.browser().get(back)  # as a browser that keeps the cookie to itself
    assert first.status == 200
    assert "Set-Cookie" not in first.headers
    assert browser.get(onward(first)).leads_to == "/"


@pytest.mark.parametrize(
    ("sub", "reason"),
    [
        ("stranger", "unknown person"),
        ("unverified", "email not verified"),
        ("unsaid", "email not verified"),
        ("blank", "claim missing"),
        ("odd", "claim missing"),
        ("nul", "unknown person"),
        ("entra", "email not verified"),
    ],
)
def test_who_is_not_vouched_for_or_not_known_is_refused(site: Site, sub: str, reason: str) -> None:
    browser = site.browser()
    page = logged_in(browser, sub)
    assert page.status == 403
    assert "You could not be logged in with your work account" in page.text
    assert why_refused(site) == [f'{{"by":"oidc","reason":"{reason}"}}']
    assert browser.get("/account").status == 302


def test_every_refusal_reads_the_same(site: Site) -> None:
    """Whether there is an account shows nowhere."""
    pages = [logged_in(site.browser(), sub).text for sub in ("stranger", "unverified", "blank")]
    assert len(set(pages)) == 1


def test_who_was_shut_out_is_refused(site: Site) -> None:
    with site.store.writing() as connection:
        ada = accounts.person_with_email(connection, "ada@landlord.test")
        assert ada is not None
        accounts.disable_person(connection, "person:P-2", site.now, ada.person_id)
    assert logged_in(site.browser()).status == 403


@pytest.mark.parametrize("claim", ["preferred_username"])
def test_the_claim_can_be_another(
    store: QueueStore, tmp_path: Path, provider: str, claim: str
) -> None:
    site = a_site(store, tmp_path / "home", oidc_issuer=provider, oidc_claim=claim, **CLIENT)
    a_person(store, site.now)
    assert logged_in(site.browser(), "entra").leads_to == "/"
    assert logged_in(site.browser(), "ada").status == 403


# attackers


def changed(back: str, **query: str | None) -> str:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    asked |= {"here": "1"}
    asked |= {name: value for name, value in query.items() if value is not None}
    kept = {name: value for name, value in asked.items() if query.get(name, "") is not None}
    return f"/login/oidc/callback?{urlencode(kept)}"


@pytest.mark.parametrize("state", [None, "", "forged", "x" * 5000])
def test_a_forged_or_missing_state_is_refused(site: Site, state: str | None) -> None:
    browser = site.browser()
    back = answered(sent_away(browser))
    page = browser.get(changed(back, state=state))
    assert page.status == 403
    assert why_refused(site) == ['{"by":"oidc","reason":"MismatchingStateError"}']


def test_anothers_answer_is_refused(site: Site) -> None:
    """Somebody sends their own answer to a colleague, to have them work in the wrong account."""
    mine, theirs = site.browser(), site.browser()
    sent_away(theirs)
    page = theirs.get(changed(answered(sent_away(mine))))
    assert page.status == 403


def test_an_answer_is_good_once(site: Site) -> None:
    browser = site.browser()
    again = changed(answered(sent_away(browser)))
    assert browser.get(again).status == 302
    assert browser.get(again).status == 403
    assert site.browser().get(again).status == 403


def test_a_wrong_nonce_is_refused(site: Site) -> None:
    """The provider's answer to another question, slipped into this one."""
    browser = site.browser()
    back = answered(re.sub(r"nonce=[^&]+", "nonce=another-question-entirely", sent_away(browser)))
    page = browser.get(changed(back))
    assert page.status == 403
    (why,) = why_refused(site)
    assert "Claim" in why


@pytest.mark.parametrize("code", [None, "", "forged"])
def test_a_forged_or_missing_code_is_refused(site: Site, code: str | None) -> None:
    browser = site.browser()
    page = browser.get(changed(answered(sent_away(browser)), code=code))
    assert page.status == 403
    assert len(why_refused(site)) == 1


def test_who_says_no_at_the_provider_is_not_let_in(site: Site) -> None:
    browser = site.browser()
    sent_away(browser)
    page = browser.get(changed("/?", error="access_denied", error_description="<script>x</script>"))
    assert page.status == 403
    assert "script>x" not in page.html
    assert "access_denied" not in page.text


def test_the_small_page_leads_nowhere_else(site: Site) -> None:
    query = {"state": '"><script>x</script>', "code": "0; url=https://evil.test", "next": "//evil"}
    page = site.browser().get(f"/login/oidc/callback?{urlencode(query)}")
    assert onward(page).startswith("/login/oidc/callback?")
    assert "<script>x" not in page.html
    assert "//evil" not in onward(page)


def test_the_session_is_a_new_one(site: Site) -> None:
    browser = site.browser()
    before = browser.session_token()
    logged_in(browser)
    first = browser.session_token()
    assert first not in ("", before)
    logged_in(browser)
    assert browser.session_token() != first


# providers that are not there, or not who they say


def test_a_provider_that_does_not_answer_is_told_plainly(store: QueueStore, tmp_path: Path) -> None:
    nowhere = f"http://localhost:{free_port()}"
    site = a_site(store, tmp_path / "home", oidc_issuer=nowhere, **CLIENT)
    browser = site.browser()
    assert browser.get("/login").status == 200  # nothing is asked of it before it is needed
    page = browser.get("/login/oidc")
    assert page.status == 503
    assert "is not responding" in page.text
    assert why_refused(site) == ['{"by":"oidc","reason":"provider down"}']


@pytest.mark.parametrize("answer", [b"<html>Sign in to the Wi-Fi</html>", b"{}", b"[]"])
def test_what_is_no_provider_is_refused(store: QueueStore, tmp_path: Path, answer: bytes) -> None:
    with web_server(answer=answer) as web:
        site = a_site(store, tmp_path / "home", oidc_issuer=web.url, **CLIENT)
        page = site.browser().get("/login/oidc")
    assert page.status in (403, 503)
    assert len(why_refused(site)) == 1


def test_a_provider_that_signs_by_another_name_is_refused(
    store: QueueStore, tmp_path: Path, provider: str
) -> None:
    """What is found at the address that is set says it is somebody else."""
    described = httpx.get(f"{provider}/.well-known/openid-configuration").content
    with web_server(answer=described) as web:
        site = a_site(store, tmp_path / "home", oidc_issuer=web.url, **CLIENT)
        a_person(store, site.now)
        assert logged_in(site.browser()).status == 403
    (why,) = why_refused(site)
    assert "Claim" in why


@pytest.mark.parametrize("url", ["/login/oidc", "/login/oidc/callback?code=x&state=y"])
def test_where_no_provider_is_set_there_is_no_such_page(
    store: QueueStore, tmp_path: Path, url: str
) -> None:
    site = a_site(store, tmp_path / "home")
    assert site.browser().get(url).status == 404
    assert "work account" not in site.browser().get("/login").text
