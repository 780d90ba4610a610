"""The ways out of the program that the settings name: messages, and the sign of life."""

from typing import TYPE_CHECKING

from redflags.settings import Settings

if TYPE_CHECKING:
    from pydantic import SecretStr

    from redflags.adapters.heartbeat import Heartbeat
    from redflags.adapters.notify import Notifier


def notifier_of(settings: Settings) -> "Notifier":
    """How messages leave."""
    from redflags.adapters import notify

    match settings.notify_by:
        case "smtp":
            return notify.SmtpNotifier(
                settings.smtp_host,
                settings.smtp_port,
                settings.smtp_user,
                _revealed(settings.smtp_password),
                settings.smtp_security,
                settings.sender_address,
            )
        case "govuk":
            return notify.GovukNotifyNotifier(
                _revealed(settings.govuk_notify_key),
                settings.govuk_notify_template,
                settings.govuk_notify_url,
            )
        case _:
            return notify.OutboxFolderNotifier(settings.outbox_path)


def heartbeat_of(settings: Settings) -> "Heartbeat":
    """Where a night tells that it ended; nowhere when no address is set."""
    from redflags.adapters.heartbeat import Heartbeat

    return Heartbeat(_revealed(settings.heartbeat_url) or None)


def _revealed(secret: "SecretStr | None") -> str:
    return "" if secret is None else secret.get_secret_value()
