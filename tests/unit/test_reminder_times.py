"""Which reminder it is time for, on both sides of each hour, and what a reminder says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from redflags.domain.message import Message
from redflags.domain.reminder_times import ReminderKind, reminder_at
from redflags.services.night.reminder_message import reminder

DUE = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
FIRST, LAST = timedelta(hours=24), timedelta(hours=6)
MOMENT = timedelta(microseconds=1)
LINK = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (DUE - FIRST - MOMENT, None),
        (DUE - FIRST, ReminderKind.FIRST),
        (DUE - LAST - MOMENT, ReminderKind.FIRST),
        (DUE - LAST, ReminderKind.LAST),
        (DUE - MOMENT, ReminderKind.LAST),
        (DUE, ReminderKind.MISSED),
        (DUE + timedelta(days=30), ReminderKind.MISSED),
    ],
)
def test_there_is_one_reminder_for_each_moment(now: datetime, kind: ReminderKind | None) -> None:
    assert reminder_at(now, DUE, FIRST, LAST) is kind


def test_a_reminder_is_the_template_and_nothing_else() -> None:
    told = reminder(LINK, "rita@landlord.test", date(2026, 11, 3), "https://queue.landlord.test/")
    assert told == Message(
        kind=f"reminder-{LINK}",
        day=date(2026, 11, 3),
        recipient="rita@landlord.test",
        subject="Housing queue",
        body=(
            "You have work in the housing queue.\n\nLog in to see it:\n"
            f"https://queue.landlord.test/go/{LINK}\n"
        ),
    )
