"""Quarters of the calendar year in London time, and the moments a report of one covers."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from redflags.domain.clock import CONTACT_WITHIN, end_of_day_utc, london

_WRITTEN = re.compile(r"(20\d\d)Q([1-4])", re.ASCII)
_A_DAY = timedelta(days=1)
_FIRST_AND_LAST = (
    ("January", "March"),
    ("April", "June"),
    ("July", "September"),
    ("October", "December"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is about: from the first moment and day on, before the last.

    `followed_until_utc` is how long contact is waited for, for the checks decided last.
    """

    first_day: date
    day_after: date
    starts_at_utc: datetime
    ends_at_utc: datetime
    followed_until_utc: datetime


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year: `number` is 1 for January to March."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """``2026Q3`` as a quarter. Raises ValueError, saying what was expected."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("expected a year and a quarter of it, such as 2026Q3")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which `day` is."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter.of(self.first_day - _A_DAY)

    @property
    def words(self) -> str:
        first, last = _FIRST_AND_LAST[self.number - 1]
        return f"{first} to {last} {self.year}"

    @property
    def starts_at_utc(self) -> datetime:
        return end_of_day_utc(self.first_day - _A_DAY)

    @property
    def settled_at_utc(self) -> datetime:
        """When the 48 hours of its last welfare check are over, too: from then on it is over."""
        return self.next.starts_at_utc + CONTACT_WITHIN

    def is_over(self, now: datetime) -> bool:
        return now >= self.settled_at_utc

    def has_begun(self, now: datetime) -> bool:
        return now >= self.starts_at_utc

    def span(self, now: datetime) -> Span:
        """The whole quarter, or as much of it as there has been."""
        return Span(
            self.first_day,
            self.next.first_day,
            self.starts_at_utc,
            min(now, self.next.starts_at_utc),
            min(now, self.settled_at_utc),
        )

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def last_over(now: datetime) -> Quarter:
    """The latest quarter that is over, the 48 hours of its last welfare check included."""
    quarter = Quarter.of(london(now).date()).previous
    return quarter if quarter.is_over(now) else quarter.previous
