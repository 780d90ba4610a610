"""Logging in as a real browser does it, and our pages as everybody can use them."""

from collections.abc import Iterator
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Request
from werkzeug.serving import make_server

from builders.browser import running_browser
from builders.people import a_link, a_person
from builders.servers import free_port
from builders.web import Site, a_site, serving
from redflags.adapters.store import open_store
from redflags.casework.accounts.one_time_codes import code_at, step_at
from redflags.domain.people import Role

if TYPE_CHECKING:
    from conftest import Databases

WIDE, NARROW = 1280, 320
ADA = User(sub="ada", claims={"email": "ada@landlord.test", "email_verified": True})

CLIENT = {"oidc_client_id": "redflags", "oidc_client_secret": "shared with the provider"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(sqlite_databases: "Databases", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_store(sqlite_databases.migrated()) as store:
        yield a_site(store, tmp_path_factory.mktemp("site") / "home", testing=False)


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture
def window(chromium: Chromium) -> Iterator[Page]:
    """A browser of somebody who was never here."""
    context = chromium.new_context(viewport={"width": WIDE, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def faults_on(window: Page) -> list[tuple[str, str]]:
    violations = Axe().run(window).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in violations]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_of_accounts_can_be_used_by_everybody(
    window: Page, site: Site, address: str, width: int
) -> None:
    admin = site.person(Role.ADMIN)
    other = site.person(Role.REVIEWER, patches=("north",))
    link = a_link(site.store, other, site.now)
    cookie = site.client(admin).cookie()
    window.set_viewport_size({"width": width, "height": 800})
    found = {}
    for path in ("/login", f"/welcome/{link}", "/welcome/no-such-link"):
        window.goto(address + path)
        found[path] = faults_on(window)
    window.context.add_cookies([{"name": "redflags", "value": cookie, "url": address}])
    one = f"/people/{other.person_id}"
    own = f"/people/{admin.person_id}"
    pages = ("/account", "/account/password", "/account/interest", "/people", "/people/add")
    for path in (*pages, one, own, f"{one}/barrier"):
        window.goto(address + path)
        found[path] = faults_on(window)
        assert window.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    window.goto(address + one)
    window.get_by_role("button", name="Make a new link").click()
    found["link"] = faults_on(window)
    assert found == {place: [] for place in found}


def test_a_one_time_link_and_then_a_login(window: Page, site: Site, address: str) -> None:
    bo = a_person(site.store, site.now, email="bo@landlord.test", name="Bo Diddley")
    token = a_link(site.store, bo, site.now)
    secret = site.program.account_keys.enrolment_secret(token)
    password = "six white geese flying"

    window.goto(f"{address}/welcome/{token}")
    window.get_by_label("New password").fill(password)
    window.get_by_label("Repeat the password").fill(password)
    window.get_by_label("Code from your app").fill(code_at(secret, step_at(site.now)))
    window.get_by_role("button", name="Finish and log in").click()
    assert window.get_by_role("link", name="Bo Diddley").is_visible()
    window.get_by_role("button", name="Sign out").click()

    site.later(minutes=1)
    window.get_by_label("Email address").fill(bo.email)
    window.get_by_label("Password", exact=True).fill(password)
    window.get_by_label("Code from your app").fill(code_at(secret, step_at(site.now)))
    window.get_by_role("button", name="Log in").click()
    assert window.get_by_role("link", name="Bo Diddley").is_visible()


@pytest.fixture
def with_a_provider(
    sqlite_databases: "Databases", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A site on 127.0.0.1 and its provider on localhost: for a browser, two different sites."""
    port = free_port()
    home = tmp_path_factory.mktemp("oidc") / "home"
    address = f"http://127.0.0.1:{port}"
    with (
        run_server_in_thread(user_claims=[ADA]) as provider,
        open_store(sqlite_databases.migrated()) as store,
    ):
        issuer = f"http://localhost:{provider.server_port}"
        settings = {"review_url": address, "oidc_issuer": issuer, **CLIENT}
        site = a_site(store, home, **settings)
        a_person(store, site.now)
        server = make_server("127.0.0.1", port, site.app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield address
        server.shutdown()
        thread.join()


def test_a_work_account_logs_in_though_the_cookie_stays_on_our_site(
    window: Page, with_a_provider: str
) -> None:
    """The provider's answer comes without our cookie, and our own page fetches it."""
    asked: list[tuple[str, bool]] = []

    def note(request: Request) -> None:
        if "/login/oidc/callback" in request.url:
            cookies = request.all_headers().get("cookie", "")
            asked.append(("here" in request.url, "redflags=" in cookies))

    window.on("requestfinished", note)
    window.goto(f"{with_a_provider}/login")
    window.get_by_role("button", name="Log in with your work account").click()
    window.get_by_role("button", name="ada").click()
    window.get_by_role("link", name="Ada Lovelace").wait_for()
    assert asked == [(False, False), (True, True)]
