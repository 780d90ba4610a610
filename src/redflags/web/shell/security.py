"""What every answer carries and no request may be: headers, cookies, hosts, sizes, forgery."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from redflags.adapters.secrets import derive
from redflags.settings import Settings

MOST_BYTES = 64 * 1024
"""The longest form is a page or two of text; nothing is ever uploaded."""

_YEAR_SECONDS = 31_536_000
_CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_NOTHING = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
_PERMISSIONS_POLICY = dict.fromkeys((*_NOTHING, "browsing-topics"), "()")


def secure(app: Flask, settings: Settings, secret: bytes) -> None:
    """Set up what holds for every answer."""
    app.config.update(_configuration(settings, secret))
    _trust_proxies(app, settings.trusted_proxies)
    Talisman(
        app,
        force_https=False,  # we listen on the loopback; the proxy before us speaks TLS
        frame_options="DENY",
        strict_transport_security_max_age=_YEAR_SECONDS,
        strict_transport_security_include_subdomains=False,  # those are not ours to decide on
        content_security_policy=_CONTENT_SECURITY_POLICY,
        content_security_policy_nonce_in=["script-src"],
        permissions_policy=_PERMISSIONS_POLICY,
        referrer_policy="no-referrer",
        session_cookie_secure=True,
        session_cookie_samesite="Strict",
    )
    app.after_request(_finish)


def refuse_forgery(app: Flask) -> None:
    """Take a form only with the token of this session. After `access.guard`: whoever was signed
    out meanwhile is told that, and not that the form was wrong."""
    CSRFProtect(app)
    app.before_request(_refuse_nothings)


def _refuse_nothings() -> None:
    """A character of value zero is no text, and PostgreSQL fails on it wherever it comes up."""
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        raise NotFound
    sent = (*request.args.items(multi=True), *request.form.items(multi=True))
    if any("\0" in name or "\0" in value for name, value in sent):
        raise BadRequest


def _configuration(settings: Settings, secret: bytes) -> dict[str, object]:
    return {
        "SECRET_KEY": derive(secret, "web sessions"),
        "SESSION_COOKIE_NAME": "redflags",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "MAX_FORM_PARTS": 200,
        "TRUSTED_HOSTS": trusted_hosts(settings),
        # a token is good for its session, which is new with each login and ends by itself
        "WTF_CSRF_TIME_LIMIT": None,
        # no page tells its address (Referrer-Policy), so there is none to check; what is asked
        # for is the token, and the cookie goes to no request that began on another site
        "WTF_CSRF_SSL_STRICT": False,
        "SEND_FILE_MAX_AGE_DEFAULT": 0,
    }


def trusted_hosts(settings: Settings) -> list[str]:
    """The names we answer to, so that no forged Host gets into a link."""
    configured = urlsplit(settings.review_url).hostname
    return sorted({"localhost", "127.0.0.1", *([configured] if configured else [])})


def _trust_proxies(app: Flask, proxies: int) -> None:
    """Believe the nearest `proxies` about who asks and how; nobody when there are none."""
    if proxies:
        trusting = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
        app.wsgi_app = trusting  # type: ignore[method-assign]


def _finish(response: Response) -> Response:
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = _cache_control(response)
    return response


def _cache_control(response: Response) -> str:
    """Pages stay nowhere; a static file asked for by its version never changes."""
    if request.endpoint != "static" or response.status_code >= 400:
        return "no-store"
    return f"public, max-age={_YEAR_SECONDS}, immutable" if "v" in request.args else "no-cache"
