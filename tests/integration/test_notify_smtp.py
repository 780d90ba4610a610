"""Messages by SMTP, against a real mail server on this machine."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from builders.servers import free_port, mail_server, own_certificate
from builders.store import NOW, a_message, enqueue
from redflags.adapters.notify import Delivery, SmtpNotifier, deliver_due
from redflags.adapters.store import QueueStore
from redflags.errors import NotificationFailed


def notifier(port: int, recipient_answers_in: float = 5, **options: object) -> SmtpNotifier:
    security = "none" if "tls_context" not in options else "starttls"
    return SmtpNotifier(
        "127.0.0.1",
        port,
        str(options.pop("user", "")),
        "hunter2",
        security,  # type: ignore[arg-type]
        "queue@landlord.test",
        timeout_seconds=recipient_answers_in,
        **options,  # type: ignore[arg-type]
    )


def test_a_mail_server_gets_the_message_under_its_own_id() -> None:
    with mail_server() as sink:
        notifier(sink.port).send(a_message())
    (mail,) = sink.mails
    assert mail["To"] == "team@landlord.test"
    assert mail["From"] == "queue@landlord.test"
    assert mail["Subject"] == "Housing queue"
    assert mail["Message-ID"] == f"<{a_message().message_id}@redflags.invalid>"
    assert mail["Date"]
    assert mail.get_content().replace("\r\n", "\n") == "Log in to see it.\n"


def test_a_duplicate_can_be_recognised_by_its_id() -> None:
    with mail_server() as sink:
        notifier(sink.port).send(a_message())
        notifier(sink.port).send(a_message())
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_while_the_server_is_down_the_message_stays_and_then_goes_once(store: QueueStore) -> None:
    port = free_port()
    enqueue(store, a_message())
    smtp = notifier(port)
    assert deliver_due(store, smtp, NOW) == Delivery(sent=0, failed=1, waiting=1)
    with mail_server(port) as sink:
        assert deliver_due(store, smtp, NOW + timedelta(minutes=1)) == Delivery(1, 0, 0)
        assert deliver_due(store, smtp, NOW + timedelta(hours=9)) == Delivery(0, 0, 0)
    assert len(sink.mails) == 1


def test_a_server_that_is_down_is_told_by_name_of_the_fault_only() -> None:
    with pytest.raises(NotificationFailed, match=r"smtp_unreachable: .*ConnectionRefusedError"):
        notifier(free_port()).send(a_message())


def test_a_refused_recipient_is_told_by_code_and_never_by_address() -> None:
    with (
        mail_server(answer="550 no mailbox ADDRESS here") as sink,
        pytest.raises(NotificationFailed, match=r"smtp_recipient_refused: .* got 550") as told,
    ):
        notifier(sink.port).send(a_message())
    assert "team@" not in str(told.value)
    assert told.value.__suppress_context__
    assert sink.mails == []


def test_a_server_without_log_in_is_told_when_there_is_a_user() -> None:
    with (
        mail_server() as sink,
        pytest.raises(NotificationFailed, match="SMTPNotSupportedError"),
    ):
        notifier(sink.port, user="queue").send(a_message())
    assert sink.mails == []


def test_starttls_secures_what_is_sent(tmp_path: Path) -> None:
    server_side, client_side = own_certificate(tmp_path)
    with mail_server(tls_context=server_side) as sink:
        notifier(sink.port, tls_context=client_side).send(a_message())
    assert sink.secured == [True]


def test_a_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    server_side, _ = own_certificate(tmp_path)
    with (
        mail_server(tls_context=server_side) as sink,
        pytest.raises(NotificationFailed, match="SSLCertVerificationError"),
    ):
        notifier(sink.port, tls_context=ssl.create_default_context()).send(a_message())
    assert sink.mails == []


def test_a_server_that_offers_no_security_gets_nothing_when_it_is_asked_for() -> None:
    with (
        mail_server() as sink,
        pytest.raises(NotificationFailed, match="SMTPNotSupportedError"),
    ):
        notifier(sink.port, tls_context=ssl.create_default_context()).send(a_message())
    assert sink.mails == []


@pytest.mark.parametrize("recipient", ["a@b.test\r\nBcc: spy@evil.test", "a@b.test\nX: y"])
def test_an_address_cannot_smuggle_in_a_header(recipient: str) -> None:
    with mail_server() as sink, pytest.raises(NotificationFailed, match="mail_malformed") as told:
        notifier(sink.port).send(a_message(recipient=recipient))
    assert "evil" not in str(told.value)
    assert sink.mails == []
