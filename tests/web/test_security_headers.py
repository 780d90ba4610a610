"""What every answer carries, and what no request gets away with."""

import re
from pathlib import Path

import pytest
from flask import Blueprint

from builders.web import ADDRESS, Browser, Page, Site, a_site, acts
from redflags.adapters.store import QueueStore
from redflags.domain.people import Role
from redflags.web.shell import forms
from redflags.web.shell.access import anybody, logged_in, safe_next
from redflags.web.shell.security import MOST_BYTES

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
ADDRESSES = (
    "/",
    "/login",
    "/no-such-page",
    "/health",
    "/undeclared",
    "/fails",
    "/words",
    "/words/x",
)


class WordsForm(forms.PageForm):
    text = forms.long_text("Text")


def _pages() -> Blueprint:
    pages = Blueprint("words", __name__)

    @pages.route("/words", methods=["GET", "POST"])
    @anybody
    def words() -> str:
        return "taken" if WordsForm().validate_on_submit() else "not taken"

    @pages.get("/words/<word>")
    @logged_in
    def word(word: str) -> str:
        return "reached"

    @pages.get("/undeclared")
    def undeclared() -> str:
        return "reached"

    @pages.get("/fails")
    @anybody
    def fails() -> str:
        raise ValueError

    return pages


def _site(store: QueueStore, home: Path, **settings: object) -> Site:
    site = a_site(store, home, testing=False, **settings)
    site.app.register_blueprint(_pages())
    return site


@pytest.fixture
def site(store: QueueStore, tmp_path: Path) -> Site:
    return _site(store, tmp_path / "home")


@pytest.fixture
def nobody(site: Site) -> Browser:
    return site.browser()


@pytest.fixture
def reviewer(site: Site) -> Browser:
    return site.browser(Role.REVIEWER)


def policy_of(page: Page) -> dict[str, str]:
    parts = page.headers["Content-Security-Policy"].split("; ")
    return {part.split(" ")[0]: part.partition(" ")[2] for part in parts}


# headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_them(nobody: Browser, address: str) -> None:
    page = nobody.get(address)
    assert {name: page.headers[name] for name in ALWAYS} == ALWAYS
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_script_or_style_runs_but_ours(reviewer: Browser, address: str) -> None:
    policy = policy_of(reviewer.get(address))
    scripts = policy.pop("script-src")
    assert re.fullmatch(r"'self' 'nonce-[\w-]{32}'", scripts)
    assert policy == POLICY


