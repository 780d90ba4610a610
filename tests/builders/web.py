"""The review queue as people meet it: a site on a database, people, and a browser for each.

::

    def test_a_reviewer_sees_what_waits(site):
        page = site.browser(Role.REVIEWER).get("/queue")
        assert page.status == 200
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from types import CodeType
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from werkzeug.serving import make_server

from builders.pages import Form, Page
from redflags.adapters.store import QueueStore
from redflags.bootstrap import Program
from redflags.casework.accounts import add_person, open_session
from redflags.domain.people import Person, Role
from redflags.settings import Settings
from redflags.web.shell.app import create_app
from redflags.web.shell.request_context import Workplace, furnish

CONFIG = Path(__file__).parents[2] / "config"
ADDRESS = "https://queue.landlord.test"
START = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
SECRET = "a secret of the tests, long enough"

Data = Mapping[str, object]


class CompiledOnce(BytecodeCache):
    """Templates compiled once a process: each site would spend most of its time on that."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledOnce()


@dataclass
class Browser:
    """Somebody's browser; follows no redirect by itself."""

    site: "Site"
    client: FlaskClient
    person: Person | None = None

    def get(self, url: str, **more: Any) -> Page:
        return Page(self.client.get(url, base_url=ADDRESS, **more))

    def follow(self, page: Page) -> Page:
        """Where `page` leads to."""
        return self.get(page.leads_to)

    def post_form(self, url: str, data: Data | None = None, *, on: str = "") -> Page:
        """Fill in the form for `url` on the page `on` (the same address unless told) and send it.

        What the page put into the form goes along: token, version, hidden fields.
        """
        page = self.get(on or url)
        assert page.status == 200, f"{on or url}: {page.status} {page.leads_to}"
        form = next((f for f in page.forms() if _is_for(f, url, on or url)), None)
        assert form is not None, f"no form for {url} on {on or url}"
        return self.send(url, {**form.fields, **(data or {})})

    def forge(self, url: str, data: Data | None = None) -> Page:
        """Send what no page of theirs has, with a good token: as somebody with tools would."""
        return self.send(url, {"csrf_token": self.token(), **(data or {})})

    def send(self, url: str, data: Data, **more: Any) -> Page:
        return Page(self.client.post(url, data=dict(data), base_url=ADDRESS, **more))

    def token(self) -> str:
        """A good token against forgery, from a page that they have whatever their role."""
        page = self.get("/no-such-page" if self.person else "/login")
        return page.forms()[0].fields["csrf_token"][0]

    def cookie(self) -> str:
        """What a real browser would hold of this session."""
        held = self.client.get_cookie("redflags", domain=urlsplit(ADDRESS).hostname or "")
        assert held is not None
        return held.value

    def session_token(self) -> str:
        with self.client.session_transaction(base_url=ADDRESS) as cookie:
            return str(cookie.get("_user_id", ""))


@dataclass
class Site:
    """The application on an open store, with a clock that stands still until told."""

    app: Flask
    program: Program
    store: QueueStore
    now: datetime = START
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def later(self, **span: float) -> None:
        """Let time pass: ``site.later(minutes=16)``."""
        self.now += timedelta(**span)

    def person(
        self, *roles: Role, patches: tuple[str, ...] = (), every_patch: bool = False, name: str = ""
    ) -> Person:
        """An account with `roles`, for `every_patch` unless told which."""
        number = next(self.numbers)
        with self.store.writing() as connection:
            return add_person(
                connection,
                "test",
                self.now,
                email=f"p{number}@landlord.test",
                name=name or f"Person {number}",
                roles=roles,
                patches=patches,
                every_patch=every_patch or not patches,
            )

    def client(self, person: Person | None = None) -> Browser:
        """A browser of `person`, logged in by a real session; of nobody without one."""
        browser = Browser(self, self.app.test_client(), person)
        if person is not None:
            with self.store.writing() as connection:
                token = open_session(connection, person.person_id, self.now)
            with browser.client.session_transaction(base_url=ADDRESS) as cookie:
                cookie["_user_id"] = token
                cookie["touched"] = int(self.now.timestamp())
        return browser

    def browser(self, *roles: Role, **more: Any) -> Browser:
        """A new person with `roles`, logged in; nobody without any."""
        return self.client(self.person(*roles, **more) if roles else None)

    @contextmanager
    def counting(self) -> Iterator["Cost"]:
        """What the block costs: ``with site.counting() as cost: browser.get(...)``."""
        with counting(self.store) as cost:
            yield cost


@dataclass
class Cost:
    """SQL statements (without BEGIN and the setting of time limits) and seconds."""

    statements: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def queries(self) -> int:
        return len(self.statements)


@contextmanager
def counting(store: QueueStore) -> Iterator[Cost]:
    """Count what is asked of the database inside the block."""
    cost = Cost()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SET LOCAL")):
            cost.statements.append(statement)

    engine = store._engine
    event.listen(engine, "before_cursor_execute", note)
    began = time.perf_counter()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - began
        event.remove(engine, "before_cursor_execute", note)


def a_site(store: QueueStore, home: Path, testing: bool = True, **settings: Any) -> Site:
    """A site on `store`, its application its own.

    `testing`: an error of ours fails the test instead of making a page.
    """
    site = Site(Flask(__name__), _a_program(home, **settings), store)
    site.app = create_app(site.program, store, now=lambda: site.now, testing=testing)
    site.app.jinja_env.bytecode_cache = TEMPLATES
    return site


def a_site_in(app: Flask, store: QueueStore, home: Path) -> Site:
    """A site on `store` in an application that other tests had before; it remembers nothing."""
    site = Site(app, _a_program(home), store)
    furnish(app.extensions, Workplace(site.program, store, lambda: site.now))
    return site


def _a_program(home: Path, **settings: Any) -> Program:
    home.mkdir(parents=True, exist_ok=True)
    chosen = {"review_url": ADDRESS, "secret_key": SECRET, **settings}
    return Program(Settings(home=home, config=CONFIG, **chosen))


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """The site on a port of its own, for a real browser; its address."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def acts(store: QueueStore, action: str = "") -> list[dict[str, Any]]:
    """The audit trail, oldest first: all of it, or the entries of one action."""
    from sqlalchemy import select

    from redflags.adapters.store.tables import AUDIT_EVENTS

    with store.reading() as connection:
        rows = connection.execute(select(AUDIT_EVENTS).order_by(AUDIT_EVENTS.c.entry_no))
        found = [dict(row._mapping) for row in rows]
    return [entry for entry in found if action in ("", entry["action"])]


def _is_for(form: Form, url: str, page_url: str) -> bool:
    return form.method == "post" and urljoin(page_url, form.action) == urlsplit(url).path
