"""What a request carries so that the server answers: a token in a header, or one got by OAuth."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from redflags.adapters.sources.mapping.remote_options import OAuth
from redflags.errors import SourceRefused

AskForToken = Callable[[httpx.Request], Any]
"""Sends a request to the token endpoint and gives its answer, parsed."""
_EARLIER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class HeaderToken:
    """The same header with every request; none where there is no token."""

    header: str = "Authorization"
    value: str = field(default="", repr=False)

    def headers(self, ask: AskForToken) -> Mapping[str, str]:
        return {self.header: self.value} if self.value else {}

    def renew(self) -> bool:
        """False: there is no other."""
        return False


def header_token(header: str, prefix: str | None, token: str) -> HeaderToken:
    """`Authorization: Bearer …` unless the mapping says otherwise; another header takes the bare
    token. Raises SourceRefused when the token is none that a header can hold."""
    bare = token.strip()
    if not bare.isascii() or not bare.isprintable():
        raise SourceRefused(
            "token_env: expected a token of printable ASCII characters on one line; it is not"
        )
    if prefix is None:
        prefix = "Bearer" if header.casefold() == "authorization" else ""
    blank = " " if prefix and not prefix.endswith(("=", " ")) else ""
    return HeaderToken(header, f"{prefix}{blank}{bare}")


@dataclass(slots=True)
class ClientCredentials:
    """A token of the landlord's identity provider, asked for once a run and when it has expired."""

    options: OAuth
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    _token: str = field(default="", repr=False)
    _good_until: float = 0.0

    def headers(self, ask: AskForToken) -> Mapping[str, str]:
        if not self._token or time.monotonic() >= self._good_until:
            self._take(ask(self._request()))
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        """True: the next request gets another token."""
        self._token = ""
        return True

    def _request(self) -> httpx.Request:
        form = {"grant_type": "client_credentials", "scope": self.options.scope}
        form |= {"audience": self.options.audience}
        headers = {"Accept": "application/json"}
        if self.options.send_as == "basic":
            pair = httpx.BasicAuth(self.client_id, self.client_secret)
            unsent = httpx.Request("POST", self.options.token_url)
            headers["Authorization"] = next(pair.auth_flow(unsent)).headers["Authorization"]
        else:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        filled = {name: value for name, value in form.items() if value}
        return httpx.Request("POST", self.options.token_url, data=filled, headers=headers)

    def _take(self, answer: Any) -> None:
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SourceRefused(
                "expected an access_token from the token_url in its mapping; none came"
            )
        lasts = str(answer.get("expires_in", ""))
        seconds = float(lasts) if lasts.isdigit() else 3600.0
        self._token = token
        self._good_until = time.monotonic() + max(seconds - _EARLIER_SECONDS, seconds / 2)


Authorisation = HeaderToken | ClientCredentials