def test_the_nonce_is_new_each_time_and_the_page_has_it(reviewer: Browser) -> None:
    pages = [reviewer.get("/no-such-page") for _ in range(2)]
    nonces = [policy_of(page)["script-src"].split("nonce-")[1].rstrip("'") for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", page.answer)
        assert len(scripts) == 2
        assert all(f'nonce="{nonce}"' in script for script in scripts)


def test_no_page_brings_styles_or_handlers_inline(reviewer: Browser) -> None:
    html = reviewer.get("/no-such-page").html
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", html)


def test_without_tls_nothing_is_promised_about_it(nobody: Browser) -> None:
    answer = nobody.client.get("/login", base_url="http://127.0.0.1:8000")
    assert "Strict-Transport-Security" not in answer.headers


# the cookie


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", ADDRESS])
def test_the_cookie_is_for_this_site_only(site: Site, address: str) -> None:
    answer = site.app.test_client().get("/login", base_url=address)
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("redflags=")
    assert set(attributes) == {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"}


def test_a_cookie_of_one_s_own_making_is_worth_nothing(site: Site) -> None:
    forged = site.app.test_client()
    forged.set_cookie("redflags", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", domain="queue.landlord.test")
    assert forged.get("/words/x", base_url=ADDRESS).headers["Location"].startswith("/login")


def test_the_key_of_the_cookie_is_not_the_secret_itself(site: Site) -> None:
    key = site.app.config["SECRET_KEY"]
    assert len(key) == 32
    assert key not in (site.program.secret, site.program.secret[:32])


# static files


def test_a_static_file_with_its_version_may_be_kept_for_ever(nobody: Browser) -> None:
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', nobody.get("/no-such-page").html)
    assert len(links) == 4
    for link in links:
        page = nobody.get(link)
        assert page.status == 200
        assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in page.headers


def test_without_it_it_is_asked_for_again(nobody: Browser) -> None:
    assert nobody.get("/static/redflags.css").headers["Cache-Control"] == "no-cache"
    assert nobody.get("/static/none.css?v=1").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/app.py"])
def test_only_static_files_are_given_out(nobody: Browser, path: str) -> None:
    assert nobody.get(f"/static/{path}").status == 404


# hosts


@pytest.mark.parametrize(
    "host",
    ["evil.test", "queue.landlord.test.evil.test", "evil.test:443", "a b", "169.254.169.254"],
)
def test_a_host_that_is_not_ours_gets_nothing_to_follow(site: Site, host: str) -> None:
    answer = site.app.test_client().get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.get_data() == b"This address does not belong to this service.\n"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert acts(site.store, "refused")


@pytest.mark.parametrize(
    "host", ["queue.landlord.test", "queue.landlord.test:8443", "localhost:8000", "127.0.0.1"]
)
def test_the_hosts_that_are_ours_are_answered(site: Site, host: str) -> None:
    answer = site.app.test_client().get("/health", headers={"Host": host})
    assert answer.status_code == 200


def test_what_a_stranger_says_about_a_proxy_is_not_believed(site: Site) -> None:
    told = {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Host": "evil.test"}
    with site.app.test_request_context("/", base_url=ADDRESS, headers=told) as here:
        assert here.request.host == "queue.landlord.test"
        assert here.request.remote_addr != "9.9.9.9"


def test_our_own_proxy_is_believed_about_how_one_came_and_not_where_to(
    store: QueueStore, tmp_path: Path
) -> None:
    site = _site(store, tmp_path / "home", trusted_proxies=1)
    told = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9", "X-Forwarded-Proto": "https"}
    answer = site.app.test_client().get(
        "/health",
        base_url="http://localhost:8000",
        headers={**told, "X-Forwarded-Host": "evil.test"},
    )
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == ALWAYS["Strict-Transport-Security"]


# forgery


def test_a_form_without_a_token_is_refused(site: Site, reviewer: Browser) -> None:
    page = reviewer.send("/words", {"text": "zanzibar"})
    assert page.status == 400
    assert "zanzibar" not in page.html
    (entry,) = acts(site.store, "refused")
    assert entry["details"] == '{"endpoint":"words.words","status":400}'


def test_a_form_with_its_token_is_taken_without_a_referrer(reviewer: Browser) -> None:
    assert reviewer.forge("/words", {"text": "a"}).html == "taken"


def test_another_person_s_token_is_refused(site: Site, reviewer: Browser) -> None:
    other = site.browser(Role.REVIEWER)
    assert reviewer.send("/words", {"csrf_token": other.token(), "text": "a"}).status == 400


def test_a_token_of_one_session_is_refused_in_the_next(site: Site, reviewer: Browser) -> None:
    assert reviewer.person is not None
    token = reviewer.token()
    again = site.client(reviewer.person)
    assert again.send("/words", {"csrf_token": token, "text": "a"}).status == 400


def test_a_token_in_the_address_is_none(reviewer: Browser) -> None:
    assert reviewer.send(f"/words?csrf_token={reviewer.token()}", {"text": "a"}).status == 400


# sizes and odd characters


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_a_form_has_a_greatest_size(reviewer: Browser, extra: int, status: int) -> None:
    data = {"csrf_token": reviewer.token(), "text": ""}
    empty = len("&".join(f"{name}={value}" for name, value in data.items()))
    page = reviewer.send("/words", {**data, "text": "a" * (MOST_BYTES - empty + extra)})
    assert page.status == status
    if status == 413:
        assert "That is too long" in page.text


def test_a_file_in_a_form_has_no_greater_one(site: Site, reviewer: Browser) -> None:
    from io import BytesIO

    page = reviewer.send("/words", {"file": (BytesIO(b"a" * MOST_BYTES), "a.txt")})
    assert page.status == 413
    assert [entry["action"] for entry in acts(site.store, "refused")] == ["refused"]


def test_more_parts_than_any_form_has_are_refused(reviewer: Browser) -> None:
    parts = {f"field-{number}": "a" for number in range(1_000)}
    page = reviewer.send("/words", parts, content_type="multipart/form-data")
    assert page.status == 413


@pytest.mark.both_engines
def test_a_zero_character_gets_nowhere(reviewer: Browser) -> None:
    assert reviewer.get("/words/a%00b").status == 404
    assert reviewer.get("/words?q=a%00b").status == 400
    assert reviewer.forge("/words", {"text": "a\0b"}).status == 400
    assert reviewer.forge("/words", {"a\0b": "text"}).status == 400


# where a login leads


@pytest.mark.parametrize("target", ["/", "/queue", "/alerts/A-1?page=2", "/alerts/A-1#notes", "/é"])
def test_a_path_of_ours_is_followed(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "queue",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "\t//evil.test",
        " //evil.test",
        "/a\r\nSet-Cookie: a=b",
        "/a\0",
        "https://evil.test/",
        "https:evil.test",
        "javascript:alert(1)",
        "data:text/html,a",
        "//queue.landlord.test@evil.test",
        "/\u2028/evil.test",
        "//[",
    ],
)
def test_nothing_else_is(target: str | None) -> None:
    assert safe_next(target) == "/"
