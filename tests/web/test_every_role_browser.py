"""Every page that somebody can come to by following links, role by role, in a real browser.

Pictures of all of them are kept in ``artifacts/screenshots`` to be looked at.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page
from sqlalchemy import insert

from builders.alert_pages import decide, raised, take
from builders.browser import running_browser
from builders.check_pages import Check, a_check
from builders.looking import look_at
from builders.store import a_reason, an_alert
from builders.web import Site, a_site, serving
from redflags.adapters.store import open_store
from redflags.adapters.store.case_tables import QUALITY_CHECKS
from redflags.domain.alert import Priority, Routing
from redflags.domain.people import Person, Role
from redflags.domain.property_reference import Home
from redflags.domain.queue_state import SampledHousehold

if TYPE_CHECKING:
    from conftest import Databases

MOST_PAGES = 45
MORE_DOORS = {Role.REVIEWER: ("/alerts/a1/check",)}
"""Of many alerts the walk opens one; the one with a welfare check is worth a look, too."""
AN_ID = re.compile(r"(?<=/)(?:P-|R-|Q-|a\d)[\w-]*|(?<=/)[0-9a-f-]{16,}")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(sqlite_databases: "Databases", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_store(sqlite_databases.migrated()) as store:
        yield a_site(store, tmp_path_factory.mktemp("roles") / "home", testing=False)


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture(scope="module")
def people(site: Site) -> dict[Role, Person]:
    """One person a role, and a queue with something in every state for them to find."""
    check = a_check(site)
    check.plans()
    check.tries(result="no_answer")
    check.asks()
    _fill_queue(site, check)
    assert check.ada.person is not None
    assert check.mona.person is not None
    hired = {Role.REVIEWER: check.ada.person, Role.MANAGER: check.mona.person}
    return {role: hired.get(role) or site.person(role, name=f"Sam {role}") for role in Role}


def _fill_queue(site: Site, check: Check) -> None:
    """Claimed, waiting, closed and sampled, overdue, and one for the specialist alone."""
    locks = (a_reason("R-2", "R-3", sentence="2 lock changes since March 2026"),)
    numbers = range(2, 8)
    raised(site, *(an_alert(f"a{n}", f"000{n}", reasons=locks) for n in numbers))
    raised(site, an_alert("a8", "0008", priority=Priority.FIRST, routing=Routing.SPECIALIST))
    take(check.ada, "a2")
    take(check.ada, "a3")
    closing = {"decision": "no_check_needed", "reason": "The works were ours"}
    assert decide(check.ada, "a3", **closing).status == 302
    with site.store.queue_transaction(site.now.date(), "night", site.now) as queue:
        queue.publish_homes([Home("0090", "P-90", "north", Routing.GENERAL)])
        queue.record_sample(site.now.date(), [SampledHousehold("0090", 3.2, 41, "P-90", "north")])
    drawn = {"check_id": "Q-1", "drawn_on": site.now.date(), "alert_id": "a3"}
    with site.store.writing() as connection:
        connection.execute(insert(QUALITY_CHECKS).values(**drawn))


@pytest.mark.parametrize("role", list(Role))
def test_every_page_a_role_can_come_to_can_be_used_by_everybody(
    chromium: Chromium, site: Site, address: str, people: dict[Role, Person], role: Role
) -> None:
    page = _window(chromium, site, address, people[role])
    seen = _walk(page, address, role)
    page.context.close()
    assert 2 <= len(seen) < MOST_PAGES, seen


def _window(chromium: Chromium, site: Site, address: str, person: Person) -> Page:
    context = chromium.new_context()
    cookie = site.client(person).cookie()
    context.add_cookies([{"name": "redflags", "value": cookie, "url": address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def _walk(page: Page, address: str, role: Role) -> set[str]:
    """Follow every link once for each kind of page; no link leads nowhere."""
    seen: set[str] = set()
    waiting = ["/", *MORE_DOORS.get(role, ())]
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        kind = _kind(urlsplit(page.url).path)
        if kind in seen:
            continue
        seen.add(kind)
        look_at(page, f"{role}{kind.replace('/', '-')}")
        waiting += [link for link in _links(page, address) if _kind(link) not in seen]
    return seen


def _links(page: Page, address: str) -> list[str]:
    """Paths of this site that the page links to, in order."""
    hrefs = [link.get_attribute("href") or "" for link in page.locator("a").all()]
    targets = [urlsplit(urljoin(page.url, href)) for href in hrefs if not href.startswith("#")]
    here = urlsplit(address).netloc
    paths = [f"{t.path}?{t.query}" if t.query else t.path for t in targets if t.netloc == here]
    return list(dict.fromkeys(paths))


def _kind(path: str) -> str:
    """The path without what names one alert, person or referral, and without its query."""
    return AN_ID.sub("one", path.partition("?")[0])
