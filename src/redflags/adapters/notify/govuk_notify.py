"""Messages by GOV.UK Notify, through its own client.

The template in Notify must have two fields, ``((subject))`` and ``((body))``.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from redflags.domain.message import Message
from redflags.errors import ConfigurationError, NotificationFailed

_KEY_LENGTH = 73
"""Two UUIDs and the hyphen between them end every key; before them stands its name."""


class GovukNotifyNotifier:
    """Sends e-mail with one template; the message id is Notify's reference."""

    def __init__(
        self, api_key: str, template_id: str, base_url: str, *, timeout_seconds: float = 20
    ) -> None:
        if len(api_key) < _KEY_LENGTH:
            raise ConfigurationError(
                [
                    "REDFLAGS_GOVUK_NOTIFY_KEY: expected NAME-SERVICE_ID-SECRET as Notify shows "
                    "it once, got something shorter; make a new key there"
                ]
            )
        self._api_key = api_key
        self._template_id = template_id
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds

    def send(self, message: Message) -> None:
        """Hand the message over. Raises NotificationFailed when Notify did not take it."""
        from notifications_python_client.errors import APIError
        from notifications_python_client.notifications import NotificationsAPIClient

        client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            self._api_key, base_url=self._base_url, timeout=self._timeout_seconds
        )
        try:
            with _client_silent():
                client.send_email_notification(  # type: ignore[no-untyped-call]
                    email_address=message.recipient,
                    template_id=self._template_id,
                    personalisation={"subject": message.subject, "body": message.body},
                    reference=message.message_id,
                )
        except APIError as error:
            raise _failed(str(error.status_code)) from None


@contextmanager
def _client_silent() -> Iterator[None]:
    """The client logs what Notify answers, which may quote the address."""
    logger = logging.getLogger("notifications_python_client.base")
    logger.addFilter(_refuse)
    try:
        yield
    finally:
        logger.removeFilter(_refuse)


def _refuse(_record: logging.LogRecord) -> bool:
    return False


def _failed(what_came: str) -> NotificationFailed:
    return NotificationFailed(
        f"notify_refused: expected GOV.UK Notify to take the message, got {what_came}; it is tried "
        "again by itself: check REDFLAGS_GOVUK_NOTIFY_* and Notify's status page"
    )
