"""How messages leave: a folder, SMTP or GOV.UK Notify, and the delivery that sends each once."""

from redflags.adapters.notify.deliver_messages import Delivery, Notifier, deliver_due
from redflags.adapters.notify.govuk_notify import GovukNotifyNotifier
from redflags.adapters.notify.outbox_folder import OutboxFolderNotifier
from redflags.adapters.notify.smtp import SmtpNotifier

__all__ = [
    "Delivery",
    "GovukNotifyNotifier",
    "Notifier",
    "OutboxFolderNotifier",
    "SmtpNotifier",
    "deliver_due",
]
