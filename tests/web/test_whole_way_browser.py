"""From the one-time link to the closed alert: `redflags serve` after a night, in a real browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyotp
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from builders.browser import running_browser
from builders.extracts import AS_OF, quiet_estate, three_lock_changes, with_rows, write_extracts
from builders.looking import look_at
from builders.nights import ROOT, Installation
from builders.servers import free_port

PASSWORD = "plum carriage Tuesday lantern"
REASON = "Three full lock changes and no reason given for any"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One night over a quiet estate in which one home had its locks changed three times."""
    folder = tmp_path_factory.mktemp("whole-way")
    landlord = with_rows(quiet_estate(), lock_changes=three_lock_changes(9))
    installation = Installation(folder / "home", write_extracts(folder / "extracts", landlord))
    ended = installation.night(AS_OF)
    assert ended.error is None
    return installation


@contextmanager
def serving(installation: Installation, log: Path) -> Iterator[str]:
    """`redflags serve` in a process of its own; its address."""
    port = free_port()
    words = [sys.executable, "-m", "redflags.cli", "serve", "--port", str(port)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("REDFLAGS_")}
    with log.open("w") as out:
        process = subprocess.Popen(
            words, cwd=ROOT, env=kept | installation.environment, stdout=out, stderr=out
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            assert process.wait(30) == 0


@dataclass
class Account:
    """Somebody's way in."""

    email: str
    key: str


def first_line(log: Path, pattern: str, process_seconds: float = 60) -> str:
    import time

    deadline = time.monotonic() + process_seconds
    while time.monotonic() < deadline:
        if found := re.search(pattern, log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"nothing like {pattern} was said: {log.read_text()}")


def set_up_account(page: Page, link: str) -> str:
    """Use a one-time link as a person would; the key of their authenticator app."""
    page.goto(link)
    look_at(page, "whole-way-welcome")
    key = re.search(r"[A-Z2-7]{4}(?: [A-Z2-7]{4}){4,}", page.inner_text("main"))
    assert key is not None
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_label("Code from your app").fill(pyotp.TOTP(key[0].replace(" ", "")).now())
    page.get_by_role("button", name="Finish and log in").click()
    return key[0]


def test_from_the_one_time_link_to_the_closed_alert(
    installation: Installation, tmp_path: Path
) -> None:
    log = tmp_path / "serve.log"
    with serving(installation, log) as address, running_browser() as chromium:
        link = first_line(log, r"http://\S+/welcome/\S+")
        reviewers_link = admin_adds_a_reviewer(chromium, address, link)
        page = window(chromium)
        set_up_account(page, reviewers_link)
        reviewer_works_an_alert(page)
        page.goto(link)
        assert page.get_by_label("New password").count() == 0, "a link is good once"
    verified = installation.run("audit", "verify")
    assert verified.code == 0, verified.err
    assert log.read_text().count("welcome/") == 1, "addresses asked for are not logged"


def window(chromium: Chromium) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    return page


def admin_adds_a_reviewer(chromium: Chromium, address: str, link: str) -> str:
    """The first administrator sets up an account and adds somebody; that person's link."""
    page = window(chromium)
    set_up_account(page, link)
    look_at(page, "whole-way-people")
    page.get_by_text("Add a person").click()
    look_at(page, "whole-way-add-somebody")
    page.get_by_label("Name").fill("Ria Reviewer")
    page.get_by_label("Email address").fill("ria@landlord.test")
    page.get_by_label("Reviewer").check()
    page.get_by_label("They work in every area").check()
    page.get_by_role("button", name=re.compile("Add")).click()
    look_at(page, "whole-way-link")
    found = re.search(r"http://\S+/welcome/\S+", page.inner_text("main"))
    assert found is not None
    page.context.close()
    return found[0]


def reviewer_works_an_alert(page: Page) -> None:
    """Take, decide, plan, contact, record, close."""
    look_at(page, "whole-way-work")
    page.get_by_role("button", name="Take the next alert").click()
    look_at(page, "whole-way-alert")
    assert "3 lock changes" in page.inner_text("main")
    assert not page.locator("input[type=radio]:checked").count(), "nothing is preset"
    page.get_by_label("Make a welfare check").check()
    page.get_by_label("Who will make the welfare check?").select_option(index=1)
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Record the decision").click()
    look_at(page, "whole-way-decided")
    page.get_by_role("link", name="Go to the welfare check").click()
    look_at(page, "whole-way-check")
    plan_contact(page)
    try_contact(page)
    record_and_close(page)


def plan_contact(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Plan safe contact")).click()
    look_at(page, "whole-way-plan")
    page.get_by_label("A visit to the home").check()
    page.get_by_label("When is it safe?").fill("Weekday mornings")
    page.get_by_label("Who must not be told?").fill("Anybody else in the home")
    page.get_by_label("What will you say it is about?").fill("The yearly smoke alarm check")
    page.get_by_label("I will not leave a voicemail").check()
    page.get_by_role("button", name="Save the plan").click()


def try_contact(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Log an attempt")).click()
    look_at(page, "whole-way-attempt")
    now = datetime.now(ZoneInfo("Europe/London"))
    parts = page.get_by_role("group", name="When did you try?").get_by_role("textbox").all()
    answers = (str(now.day), str(now.month), str(now.year), now.strftime("%H:%M"))
    for part, answer in zip(parts, answers, strict=True):
        part.fill(answer)
    page.get_by_role("group", name="How did you try?").get_by_label("A visit to the home").check()
    page.get_by_role("group", name="What happened?").get_by_label("Spoke to them alone").check()
    page.get_by_role("button", name="Log the attempt").click()


def record_and_close(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Record the outcome")).click()
    look_at(page, "whole-way-outcome")
    page.get_by_label("Needed help, and got it").check()
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("link", name=re.compile("^Close")).click()
    look_at(page, "whole-way-close")
    page.get_by_label("Why are you closing it?").fill("A lock that locks, and a number to call")
    page.get_by_role("button", name="Close the alert").click()
    look_at(page, "whole-way-closed")
    assert re.search("closed", page.inner_text("main"), re.I)
