"""A repairs API on this machine that misbehaves as it is told: real HTTP, no double of our code."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked for."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


@dataclass
class Reply:
    """What it gets; `content` in bytes instead of the JSON `document` when given."""

    document: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None


Behave = Callable[[Request], Reply]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    behave: Behave
    requests: list[Request]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"

    @property
    def pages(self) -> list[int]:
        """The page numbers asked for, in their order."""
        return [int(r.query["page"]) for r in self.requests if "page" in r.query]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        request = Request(url.path, query, dict(self.headers.items()), body)
        self.server.requests.append(request)
        reply = self.server.behave(request)
        content = json.dumps(reply.document).encode() if reply.content is None else reply.content
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the name http.server calls

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving(behave: Behave) -> Iterator[Server]:
    """A server on a free port for as long as the block lasts."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.behave, server.requests = behave, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def orders(count: int, first: int = 1) -> list[dict[str, Any]]:
    """Repair orders with references 1, 2, …"""
    return [
        {"reference": f"{n}", "home": f"{n:08}", "raised": "2026-11-05T10:00:00"}
        for n in range(first, first + count)
    ]


def paged(everything: list[Any], cap: int = 50) -> Behave:
    """Numbered pages from 1 of at most `cap` records, whatever size is asked for."""

    def behave(request: Request) -> Reply:
        page, asked = int(request.query["page"]), int(request.query["pageSize"])
        size = min(asked, cap)
        return Reply(everything[(page - 1) * size : page * size] if page > 0 else [])

    return behave


def gzipped(document: Any) -> Reply:
    content = gzip.compress(json.dumps(document).encode())
    return Reply(content=content, headers={"Content-Encoding": "gzip"})
