"""Logging in with the landlord's own provider (OpenID Connect; Entra ID is what most have).

The provider says who somebody is. Whether they may come in an administrator decided before: there
has to be an account with the same e-mail address.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from redflags.casework import accounts
from redflags.settings import Settings
from redflags.web.login.log_in_pages import let_in
from redflags.web.shell.access import anybody, safe_next
from redflags.web.shell.request_context import now, store_writing, workplace

pages = Blueprint("oidc", __name__)

TIMEOUT_SECONDS = 10
_HERE = "here"
"""Marks the second look at the provider's answer, which is our own page's doing."""
_WANTED = "oidc_next"
_CLIENT = "redflags-oidc"
_DOWN = "provider down"


class OutsideRefused(Exception):
    """The provider's answer is not one to let somebody in by; `reason` is a word for the audit."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@pages.get("/login/oidc")
@anybody
def go() -> ResponseReturnValue:
    """To the provider; what we will check its answer by is in the session's cookie."""
    client = _client()
    try:
        away: ResponseReturnValue = _asked(lambda: client.authorize_redirect(_callback_address()))
    except OutsideRefused as refused:
        return _failed(refused.reason)
    session[_WANTED] = safe_next(request.args.get("next"))
    return away


@pages.get("/login/oidc/callback")
@anybody
def callback() -> ResponseReturnValue:
    """The provider's answer, looked at twice.

    The first request began at the provider, so the browser keeps our cookie (SameSite=Strict) to
    itself. A small page of ours asks again, and then the cookie comes along.
    """
    client = _client()
    if _HERE not in request.args:
        return _bounced()
    try:
        settings = workplace().program.settings
        claims = _expected_claims(settings)
        token = _asked(lambda: client.authorize_access_token(claims_options=claims))
        entry = _entered(_vouched_address(token, settings))
    except OutsideRefused as refused:
        return _failed(refused.reason)
    return let_in(entry, session.get(_WANTED))


def _client() -> Any:
    """Made when first asked for, once per application; 404 where no provider is set."""
    settings = workplace().program.settings
    if not settings.oidc_issuer:
        abort(404)
    if _CLIENT not in current_app.extensions:
        current_app.extensions[_CLIENT] = _make_client(current_app, settings)
    return current_app.extensions[_CLIENT]


def _make_client(app: Flask, settings: Settings) -> Any:
    from authlib.integrations.flask_client import OAuth

    secret = settings.oidc_client_secret
    issuer = settings.oidc_issuer.rstrip("/")
    return OAuth(app).register(
        "landlord",
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else None,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def _callback_address() -> str:
    """As it is registered with the provider: never made of what a request says of itself."""
    base = workplace().program.settings.review_url.rstrip("/")
    return base + url_for("oidc.callback")


def _bounced() -> ResponseReturnValue:
    answer = {
        name: request.args[name] for name in ("code", "state", "error") if name in request.args
    }
    onward = f"{url_for('oidc.callback')}?{urlencode({**answer, _HERE: 1})}"
    return make_response(render_template("login/bounce.html", onward=onward))


def _expected_claims(settings: Settings) -> dict[str, object]:
    """Said by our provider, with or without the last slash, and said to us."""
    issuer = settings.oidc_issuer.rstrip("/")
    return {
        "iss": {"essential": True, "values": [issuer, f"{issuer}/"]},
        "aud": {"essential": True, "values": [settings.oidc_client_id]},
    }


def _vouched_address(token: dict[str, Any], settings: Settings) -> str:
    """The e-mail address that the provider vouches for. Raises OutsideRefused without one."""
    claims = token.get("userinfo") or {}
    if settings.oidc_claim == "email" and str(claims.get("email_verified")).lower() != "true":
        raise OutsideRefused("email not verified")
    email = claims.get(settings.oidc_claim)
    if not isinstance(email, str) or not email:
        raise OutsideRefused("claim missing")
    return email


def _entered(email: str) -> accounts.Entry:
    with store_writing() as connection:
        person = accounts.person_from_outside(connection, email)
        if person is None:
            raise OutsideRefused("unknown person")
        return accounts.enter(connection, person, now(), by="oidc")


def _asked(act: Callable[[], Any]) -> Any:
    """What comes of asking the provider. Raises OutsideRefused for whatever goes wrong with it:
    it is another's program, and its answers pass through the hands of who wants in."""
    from requests import RequestException

    try:
        return act()
    except RequestException:
        raise OutsideRefused(_DOWN) from None
    except Exception as error:  # its text may quote an address or a token; its name does not
        raise OutsideRefused(type(error).__name__) from None


def _failed(reason: str) -> ResponseReturnValue:
    """One page for every answer we do not take; another when the provider does not answer."""
    is_down = reason == _DOWN
    session.pop(_WANTED, None)
    with store_writing() as connection:
        accounts.refuse_outside_login(connection, reason, now())
    page = render_template("login/outside_failed.html", is_down=is_down)
    return page, 503 if is_down else 403
