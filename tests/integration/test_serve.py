"""`redflags serve`: the first start, the web server, and its end."""

import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from builders.nights import Installation
from builders.servers import free_port
from builders.store import a_message, enqueue, meddling
from builders.web import CONFIG
from redflags.adapters.store import QueueStore, open_store
from redflags.bootstrap import Program, login_faults
from redflags.errors import ConfigurationError
from redflags.settings import Settings
from redflags.web.shell.serve import NamesAndPlaces, serve, tidy_once, warnings

WITHIN_SECONDS = 60
CLIENT = {"oidc_client_id": "redflags", "oidc_client_secret": "shared with the provider"}
NOT_NEEDED = ("pandas", "numpy", "duckdb", "pyarrow", "prefect", "mlflow", "pyod", "sklearn")


@dataclass
class Serving:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    said: list[str]

    def ended(self) -> tuple[int, str]:
        """Stop it; its exit code and what it said on its way."""
        self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@contextmanager
def serving(installed: Installation, *words: str) -> Iterator[Serving]:
    port = free_port()
    command = [sys.executable, "-m", "redflags.cli", "serve", "--port", str(port), *words]
    process = subprocess.Popen(
        command,
        env={**os.environ, **installed.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        made = Serving(process, f"http://127.0.0.1:{port}", said)
        wait_for(made)
        yield made
    finally:
        process.kill()
        process.communicate()


def wait_for(server: Serving) -> None:
    until = time.monotonic() + WITHIN_SECONDS
    while True:
        try:
            httpx.get(f"{server.url}/health")
        except httpx.TransportError:
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
        else:
            return


def link_of(server: Serving) -> str:
    (line,) = [line for line in server.said if "/welcome/" in line]
    found = re.search(r"(http://127\.0\.0\.1:\d+/welcome/[\w-]{43})\n", line)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("serve")
    return Installation(folder / "home", folder / "extracts")


def test_the_first_start_gives_a_link_serves_and_ends_when_told(installed: Installation) -> None:
    with serving(installed) as server:
        link = link_of(server)
        assert link.startswith(f"{server.url}/welcome/")
        page = httpx.get(link)
        assert page.status_code == 200
        assert "admin@localhost" in page.text
        assert "waitress" not in page.headers.get("Server", "")
        assert httpx.get(f"{server.url}/account").headers["Location"] == "/login?next=%2Faccount"

        missing = httpx.get(f"{server.url}/alerts/A-SECRET?reason=SECRET")
        code, err = server.ended()

    assert missing.status_code == 302
    assert code == 0
    assert "SECRET" not in err
    assert link.rpartition("/")[2] not in err


def test_a_second_start_before_the_link_was_used_gives_a_new_one(installed: Installation) -> None:
    with serving(installed) as first:
        old = link_of(first)
    with serving(installed) as second:
        new = link_of(second)
        path = old.rpartition("/welcome/")[2]
        assert httpx.get(f"{second.url}/welcome/{path}").status_code == 404
        assert httpx.get(new).status_code == 200


def test_somebody_else_s_host_is_not_answered(installed: Installation) -> None:
    with serving(installed) as server:
        answer = httpx.get(f"{server.url}/login", headers={"Host": "evil.test"})
        assert answer.status_code == 400
        assert "evil" not in answer.text


def test_what_is_too_long_is_refused_by_our_own_page(installed: Installation) -> None:
    with serving(installed) as server:
        answer = httpx.post(f"{server.url}/login", data={"email": "x" * 100_000})
        assert answer.status_code == 413
        assert "Housing queue" in answer.text


def test_a_port_that_is_taken_is_told_plainly(installed: Installation) -> None:
    with serving(installed) as server:
        port = server.url.rpartition(":")[2]
        command = [sys.executable, "-m", "redflags.cli", "serve", "--port", port]
        second = subprocess.run(
            command,
            env={**os.environ, **installed.environment},
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 2
    assert "expected an address of this machine that is free" in second.stderr


def test_a_start_loads_nothing_that_only_a_night_needs() -> None:
    look = (
        "import sys; import redflags.web.shell.serve; from redflags.web.shell.app import PAGES\n"
        "from importlib import import_module; from importlib.util import find_spec\n"
        "names = [f'redflags.web.{name}' for name in PAGES]\n"
        "[import_module(name) for name in names if find_spec(name)]\n"
        f"print([name for name in {NOT_NEEDED!r} if name in sys.modules])"
    )
    asked = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert asked.stdout == "[]\n"


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({}, []),
        ({"oidc_issuer": "https://login.test"}, ["CLIENT_ID", "CLIENT_SECRET"]),
        ({"oidc_issuer": "https://login.test", **CLIENT}, []),
        ({"oidc_issuer": "http://login.test", **CLIENT}, ["ISSUER"]),
        ({"oidc_issuer": "http://localhost:5000", **CLIENT}, []),
    ],
)
def test_half_a_login_provider_is_a_fault(more: dict[str, str], faults: list[str]) -> None:
    found = login_faults(Settings(**more))  # type: ignore[arg-type]
    assert [fault.partition(":")[0] for fault in found] == [f"REDFLAGS_OIDC_{f}" for f in faults]


def test_a_server_does_not_start_on_settings_that_cannot_work(installed: Installation) -> None:
    with pytest.raises(ConfigurationError):
        serve(Settings(oidc_issuer="https://login.test"), "127.0.0.1", free_port(), print, print)


@pytest.mark.parametrize(("proxies", "is_believed"), [("0", False), ("1", True)])
def test_a_proxy_is_believed_when_it_is_ours(
    installed: Installation, proxies: str, is_believed: bool
) -> None:
    """What shows it: the promise to stay with TLS is only made to who came by it."""
    with serving(installed.with_setting(trusted_proxies=proxies)) as server:
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        answer = httpx.get(f"{server.url}/login", headers=said)
    assert ("Strict-Transport-Security" in answer.headers) is is_believed


def test_each_minute_what_waits_is_sent(store: QueueStore, tmp_path: Path) -> None:
    enqueue(store, a_message())
    program = Program(Settings(home=tmp_path, config=CONFIG))
    tidy_once(program, store)
    assert store.count_waiting_messages() == 0


def test_what_fails_in_a_minute_is_logged_by_name_and_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    with open_store(url) as store:
        enqueue(store, a_message())
        with meddling(url) as connection:
            connection.execute(text("DROP TABLE outbox_messages"))
        tidy_once(Program(Settings(home=tmp_path, config=CONFIG)), store)
    assert "messages sent" in caplog.text
    assert "team@landlord.test" not in caplog.text


def test_without_a_configuration_the_minute_fails_quietly(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(f"sqlite:///{tmp_path / 'own.sqlite3'}") as store:
        tidy_once(Program(Settings(home=tmp_path, config=tmp_path / "nowhere")), store)
    assert caplog.records


@pytest.mark.parametrize(
    ("host", "url", "warned"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", False),
        ("::1", "http://[::1]:8000", False),
        ("localhost", "http://localhost:8000", False),
        ("0.0.0.0", "https://queue.landlord.test", False),
        ("0.0.0.0", "http://queue.landlord.test", True),
        ("192.0.2.1", "http://127.0.0.1:8000", True),
        ("queue.landlord.test", "http://queue.landlord.test", True),
    ],
)
def test_being_open_to_others_without_tls_is_warned_of(host: str, url: str, warned: bool) -> None:
    assert bool(warnings(Settings(review_url=url), host)) is warned


def test_a_log_line_holds_names_and_places_and_nothing_that_was_asked() -> None:
    try:
        raise ValueError("T-1 lives in H-1")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord(
        "waitress", logging.ERROR, "x.py", 1, "Exception while serving %s", ("/alerts/A-1",), info
    )
    said = NamesAndPlaces().format(record)
    assert said.startswith("ERROR waitress: Exception while serving %s (ValueError at ")
    assert Path(__file__).name in said
    assert not any(private in said for private in ("A-1", "T-1", "H-1"))


def test_our_own_words_are_logged_whole() -> None:
    record = logging.LogRecord(
        "redflags.serve", logging.WARNING, "x.py", 1, "%s: %s", ("messages sent", "StoreBusy"), None
    )
    assert NamesAndPlaces().format(record) == ("WARNING redflags.serve: messages sent: StoreBusy")
