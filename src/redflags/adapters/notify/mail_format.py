"""A message as an e-mail: the headers that let a mail server know a duplicate by its id."""

from email.message import EmailMessage
from email.policy import SMTP

from redflags.domain.message import Message
from redflags.errors import NotificationFailed

MESSAGE_ID_DOMAIN = "redflags.invalid"
"""Never a real host: the name of the machine is nobody's business (RFC 6761)."""


def as_mail(message: Message, sender: str) -> EmailMessage:
    """Build the e-mail. Raises NotificationFailed when an address could smuggle in a header."""
    mail = EmailMessage(policy=SMTP)
    try:
        mail["Message-ID"] = f"<{message.message_id}@{MESSAGE_ID_DOMAIN}>"
        mail["From"] = sender
        mail["To"] = message.recipient
        mail["Subject"] = message.subject
    except (ValueError, IndexError):
        raise NotificationFailed(
            "mail_malformed: expected one-line addresses and subject; check "
            "REDFLAGS_TEAM_ADDRESS and REDFLAGS_SENDER_ADDRESS"
        ) from None
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail
