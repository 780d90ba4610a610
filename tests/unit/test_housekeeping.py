"""Chores: each is done, whatever becomes of the others, and failures quote nothing."""

from datetime import UTC, datetime

from redflags.errors import StoreBusy
from redflags.services.night.housekeeping import Tidied, tidy

NOW = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)


def counting(_: datetime) -> int:
    return 3


def busy(_: datetime) -> int:
    raise StoreBusy("another run is writing; try again")


def broken(_: datetime) -> int:
    raise ValueError("T0007 lives at P0007")


def test_a_chore_that_fails_does_not_keep_the_others_from_being_done() -> None:
    tidied = tidy({"first": busy, "second": broken, "third": counting}, NOW)
    assert tidied == Tidied(
        {"third": 3}, {"first": "another run is writing; try again", "second": "ValueError"}
    )


def test_every_chore_is_told_the_same_moment() -> None:
    told: list[datetime] = []

    def listening(now: datetime) -> int:
        told.append(now)
        return 0

    assert tidy({"one": listening, "other": listening}, NOW).done == {"one": 0, "other": 0}
    assert told == [NOW, NOW]
