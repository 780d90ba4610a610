"""Messages by GOV.UK Notify: its own client against a web server on this machine."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest

from builders.servers import free_port, web_server
from builders.store import NOW, a_message, enqueue
from redflags.adapters.notify import Delivery, GovukNotifyNotifier, deliver_due
from redflags.adapters.store import QueueStore
from redflags.errors import ConfigurationError, NotificationFailed

SERVICE = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
KEY = f"test_key-{SERVICE}-{SECRET}"


def notifier(url: str) -> GovukNotifyNotifier:
    return GovukNotifyNotifier(KEY, "template-1", url, timeout_seconds=5)


def part(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def test_notify_gets_the_message_with_its_reference() -> None:
    with web_server() as web:
        notifier(web.url).send(a_message())
    (request,) = web.requests
    assert (request.method, request.path) == ("POST", "/v2/notifications/email")
    assert request.json == {
        "email_address": "team@landlord.test",
        "template_id": "template-1",
        "personalisation": {"subject": "Housing queue", "body": "Log in to see it.\n"},
        "reference": a_message().message_id,
    }


def test_the_request_bears_a_token_signed_with_the_secret() -> None:
    with web_server() as web:
        notifier(web.url).send(a_message())
    scheme, token = web.requests[0].headers["Authorization"].split(" ")
    signed, _, signature = token.rpartition(".")
    expected = hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha256)
    assert scheme == "Bearer"
    assert part(signature) == expected
    assert json.loads(part(signed.split(".")[1]))["iss"] == SERVICE


def test_a_refusal_is_told_by_code_and_never_by_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="notifications_python_client")
    answer = b'{"errors": [{"error": "BadRequestError", "message": "team@landlord.test is bad"}]}'
    with (
        web_server(status=400, answer=answer) as web,
        pytest.raises(NotificationFailed, match=r"notify_refused: .* got 400") as told,
    ):
        notifier(web.url).send(a_message())
    assert "team@" not in str(told.value) + caplog.text
    assert told.value.__suppress_context__


def test_while_notify_is_down_the_message_stays_and_then_goes_once(store: QueueStore) -> None:
    enqueue(store, a_message())
    down = notifier(f"http://127.0.0.1:{free_port()}")
    assert deliver_due(store, down, NOW) == Delivery(sent=0, failed=1, waiting=1)
    with web_server() as web:
        up = notifier(web.url)
        assert deliver_due(store, up, NOW + timedelta(minutes=1)) == Delivery(1, 0, 0)
        assert deliver_due(store, up, NOW + timedelta(hours=9)) == Delivery(0, 0, 0)
    assert len(web.requests) == 1


def test_a_key_that_is_none_is_refused_at_once_and_not_quoted() -> None:
    with pytest.raises(ConfigurationError, match="REDFLAGS_GOVUK_NOTIFY_KEY") as told:
        GovukNotifyNotifier("too-short", "template-1", "http://127.0.0.1:1")
    assert "too-short" not in str(told.value)
