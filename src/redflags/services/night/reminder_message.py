"""The words of a reminder: the same for everybody and every alert, so that they give nothing away.

They lead to the login through a link that is an opaque id and nothing else (P12). And what the
operator is told when there is nobody to remind.
"""

from datetime import date

from redflags.domain.message import Message

SUBJECT = "Housing queue"
NOT_REMINDED = "reminders could not be written; what waits in the outbox is sent all the same"


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


def nobody_told(unseen: int) -> list[str]:
    """What to say of `unseen` open alerts that nobody may know of; never which they are (P12)."""
    if not unseen:
        return []
    return [
        f"NOBODY CAN BE TOLD of {unseen:,} open alerts: everybody who could see them is barred "
        "from the home or away, or only specialists may see them and there is none. Add a "
        "specialist today (People in the review queue, or `redflags user add`)"
    ]
