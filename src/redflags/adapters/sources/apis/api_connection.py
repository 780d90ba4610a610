"""Requests to one server: within its deadline, as patient as it asks, and never to another host."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from redflags.adapters.sources.apis.authorisation import Authorisation
from redflags.adapters.sources.apis.json_records import parsed
from redflags.adapters.sources.deadline import Deadline
from redflags.errors import SourceRefused, SourceUnavailable

LARGEST_ANSWER = 256 * 1024 * 1024
MOST_TRIES = 6
LONGEST_WAIT_SECONDS = 600.0
_HOPS = 5
_TOO_MANY, _UNAVAILABLE, _SERVER_FAULT = 429, 503, 500
_REDIRECTS = (301, 302, 303, 307, 308)
_NEVER = (httpx.UnsupportedProtocol, httpx.ProtocolError, httpx.InvalidURL, httpx.DecodingError)
"""Trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON document and what came with it; `status` is 200, or one that the caller allowed."""

    address: httpx.URL
    status: int
    headers: httpx.Headers
    content: bytes = field(repr=False)

    @property
    def document(self) -> Any:
        return parsed(self.content)


@dataclass(frozen=True, slots=True)
class ApiConnection:
    """One source's requests; `base` ends with a slash, `pause` waits for seconds."""

    source: str
    base: httpx.URL
    client: httpx.Client
    authorisation: Authorisation
    deadline: Deadline
    timeout_seconds: float
    pause: Callable[[float], None] = time.sleep

    def address(self, resource: str, query: Mapping[str, str]) -> httpx.URL:
        """The address of a resource below the base; what `resource` asks for stays in it."""
        below = self.base.join(resource.removeprefix("/"))
        return self._own(below.copy_merge_params(dict(query)) if query else below)

    def linked(self, link: str, page: httpx.URL) -> httpx.URL:
        """Where a next link or a redirect leads. Raises SourceRefused when to another server."""
        return self._own(page.join(link).copy_with(fragment=None))

    def _own(self, address: httpx.URL) -> httpx.URL:
        """The token never goes to another host, nor in clear where the base is https."""
        if _origin(address) != _origin(self.base):
            raise SourceRefused(
                f"source {self.source}: expected the server to name addresses of its own (scheme, "
                "host and port of its url); it led to another, which never gets the token: ask "
                "its operator, or correct the url"
            )
        return address.copy_with(userinfo=self.base.userinfo)

    def ask(self, address: httpx.URL, allowed: tuple[int, ...] = ()) -> Answer:
        """The answer with status 200, or a status that is allowed.

        Raises:
            SourceUnavailable: the server does not answer now, or not in time.
            SourceRefused: it will not answer this; trying again is of no use.
        """
        for attempt in range(MOST_TRIES):
            answer = self._answer(address)
            if not self._is_to_wait(answer) or attempt == MOST_TRIES - 1:
                break
            self._wait(answer, attempt)
        return self._accepted(answer, allowed)

    def _answer(self, address: httpx.URL) -> Answer:
        """The answer, after redirects within the server and with another token if one is out."""
        has_renewed = False
        for _ in range(_HOPS):
            request = self.client.build_request("GET", address, headers=self._headers())
            answer = self._send(request)
            if answer.status in _REDIRECTS and "location" in answer.headers:
                address = self.linked(answer.headers["location"], address)
            elif answer.status == httpx.codes.UNAUTHORIZED and not has_renewed:
                has_renewed = True
                if not self.authorisation.renew():
                    return answer
            else:
                return answer
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Accept": "application/json", **self.authorisation.headers(self._token_answer)}

    def _token_answer(self, request: httpx.Request) -> Any:
        answer = self._send(request)
        return self._accepted(answer, (), "the token_url in its mapping").document

    def _send(self, request: httpx.Request) -> Answer:
        self.deadline.check()
        seconds = min(self.timeout_seconds, self.deadline.seconds_left)
        request.extensions["timeout"] = httpx.Timeout(seconds).as_dict()
        try:
            response = self.client.send(request, stream=True)
            try:
                content = self._content(response)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise self._no_answer(error) from None
        return Answer(request.url, response.status_code, response.headers, content)

    def _content(self, response: httpx.Response) -> bytes:
        """What came, unpacked; read piece by piece, so that no server fills the memory."""
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            self.deadline.check()
            if len(content) > LARGEST_ANSWER:
                raise SourceRefused(
                    f"source {self.source}: expected answers of at most "
                    f"{LARGEST_ANSWER // 1024**2} MB; a larger one came: ask for smaller pages"
                )
        return bytes(content)

    def _no_answer(self, error: Exception) -> SourceRefused | SourceUnavailable:
        if self.deadline.is_over:
            return self.deadline.missed()
        words = self._message(type(error).__name__)
        if isinstance(error, _NEVER):
            return SourceRefused(f"{words}; check the url, and what the server answers with")
        return SourceUnavailable(words)

    def _is_to_wait(self, answer: Answer) -> bool:
        asks_to = answer.status == _UNAVAILABLE and "retry-after" in answer.headers
        return answer.status == _TOO_MANY or asks_to

    def _wait(self, answer: Answer, attempt: int) -> None:
        """As long as the server asks for, else longer each time."""
        asked = seconds_asked_for(answer.headers.get("retry-after", ""), datetime.now(UTC))
        seconds = 2.0**attempt / 2 if asked is None else asked
        if seconds > min(LONGEST_WAIT_SECONDS, self.deadline.seconds_left):
            raise SourceUnavailable(
                self._message(f"status {answer.status}")
                + f"; it asks to be left alone for {seconds:.0f} seconds, longer than there is"
            )
        self.pause(seconds)

    def _accepted(
        self, answer: Answer, allowed: tuple[int, ...], whom: str = "the server"
    ) -> Answer:
        if answer.status == httpx.codes.OK or answer.status in allowed:
            return answer
        words = self._message(f"status {answer.status}", whom)
        if answer.status == _TOO_MANY or answer.status >= _SERVER_FAULT:
            raise SourceUnavailable(words)
        raise SourceRefused(
            f"{words}; check the resource in the mapping and the token in its environment variable"
        )

    def _message(self, came: str, whom: str = "the server") -> str:
        return f"source {self.source}: expected {whom} to answer; {came} came"


def seconds_asked_for(retry_after: str, now: datetime) -> float | None:
    """What a Retry-After header says, in seconds or as a date; None when it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - now).total_seconds(), 0.0)


def _origin(address: httpx.URL) -> tuple[str, str, int | None]:
    port = address.port or {"http": 80, "https": 443}.get(address.scheme)
    return address.scheme, address.host.casefold(), port
