"""The one message a day: the same words and length every day, so that it gives nothing away."""

from datetime import date

from redflags.domain.message import Message

DAILY = "daily"
_DAY = "%d/%m/%Y"
"""Zero-padded: a day in words would be longer in September than in May."""


def daily_message(as_of: date, team_address: str, review_url: str) -> Message:
    """The message of the night for `as_of`; what is in the queue stays behind the login."""
    return Message(
        kind=DAILY,
        day=as_of,
        recipient=team_address,
        subject=f"Housing queue {as_of.strftime(_DAY)}",
        body=(
            f"The housing queue is ready for {as_of.strftime(_DAY)}.\n"
            "\n"
            "Log in to see it:\n"
            f"{review_url}\n"
            "\n"
            "This message comes every day and is always the same.\n"
        ),
    )
