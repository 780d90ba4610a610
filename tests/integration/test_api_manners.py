"""Tokens, patience, redirects, details and deadlines of a repairs API over real HTTP."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs

import pyarrow as pa
import pytest

from builders.api_server import Reply, Request, Server, gzipped, orders, serving
from builders.sources import mapped_source, nothing_is_taken
from redflags.adapters.sources.apis import api_connection
from redflags.adapters.sources.apis.api_connection import seconds_asked_for
from redflags.adapters.sources.apis.server_source import ServerSource
from redflags.analysis.extracts import Extract, LastPull
from redflags.errors import ConfigurationError, SourceError, SourceRefused, SourceUnavailable

MAPPING = """
enabled = true
kind = "json"
url_env = "API"
{options}
[tables.repairs]
resource = "workOrders"
{table}
[tables.repairs.columns]
work_order_ref = "reference"
property_ref = "home"
raised_at = "raised"
{columns}
"""
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def source_of(
    server: Server,
    tmp_path: Path,
    options: str = "",
    table: str = "",
    columns: str = "",
    **environment: str,
) -> ServerSource:
    text = MAPPING.format(options=options, table=table, columns=columns)
    source = mapped_source(text, tmp_path, tmp_path, {"API": server.url, **environment})
    assert isinstance(source, ServerSource)
    return replace(source, now=lambda: NOW)


def read(source: ServerSource) -> tuple[pa.Table, Extract]:
    """The rows of the only table; whatever is refused is raised."""
    for outcome in source.extracts(nothing_is_taken):
        if isinstance(outcome, Extract):
            return outcome.rows.read_all(), outcome
        raise outcome.error  # type: ignore[union-attr]
    raise AssertionError("expected an outcome")


def fails(source: ServerSource) -> SourceError:
    with pytest.raises(SourceError) as raised:
        read(source)
    return raised.value


@pytest.mark.parametrize(
    ("options", "header", "value"),
    [
        ("", "Authorization", "Bearer abc"),
        ('prefix = "Token"', "Authorization", "Token abc"),
        ('prefix = ""', "Authorization", "abc"),
        ('prefix = "Token token="', "Authorization", "Token token=abc"),
        ('header = "X-Api-Key"', "X-Api-Key", "abc"),
        ('header = "X-Api-Key"\nprefix = "Key"', "X-Api-Key", "Key abc"),
    ],
)
def test_the_token_goes_where_the_mapping_says(
    tmp_path: Path, options: str, header: str, value: str
) -> None:
    with serving(lambda request: Reply(orders(1))) as server:
        read(source_of(server, tmp_path, f'token_env = "T"\n{options}', T=" abc\n"))

    assert server.requests[0].headers[header] == value


def test_a_token_no_header_can_hold_is_refused_and_not_shown(tmp_path: Path) -> None:
    with serving(lambda request: Reply(orders(1))) as server:
        text = MAPPING.format(options='token_env = "T"', table="", columns="")
        environment = {"API": server.url, "T": "hunter2\nX-Other: 1"}
        source = mapped_source(text, tmp_path, tmp_path, environment)
        with pytest.raises(SourceRefused) as raised:
            list(source.extracts(nothing_is_taken))

    assert "token_env" in str(raised.value)
    assert "hunter2" not in str(raised.value) + repr(source)


OAUTH = """
[oauth]
token_url = "{url}/token"
client_id_env = "ID"
client_secret_env = "SECRET"
scope = "orders.read"
"""


def identity(request: Request, lasts: int = 3600) -> Reply:
    """An identity provider and, with its token, an API."""
    if request.path.endswith("/token"):
        form = parse_qs(request.body)
        assert form["grant_type"] == ["client_credentials"]
        assert form["scope"] == ["orders.read"]
        if form["client_id"] != ["me"] or form["client_secret"] != ["s3&cret"]:
            return Reply({"error": "invalid_client"}, 401)
        return Reply({"access_token": "good", "expires_in": lasts})
    if request.headers.get("Authorization") != "Bearer good":
        return Reply({}, 401)
    return Reply(orders(1))


def with_oauth(server: Server, tmp_path: Path, secret: str = "s3&cret") -> ServerSource:
    text = MAPPING.format(options="", table="", columns="") + OAUTH.format(url=server.url)
    environment = {"API": server.url, "ID": "me", "SECRET": secret}
    source = mapped_source(text, tmp_path, tmp_path, environment)
    assert isinstance(source, ServerSource)
    return source


def test_client_credentials_get_one_token_for_the_run(tmp_path: Path) -> None:
    with serving(identity) as server:
        source = with_oauth(server, tmp_path)
        read(source)
        read(source)

    assert [request.path for request in server.requests].count("/api/token") == 1
    assert "s3&cret" not in repr(source)


def test_a_token_that_is_out_is_got_anew(tmp_path: Path) -> None:
    answers = iter(["stale", "good"])

    def behave(request: Request) -> Reply:
        if request.path.endswith("/token"):
            return Reply({"access_token": next(answers)})
        return identity(request)

    with serving(behave) as server:
        rows, _ = read(with_oauth(server, tmp_path))

    assert rows.num_rows == 1


def test_wrong_client_credentials_are_refused_and_not_shown(tmp_path: Path) -> None:
    with serving(identity) as server:
        error = fails(with_oauth(server, tmp_path, secret="hunter2"))

    assert isinstance(error, SourceRefused)
    assert "token_url" in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("path", ["/api/other", "{url}/other"])
def test_a_redirect_within_the_server_is_followed(tmp_path: Path, status: int, path: str) -> None:
    def behave(request: Request) -> Reply:
        if request.path.endswith("/other"):
            return Reply(orders(1))
        return Reply({}, status, {"Location": path.format(url=server.url)})

    with serving(behave) as server:
        read(source_of(server, tmp_path, 'token_env = "T"', T="abc"))

    assert server.requests[1].headers["Authorization"] == "Bearer abc"


def test_a_redirect_to_another_host_never_gets_the_token(tmp_path: Path) -> None:
    with serving(lambda request: Reply(orders(1))) as other:
        away = {"Location": f"{other.url}/workOrders"}
        with serving(lambda request: Reply({}, 302, away)) as server:
            options = 'token_env = "T"\nheader = "X-Api-Key"'
            error = fails(source_of(server, tmp_path, options, T="abc"))

    assert isinstance(error, SourceRefused)
    assert "never gets the token" in str(error)
    assert other.requests == []


def test_a_redirect_in_circles_ends(tmp_path: Path) -> None:
    with serving(lambda request: Reply({}, 302, {"Location": "/api/workOrders"})) as server:
        assert "302" in str(fails(source_of(server, tmp_path)))

    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("status", "retry_after", "waits"),
    [
        (429, "7", [7.0, 7.0]),
        (429, "", [0.5, 1.0]),
        (503, "3", [3.0, 3.0]),
    ],
)
def test_a_server_that_asks_for_patience_gets_it(
    tmp_path: Path, status: int, retry_after: str, waits: list[float]
) -> None:
    def behave(request: Request) -> Reply:
        if len(server.requests) <= 2:
            return Reply({}, status, {"Retry-After": retry_after} if retry_after else {})
        return Reply(orders(3))

    waited: list[float] = []
    with serving(behave) as server:
        rows, _ = read(replace(source_of(server, tmp_path), pause=waited.append))

    assert rows.num_rows == 3
    assert waited == waits


def test_a_server_that_never_stops_asking_for_patience_is_left_for_later(tmp_path: Path) -> None:
    waited: list[float] = []
    with serving(lambda request: Reply({}, 429)) as server:
        error = fails(replace(source_of(server, tmp_path), pause=waited.append))

    assert isinstance(error, SourceUnavailable)
    assert len(server.requests) == api_connection.MOST_TRIES
    assert waited == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_a_server_that_asks_for_more_patience_than_there_is_is_not_waited_for(
    tmp_path: Path,
) -> None:
    with serving(lambda request: Reply({}, 429, {"Retry-After": "86400"})) as server:
        error = fails(source_of(server, tmp_path))

    assert isinstance(error, SourceUnavailable)
    assert "86400 seconds" in str(error)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12", 12.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after_says_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert seconds_asked_for(text, NOW) == seconds


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(content=b"plain", headers={"Content-Encoding": "gzip"}), "DecodingError"),
        (Reply(content=b"\x1f\x8bbroken", headers={"Content-Encoding": "gzip"}), "DecodingError"),
        (Reply(content=b"<html>log in</html>"), "expected JSON"),
        (Reply(content=b"\xff\xfe\x00"), "expected JSON"),
        (Reply(content=b""), "something else came"),
        (Reply(["text"]), "something else came"),
        (Reply(None), "something else came"),
        (Reply([{"error": "no"}]), "expected the column"),
        (Reply({}, 404), "404"),
        (Reply({}, 403), "403"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(tmp_path: Path, reply: Reply, words: str) -> None:
    with serving(lambda request: reply) as server:
        error = fails(source_of(server, tmp_path))

    assert isinstance(error, SourceRefused)
    assert words in str(error)


def test_an_answer_that_is_packed_is_read(tmp_path: Path) -> None:
    with serving(lambda request: gzipped(orders(3))) as server:
        assert read(source_of(server, tmp_path))[0].num_rows == 3


def test_an_answer_is_measured_while_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_connection, "LARGEST_ANSWER", 1_000_000)
    with serving(lambda request: gzipped(["x" * 2_000_000])) as server:
        error = fails(source_of(server, tmp_path))

    assert "smaller pages" in str(error)


def test_a_deadline_ends_a_source_that_is_too_slow(tmp_path: Path) -> None:
    def behave(request: Request) -> Reply:
        time.sleep(0.3)
        return Reply(orders(1, first=int(request.query["page"]) * 2))

    options = "deadline_minutes = 0.01\npaging = { size = 1 }"
    began = time.monotonic()
    with serving(behave) as server:
        error = fails(source_of(server, tmp_path, options))

    assert isinstance(error, SourceRefused)
    assert "within 0.01 minutes" in str(error)
    assert time.monotonic() - began < 5


TASKS = """
[tables.repairs.join.task]
resource = "{resource}"
first = ["code"]
"""


def with_tasks(
    server: Server, tmp_path: Path, resource: str, more: str = "", options: str = ""
) -> ServerSource:
    text = MAPPING.format(options=options, table="", columns='sor_code = "task.code"')
    text += TASKS.format(resource=resource) + more
    source = mapped_source(text, tmp_path, tmp_path, {"API": server.url})
    assert isinstance(source, ServerSource)
    return source


def tasks_of(count: int) -> Callable[[Request], Reply]:
    """Orders; a task for each, one by one or for many references at once."""

    def behave(request: Request) -> Reply:
        if request.path == "/api/workOrders":
            return Reply(orders(count))
        if request.path == "/api/tasks":
            refs = request.query["references"].split("|")
            return Reply({"tasks": [{"order": ref, "code": f"C{ref}"} for ref in refs]})
        ref = request.path.split("/")[3]
        return Reply([{"code": f"C{ref}"}])

    return behave


@pytest.mark.parametrize(("count", "is_refused"), [(30, False), (31, True)])
def test_a_request_for_each_order_has_a_cap_and_it_is_told(
    tmp_path: Path, count: int, is_refused: bool
) -> None:
    with serving(tasks_of(count)) as server:
        resource = "workOrders/{reference}/tasks"
        source = with_tasks(server, tmp_path, resource, options="details_at_most = 30")
        if is_refused:
            assert "batch" in str(fails(source))
        else:
            rows, _ = read(source)
            assert rows.column("sor_code").to_pylist() == [f"C{n}" for n in range(1, 31)]

    assert len(server.requests) == 31


def test_details_of_many_orders_come_with_one_request(tmp_path: Path) -> None:
    batch = """
    [tables.repairs.join.task.batch]
    parameter = "references"
    column = "reference"
    key = "order"
    items = "tasks"
    size = 40
    separator = "|"
    """
    with serving(tasks_of(120)) as server:
        rows, extract = read(with_tasks(server, tmp_path, "tasks", batch))

    assert rows.column("sor_code").to_pylist() == [f"C{n}" for n in range(1, 121)]
    assert extract.doubts == []
    assert len(server.requests) == 1 + 3


@pytest.mark.parametrize(("count", "is_doubted"), [(19, False), (20, True)])
def test_a_resource_of_details_that_nobody_has_is_told(
    tmp_path: Path, count: int, is_doubted: bool
) -> None:
    def behave(request: Request) -> Reply:
        return Reply(orders(count)) if request.path == "/api/workOrders" else Reply({}, 404)

    with serving(behave) as server:
        _, extract = read(with_tasks(server, tmp_path, "workOrders/{reference}/taks"))

    assert bool(extract.doubts) is is_doubted


SINCE = 'since = { parameter = "changed", overlap_days = 2, full_every_days = 7 }'


def test_everything_is_asked_for_first_and_then_what_changed(tmp_path: Path) -> None:
    with serving(lambda request: Reply(orders(1))) as server:
        source = source_of(server, tmp_path, table=SINCE)
        _, first = read(source)
        assert first.pull is not None
        last = LastPull(NOW - timedelta(days=1), NOW - timedelta(days=6), first.pull.asked)
        read(replace(source, last_pulls={"repairs": last}))
        read(replace(source, last_pulls={"repairs": replace(last, asked="another mapping")}))
        due = replace(last, full_at=NOW - timedelta(days=7))
        read(replace(source, last_pulls={"repairs": due}))
        ahead = replace(last, began_at=NOW + timedelta(hours=1))
        read(replace(source, last_pulls={"repairs": ahead}))

    asked = [request.query.get("changed") for request in server.requests]
    assert asked == [None, "2026-11-17T02:00:00Z", None, None, None]


def test_a_filter_may_be_a_sentence_around_the_moment(tmp_path: Path) -> None:
    table = """
    since = { parameter = "$filter", template = "modified ge {since}", format = "%Y-%m-%d" }
    query = { status = "open & late" }
    """
    with serving(lambda request: Reply(orders(1))) as server:
        source = source_of(server, tmp_path, table=table)
        _, first = read(source)
        assert first.pull is not None
        last = LastPull(NOW, NOW, first.pull.asked)
        read(replace(source, last_pulls={"repairs": last}))

    assert server.requests[0].query == {"status": "open & late"}
    assert server.requests[1].query == {
        "status": "open & late",
        "$filter": "modified ge 2026-11-17",
    }


@pytest.mark.parametrize(
    "resource",
    ["https://evil.example/x", "//evil.example", "HTTP:x", "a/../../b", "..", "\\\\\\\\evil"],
)
def test_a_path_that_leads_to_another_server_is_a_fault(tmp_path: Path, resource: str) -> None:
    text = MAPPING.replace("workOrders", resource).format(options="", table="", columns="")
    with pytest.raises(ConfigurationError, match="below the server's address"):
        mapped_source(text, tmp_path, tmp_path, {"API": "https://api.example"})


@pytest.mark.parametrize(
    "url", ["landlord.test/api", "file:///etc/passwd", "https://x.example?key=1", "https:///x"]
)
def test_an_address_that_is_none_is_refused_and_not_shown(tmp_path: Path, url: str) -> None:
    text = MAPPING.format(options="", table="", columns="")
    source = mapped_source(text, tmp_path, tmp_path, {"API": url})
    with pytest.raises(SourceRefused) as raised:
        list(source.extracts(nothing_is_taken))

    assert url not in str(raised.value)
