"""Pings to a watcher outside, who notices the night that did not happen.

The address is a secret (whoever knows it can fake a night), so it is in no log; a watcher that is
down must not stop a night, so nothing is raised.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

_LOG = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 5
_LOGGERS_THAT_QUOTE_ADDRESSES = ("httpx", "httpcore.connection", "httpcore.http11")


class Heartbeat:
    """Start, success and failure, told to a healthchecks-style address; None tells nobody."""

    def __init__(self, url: str | None) -> None:
        self._url = url.rstrip("/") if url else None

    def start(self) -> bool:
        """The night begins. True when the watcher took it, or nobody watches."""
        return self._ping("/start")

    def success(self) -> bool:
        """The night ended well."""
        return self._ping("")

    def fail(self) -> bool:
        """The night failed."""
        return self._ping("/fail")

    def _ping(self, path: str) -> bool:
        if self._url is None:
            return True
        try:
            with _addresses_unlogged():
                httpx.get(f"{self._url}{path}", timeout=_TIMEOUT_SECONDS).raise_for_status()
        except httpx.HTTPStatusError as error:
            return _not_taken(str(error.response.status_code))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _not_taken(type(error).__name__)
        return True


def _not_taken(what_came: str) -> bool:
    _LOG.warning(
        "heartbeat: expected the watcher to answer, got %s; check REDFLAGS_HEARTBEAT_URL", what_came
    )
    return False


@contextmanager
def _addresses_unlogged() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _LOGGERS_THAT_QUOTE_ADDRESSES]
    for logger in loggers:
        logger.addFilter(_refuse)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(_refuse)


def _refuse(_record: logging.LogRecord) -> bool:
    return False
