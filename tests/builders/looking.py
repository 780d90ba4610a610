"""What holds of every page that a test looks at, and the pictures that are kept of them."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ARTIFACTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
WIDE, NARROW, ZOOMED = 1280, 320, 640
NEVER_SAID = ("domestic", "abuse", "violence", "victim", "perpetrator")


def look_at(page: Page, name: str) -> None:
    """Keep a picture of the page, wide and narrow; nobody is shut out, nothing is given away.

    320 px is a small phone; 640 px is what a window of 1280 holds at 200 % zoom (WCAG 1.4.4).
    """
    for width in (NARROW, ZOOMED, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{name}: wider than a window of {width} px"
        )
        if width != ZOOMED:
            _keep(page, f"{name}-{width}")
    violations = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in violations] == [], name
    said = f"{page.title()} {page.url}".lower()
    assert not [word for word in NEVER_SAID if word in said], f"{name}: {said}"


def _keep(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=os.fspath(ARTIFACTS / f"{name}.png"), full_page=True)
