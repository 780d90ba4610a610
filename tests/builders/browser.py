"""A real browser: found where `.ci/browser` finds or puts it, and told apart when it is missing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Chromium, headless. Without one the tests skip, and fail in CI."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        except Error:
            if os.environ.get("CI"):
                pytest.fail("expected a Chromium to test with, found none: run .ci/browser")
            pytest.skip("no Chromium here: run .ci/browser")
        yield browser
        browser.close()
