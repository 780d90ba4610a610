"""What holds for every page, as a real browser sees it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route

from builders.browser import running_browser
from builders.web import Site, a_site, serving
from redflags.adapters.store import open_store
from redflags.domain.people import Role

if TYPE_CHECKING:
    from conftest import Databases

WIDE, NARROW = 1280, 320
PAGES = ("/", "/login", "/no-such-page", "/account")


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
def screen(chromium: Chromium, site: Site, address: str) -> Iterator[Page]:
    """A window of somebody with every role and a long name, who can do whatever there is."""
    person = site.person(*Role, name="Adaeze Long-Surname of the Northern Team")
    context = chromium.new_context(viewport={"width": WIDE, "height": 800})
    cookie = site.client(person).cookie()
    context.add_cookies([{"name": "redflags", "value": cookie, "url": address}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_used_by_everybody(
    screen: Page, address: str, path: str, width: int
) -> None:
    screen.set_viewport_size({"width": width, "height": 800})
    screen.goto(address + path)
    violations = Axe().run(screen).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations] == []
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_no_page_asks_the_browser_for_what_it_forbids(screen: Page, address: str) -> None:
    complaints: list[str] = []
    screen.on("console", lambda message: complaints.append(message.text))
    screen.on("pageerror", lambda error: complaints.append(str(error)))
    screen.on("request", lambda request: complaints.append(request.url))
    screen.goto(f"{address}/account")
    screen.wait_for_load_state("networkidle")
    assert [said for said in complaints if not said.startswith(address)] == []
    assert screen.evaluate("document.body.classList.contains('govuk-frontend-supported')")


def test_shift_three_times_leaves_the_page_at_once(screen: Page, address: str, site: Site) -> None:
    away = site.program.reviewset.links.quick_exit
    screen.route(away, _weather)
    screen.goto(f"{address}/account")
    for _ in range(3):
        screen.keyboard.press("Shift")
    screen.wait_for_url(away)


def test_the_first_tab_leads_past_the_header(screen: Page, address: str) -> None:
    screen.goto(f"{address}/account")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    screen.keyboard.press("Enter")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_way_out_stays_in_sight(screen: Page, address: str) -> None:
    screen.set_viewport_size({"width": NARROW, "height": 300})
    screen.goto(f"{address}/account")
    screen.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    place = screen.locator(".govuk-exit-this-page__button").bounding_box()
    assert place is not None
    assert 0 <= place["y"] < 100


def test_what_is_printed_has_no_buttons(screen: Page, address: str) -> None:
    screen.goto(f"{address}/account")
    screen.emulate_media(media="print")
    assert not screen.locator(".rf-exit").is_visible()
    assert not screen.get_by_role("button", name="Sign out").is_visible()


def test_without_scripts_everything_is_there(chromium: Chromium, site: Site, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    cookie = site.client(site.person(Role.REVIEWER)).cookie()
    context.add_cookies([{"name": "redflags", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Sign out").click()
    assert page.url == f"{address}/login"
    context.close()


def _weather(route: Route) -> None:
    route.fulfill(body="weather")
