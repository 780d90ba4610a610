"""Messages by SMTP. What a server answers may quote an address, so only its code is told."""

import smtplib
import ssl
from email.utils import formatdate
from typing import Literal

from redflags.adapters.notify.mail_format import as_mail
from redflags.domain.message import Message
from redflags.errors import NotificationFailed

Security = Literal["none", "starttls", "tls"]


class SmtpNotifier:
    """Sends through one SMTP server; with `starttls` or `tls` its certificate must be good."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        security: Security,
        sender: str,
        *,
        tls_context: ssl.SSLContext | None = None,
        timeout_seconds: float = 20,
    ) -> None:
        self._host = host
        self._port = port
        self._user = user
        self._password = password
        self._security = security
        self._sender = sender
        self._tls_context = tls_context
        self._timeout_seconds = timeout_seconds

    def send(self, message: Message) -> None:
        """Hand the message over. Raises NotificationFailed when the server did not take it."""
        mail = as_mail(message, self._sender)
        mail["Date"] = formatdate()
        try:
            with self._connected() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({str(code) for code, _ in error.recipients.values()})
            raise _failed("smtp_recipient_refused", ", ".join(codes)) from None
        except smtplib.SMTPResponseException as error:
            raise _failed("smtp_refused", str(error.smtp_code)) from None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _failed("smtp_unreachable", type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        if self._security == "tls":
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout_seconds, context=self._context()
            )
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds)
        if self._security == "starttls":
            try:
                server.starttls(context=self._context())
            except BaseException:
                server.close()
                raise
        return server

    def _context(self) -> ssl.SSLContext:
        return self._tls_context or ssl.create_default_context()


def _failed(code: str, what_came: str) -> NotificationFailed:
    return NotificationFailed(
        f"{code}: expected the mail server to take the message, got {what_came}; it is tried "
        "again by itself: check REDFLAGS_SMTP_*, REDFLAGS_TEAM_ADDRESS and the server"
    )
