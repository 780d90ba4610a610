"""A repairs API over HTTP: pages, tasks, tokens, and servers that do not play along."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from builders.sources import mapped_source, nothing_is_taken, refusals, taken
from redflags.analysis.extracts import Extract
from redflags.errors import SourceRefused, SourceUnavailable

MAPPING = """
enabled = true
kind = "json"
url_env = "API"
token_env = "TOKEN"
timeout_seconds = 0.5
paging = { page = "PageNumber", page_size = "PageSize", size = 2 }
[tables.repairs]
resource = "workOrders"
items = "results"
[tables.repairs.columns]
work_order_ref = "reference"
property_ref = "propertyReference"
raised_at = "dateRaised"
cost_gbp = "task.total"
[tables.repairs.join.task]
resource = "workOrders/{reference}/tasks"
sum = { total = ["quantity", "cost"] }
"""
ORDERS = [
    {"reference": f"W/{n}", "propertyReference": f"000{n}", "dateRaised": "2026-01-05T10:00:00"}
    for n in range(1, 6)
]


class RepairsApi(ThreadingHTTPServer):
    """Five orders; the odd ones have tasks. `trouble` is the status answered from `page` on."""

    daemon_threads = True
    trouble = 0
    trouble_from_page = 1
    silence_seconds = 0.0
    token = "open-sesame"
    seen: list[str]


class Handler(BaseHTTPRequestHandler):
    server: RepairsApi

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        url = urlsplit(self.path)
        page = int(parse_qs(url.query).get("PageNumber", ["0"])[0])
        if self.server.silence_seconds:
            threading.Event().wait(self.server.silence_seconds)
        if self.server.trouble and page >= self.server.trouble_from_page:
            self.answer(self.server.trouble, {})
        elif self.headers["Authorization"] != f"Bearer {self.server.token}":
            self.answer(401, {})
        elif url.path == "/api/workOrders":
            self.answer(200, {"results": ORDERS[page * 2 - 2 : page * 2]})
        elif url.path in ("/api/workOrders/W%2F1/tasks", "/api/workOrders/W%2F3/tasks"):
            self.answer(200, [{"quantity": 2, "cost": 1.5}, {"quantity": 1, "cost": 10}])
        else:
            self.answer(404, {})

    def answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def api() -> Iterator[RepairsApi]:
    with RepairsApi(("127.0.0.1", 0), Handler) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _page_of(path: str) -> int:
    return int(parse_qs(urlsplit(path).query)["PageNumber"][0])


def source_of(api: RepairsApi, tmp_path: Path, token: str = "open-sesame"):
    url = f"http://127.0.0.1:{api.server_port}/api/"
    return mapped_source(MAPPING, tmp_path, tmp_path, {"API": url, "TOKEN": token})


def test_all_pages_come_and_each_order_costs_its_tasks(api: RepairsApi, tmp_path: Path) -> None:
    repairs = taken(source_of(api, tmp_path))["repairs"]

    assert repairs.values("work_order_ref") == ["W/1", "W/2", "W/3", "W/4", "W/5"]
    assert repairs.values("cost_gbp") == ["13.00", None, "13.00", None, None]
    assert repairs.values("_row") == [1, 2, 3, 4, 5]
    assert repairs.extract.fingerprint == ""
    # three pages, two empty ones to be sure of the end, and whether pages are counted from 0
    assert [_page_of(path) for path in api.seen if "PageNumber" in path] == [1, 2, 3, 4, 5, 0]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_in_trouble_is_worth_another_try(
    api: RepairsApi, tmp_path: Path, status: int
) -> None:
    api.trouble = status

    with pytest.raises(SourceUnavailable, match=str(status)):
        list(source_of(api, tmp_path).extracts(nothing_is_taken))


def test_trouble_on_a_later_page_breaks_off_the_rows(api: RepairsApi, tmp_path: Path) -> None:
    api.trouble, api.trouble_from_page = 502, 2
    extracts = source_of(api, tmp_path).extracts(nothing_is_taken)
    extract = next(extracts)
    assert isinstance(extract, Extract)

    with pytest.raises(SourceUnavailable):
        extract.rows.read_all()

    assert [type(error) for error in extract.failures] == [SourceUnavailable]


def test_a_server_that_takes_too_long_is_worth_another_try(api: RepairsApi, tmp_path: Path) -> None:
    api.silence_seconds = 1.0

    with pytest.raises(SourceUnavailable, match="Timeout"):
        list(source_of(api, tmp_path).extracts(nothing_is_taken))


def test_a_server_that_is_not_there_is_worth_another_try(tmp_path: Path) -> None:
    with RepairsApi(("127.0.0.1", 0), Handler) as server:
        source = source_of(server, tmp_path)

    with pytest.raises(SourceUnavailable, match="ConnectError"):
        list(source.extracts(nothing_is_taken))


def test_a_wrong_token_is_refused_and_not_shown(api: RepairsApi, tmp_path: Path) -> None:
    source = source_of(api, tmp_path, token="hunter2")

    (refusal,) = refusals(source)

    assert isinstance(refusal.error, SourceRefused)
    assert "401" in str(refusal.error)
    assert "hunter2" not in str(refusal.error) + repr(source)
