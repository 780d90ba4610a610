"""Pings to the watcher outside, against a web server on this machine."""

import logging

import pytest

from builders.servers import free_port, web_server
from redflags.adapters.heartbeat import Heartbeat


def test_start_success_and_failure_go_where_healthchecks_wants_them() -> None:
    with web_server() as web:
        heartbeat = Heartbeat(f"{web.url}/secret/")
        assert (heartbeat.start(), heartbeat.success(), heartbeat.fail()) == (True, True, True)
    assert [r.path for r in web.requests] == ["/secret/start", "/secret", "/secret/fail"]


@pytest.mark.parametrize("url", [None, ""])
def test_without_an_address_nobody_is_told_and_all_is_well(url: str | None) -> None:
    heartbeat = Heartbeat(url)
    assert heartbeat.start() and heartbeat.success() and heartbeat.fail()


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_watcher_that_does_not_take_it_is_told_of_and_stops_nothing(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with web_server(status=status) as web:
        assert Heartbeat(f"{web.url}/secret").success() is False
    assert str(status) in caplog.text


@pytest.mark.parametrize("url", ["http://127.0.0.1:PORT/secret", "no address", "ftp://secret/x"])
def test_a_watcher_that_cannot_be_reached_stops_nothing(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert Heartbeat(url.replace("PORT", str(free_port()))).start() is False
    assert "REDFLAGS_HEARTBEAT_URL" in caplog.text


def test_the_address_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with web_server() as web:
        Heartbeat(f"{web.url}/secret").success()
        web.status = 500
        Heartbeat(f"{web.url}/secret").fail()
    Heartbeat(f"{web.url}/secret").start()
    assert len(web.requests) == 2
    assert "secret" not in caplog.text
    assert "127.0.0.1" not in caplog.text
