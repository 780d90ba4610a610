"""The words of a reminder: the same for everybody and every alert, so that they give nothing away.

They lead to the login through a link that is an opaque id and nothing else (P12).
"""

from datetime import date

from redflags.domain.message import Message

SUBJECT = "Housing queue"


def reminder(link_id: str, recipient: str, day: date, review_url: str) -> Message:
    """One reminder, of a kind of its own: nobody gets the same link twice."""
    return Message(
        kind=f"reminder-{link_id}",
        day=day,
        recipient=recipient,
        subject=SUBJECT,
        body=(
            "You have work in the housing queue.\n"
            "\n"
            "Log in to see it:\n"
            f"{review_url.rstrip('/')}/go/{link_id}\n"
        ),
    )
