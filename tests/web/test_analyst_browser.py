"""Sliders in a real browser: at once what one does alone, by the button what they do together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext

from builders.browser import running_browser
from builders.kept_nights import keep_nights
from builders.web import Site, a_site, serving
from redflags.adapters.store import open_store
from redflags.domain.people import Role

if TYPE_CHECKING:
    from conftest import Databases

WIDE, NARROW = 1200, 320


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(sqlite_databases: "Databases", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_store(sqlite_databases.migrated()) as store:
        made = a_site(store, tmp_path_factory.mktemp("site") / "home", testing=False)
        keep_nights(made, [3] * 8 + [2] * 7)
        yield made


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serving(site) as address:
        yield f"{address}/analyst"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def window(
    chromium: Chromium, site: Site, address: str, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    viewport = {"width": WIDE, "height": 800}
    context = chromium.new_context(viewport=viewport, java_script_enabled=request.param)  # type: ignore[arg-type]
    cookie = site.client(site.person(Role.ANALYST)).cookie()
    context.add_cookies([{"name": "redflags", "value": cookie, "url": address}])
    context.set_default_timeout(10_000)
    yield context
    context.close()


def test_the_button_works_with_and_without_scripts(window: BrowserContext, address: str) -> None:
    page = window.new_page()
    page.goto(address)
    page.get_by_role("spinbutton", name="Many lock changes").fill("2")
    page.get_by_role("button", name="Work out the result").click()
    assert "15 flagged on the latest night" in page.locator("dl").inner_text()


@pytest.mark.parametrize("window", [True], indirect=True)
def test_a_slider_says_at_once_what_it_does_alone(window: BrowserContext, address: str) -> None:
    page = window.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.get_by_role("slider", name="Many lock changes").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("spinbutton", name="Many lock changes").input_value() == "2"
    said = page.locator("output").first.inner_text()
    assert said.startswith("If this alone changes: ")
    assert "15 flagged" in said
    assert faults == []


@pytest.mark.parametrize("window", [True], indirect=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everybody_can_use_it(window: BrowserContext, address: str, width: int) -> None:
    page = window.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).violations_count == 0
