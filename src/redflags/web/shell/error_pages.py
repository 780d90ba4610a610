"""What somebody is told when something cannot be done, once for all pages, and its audit entry.

A page says what to do next. It never repeats what came in, and never says more about an alert
than that there is none: unknown, another's and barred are one page.
"""

import logging
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, current_app, make_response, render_template, request
from sqlalchemy import select
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from redflags.adapters.store import audit_chain
from redflags.adapters.store.audit_chain import Act
from redflags.adapters.store.tables import ALERTS
from redflags.domain.people import CASE_ROLES
from redflags.errors import CaseChanged, IllegalMove, InvalidAct, NotAllowed, NotForYou, StoreBusy
from redflags.web.shell import request_context

if TYPE_CHECKING:
    from types import TracebackType

PAGES = (400, 403, 404, 405, 409, 413, 429, 500, 503)
_OF_OURS: dict[type[Exception], int] = {
    NotForYou: 404,
    NotAllowed: 403,
    CaseChanged: 409,
    IllegalMove: 409,
    InvalidAct: 400,
    StoreBusy: 503,
    LookupError: 404,
}
_FROM_ALERT_TO_WORK = {403, 405}
_ALWAYS_AUDITED = {400, 403, 405, 409, 413, 429}
_SERVER_FAULT = 500

logger = logging.getLogger("redflags.web")


class ReviewApp(Flask):
    """Flask, which logs an error by its name and place: its text may quote what somebody wrote."""

    def log_exception(
        self,
        exc_info: "tuple[type, BaseException, TracebackType] | tuple[None, None, None]",
    ) -> None:
        kind, _, trace = exc_info
        if kind is None:
            return
        place = traceback.extract_tb(trace)[-1]
        logger.error("%s at %s:%s", kind.__name__, place.filename, place.lineno)


def tell_errors(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, _http_error)
    for kind in _OF_OURS:
        app.register_error_handler(kind, _own_error)


def refused(status: int, heading: str = "") -> Response:
    """The page for `status`, written down as a refusal; for a view that refuses by itself."""
    if _is_audited(status):
        _write_down(status)
    return _page(status, heading)


def _http_error(error: HTTPException) -> Response:
    status = error.code or _SERVER_FAULT
    if status < 400:  # a redirect of the router's
        return cast(Response, error.get_response())
    _audit(status, error)
    answer = _page(status, error=error)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _own_error(error: Exception) -> Response:
    if isinstance(error, LookupError) and type(error) is not LookupError:
        raise error  # a KeyError or an IndexError is a fault of ours, not a page that is not there
    status = next(_OF_OURS[kind] for kind in type(error).__mro__ if kind in _OF_OURS)
    _audit(status, error)
    return _page(status, error=error, changed=isinstance(error, CaseChanged))


def _page(status: int, heading: str = "", error: Exception | None = None, **more: Any) -> Response:
    shown = status if status in PAGES else (400 if status < _SERVER_FAULT else _SERVER_FAULT)
    if _no_links():
        return Response(
            "This address does not belong to this service.\n", status, mimetype="text/plain"
        )
    alert_id = _alert_id() if shown == 409 else ""
    more["to_work"] = shown in _FROM_ALERT_TO_WORK and _is_at_work_on_an_alert(error)
    page = render_template(f"shell/errors/{shown}.html", heading=heading, alert_id=alert_id, **more)
    return make_response(page, status)


def _is_at_work_on_an_alert(error: Exception | None) -> bool:
    """An alert's address, whether or not there is such an alert, and a queue to go back to."""
    person = request_context.person_or_none()
    _, held = _asked_for(error)
    return person is not None and person.has(*CASE_ROLES) and "alert_id" in held


def _no_links() -> bool:
    """A Host that is not ours: a page made for it could only hold links that lead there."""
    return isinstance(request.routing_exception, SecurityError)


def _audit(status: int, error: Exception) -> None:
    on_alert = isinstance(error, NotForYou)
    if _is_audited(status) or (on_alert and request_context.person_or_none() is not None):
        _write_down(status, error)


def _is_audited(status: int) -> bool:
    return status in _ALWAYS_AUDITED


def _write_down(status: int, error: Exception | None = None) -> None:
    person = request_context.person_or_none()
    actor = person.actor if person else "unknown"
    endpoint, _ = _asked_for(error)
    details = {"endpoint": endpoint, "status": status}
    with request_context.store_writing() as connection:
        alert_id = ""
        if person and _alert_id():
            known = select(ALERTS.c.alert_id).where(ALERTS.c.alert_id == _alert_id())
            alert_id = connection.execute(known).scalar_one_or_none() or ""
        audit_chain.append(
            connection, Act(actor, "refused", request_context.now(), alert_id, details)
        )


def _alert_id() -> str:
    """Of the address asked for; whether there is such an alert is another question."""
    return str((request.view_args or {}).get("alert_id", ""))


def _asked_for(error: Exception | None) -> tuple[str, Mapping[str, Any]]:
    """The page's name and what its address holds, for a wrong method too: never the path itself,
    which could hold anything."""
    if request.endpoint:
        return request.endpoint, request.view_args or {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        method = next(iter(error.valid_methods))
        name, held = current_app.url_map.bind("localhost").match(request.path, method=method)
        return str(name), held
    return "", {}
