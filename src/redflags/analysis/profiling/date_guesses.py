"""In which format a column writes its dates; day and month are told apart by values beyond 12."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redflags.analysis.profiling.samples import Sureness
from redflags.analysis.profiling.value_shapes import is_word_for_none

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LEAST_SHARE, LEAST_FORMAT_SHARE = 0.9, 0.01
MIDNIGHT_SHARE = 0.2
_TIME = (
    r"(?P<time>[T ,:]\s*(?P<hour>\d{1,2}):\d\d(?P<seconds>:\d\d(?:[.,]\d+)?)?"
    r"(?P<half> ?[AaPp]\.?[Mm]\.?)?(?P<zone> ?(?:Z|UTC|GMT|BST|[+-]\d\d(?::?\d\d)?))?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_MONTH = r"(?P<word>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NUMBERS = r"(?P<first>\d{1,2})(?P<mark>[-/. ])(?P<second>\d{1,2})(?P=mark)"
_SHAPES = (
    ("iso", r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"),
    ("words", rf"{_WEEKDAY}{_DAY}(?P<mark>[-/. ]?){_MONTH}[-/. ,]*{_YEAR}"),
    ("month_first", rf"{_WEEKDAY}{_MONTH} {_DAY},? (?P<year>\d{{4}})"),
    ("numbers", rf"{_WEEKDAY}{_NUMBERS}{_YEAR}"),
    ("year_first", r"(?P<year>\d{4})(?P<mark>[/. ])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"),
    ("compact", r"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"),
    ("compact_day_first", r"(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>(?:19|20)\d\d)"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(rf"(?i)^{text}{_TIME}$")) for name, text in _SHAPES)


@dataclass(frozen=True, slots=True)
class DateGuess:
    """The formats of a column as a mapping writes them, the most frequent first.

    `remark` says what is unsure; `is_utc` that midnights stand at 23:00 in summer.
    """

    formats: tuple[str, ...]
    sureness: Sureness
    remark: str = ""
    is_utc: bool = False
    has_numbers: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    shape: str
    parts: dict[str, str]

    @property
    def number(self) -> tuple[int, int]:
        return int(self.parts["first"]), int(self.parts["second"])

    def format(self, day_first: bool) -> str:
        return _date(self.shape, self.parts, day_first) + _time(self.parts)


def guess_dates(values: Sequence[str], day_first_elsewhere: bool | None = None) -> DateGuess | None:
    """None unless nearly all values are dates.

    Args:
        day_first_elsewhere: the order that another column of the file has, if one shows it.
    """
    told = [value for value in values if not is_word_for_none(value)]
    read = [found for value in told if (found := _read(value))]
    if not told or len(read) < LEAST_SHARE * len(told):
        return None
    numbers = [one.number for one in read if one.shape == "numbers"]
    day_first, sureness, remark = _order(numbers, day_first_elsewhere)
    counted = Counter(one.format(day_first) for one in read)
    formats = tuple(_without_shorter([f for f, n in counted.most_common() if _is_many(n, read)]))
    return DateGuess(formats, sureness, remark, _is_utc(read), bool(numbers))


def day_comes_first(values: Sequence[str]) -> bool | None:
    """Whether day comes before month, where a value beyond 12 tells; None where none does."""
    read = [
        found.number for value in values if (found := _read(value)) and found.shape == "numbers"
    ]
    beyond = Counter(first > 12 for first, second in read if max(first, second) > 12)
    return None if len(beyond) != 1 else next(iter(beyond))


def is_date(value: str) -> bool:
    return _read(value) is not None


def _read(value: str) -> _Read | None:
    for name, pattern in _PATTERNS:
        match = pattern.match(value)
        if match and _is_in_calendar(parts := match.groupdict(default="")):
            return _Read(name, parts)
    return None


def _is_in_calendar(parts: dict[str, str]) -> bool:
    if parts.get("word") and parts["word"][:3].casefold() not in MONTHS:
        return False
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        return 1 <= min(first, second) <= 12 and max(first, second) <= 31
    month, day = parts.get("month", "1"), parts.get("day", "1")
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _order(
    numbers: Sequence[tuple[int, int]], elsewhere: bool | None
) -> tuple[bool, Sureness, str]:
    days = sum(first > 12 for first, _ in numbers)
    months = sum(second > 12 for _, second in numbers)
    if days and months:
        remark = f"{days} values have the day first and {months} the month: export them as text"
        return days >= months, Sureness.UNSURE, remark
    if days or months or not numbers:
        return not months, Sureness.SURE, ""
    if elsewhere is not None:
        return elsewhere, Sureness.LIKELY, "the order is that of another column of this file"
    return True, Sureness.UNSURE, "no value beyond 12 tells day from month: look at the system"


def _date(shape: str, parts: dict[str, str], day_first: bool) -> str:
    year = "%Y" if len(parts["year"]) == 4 else "%y"
    mark = parts.get("mark", "")
    match shape:
        case "iso":
            return "iso"
        case "words":
            return mark.join(("%d", "%b", year))
        case "month_first":
            return f"%b %d {year}"
        case "numbers":
            return mark.join(("%d", "%m", year) if day_first else ("%m", "%d", year))
        case "year_first":
            return mark.join(("%Y", "%m", "%d"))
        case "compact":
            return "%Y%m%d"
    return "%d%m%Y"


def _time(parts: dict[str, str]) -> str:
    if not parts["time"]:
        return ""
    seconds = ":%S" if parts["seconds"] else ""
    return f" %I:%M{seconds} %p" if parts["half"] else f" %H:%M{seconds}"


def _without_shorter(formats: Sequence[str]) -> Iterator[str]:
    """ISO in one word, and no format that a longer one reads too: times may always be missing."""
    plain = list(dict.fromkeys("iso" if one.startswith("iso") else one for one in formats))
    for one in plain:
        if not any(other != one and other.startswith(f"{one} ") for other in plain):
            yield one


def _is_many(rows: int, read: Sequence[_Read]) -> bool:
    return rows >= max(1, LEAST_FORMAT_SHARE * len(read))


def _is_utc(read: Sequence[_Read]) -> bool:
    """Days written as UTC stand at 23:00 in summer and at 00:00 in winter."""
    timed = [one.parts for one in read if one.shape == "iso" and one.parts["time"]]
    if not timed or any(parts["zone"] for parts in timed):
        return False
    at_23 = [p for p in timed if re.match(r".\s*23:00(:00(\.0+)?)?$", p["time"])]
    is_summer = all(3 <= int(parts["month"]) <= 10 for parts in at_23)
    at_0 = sum(bool(re.match(r".\s*00:00(:00(\.0+)?)?$", p["time"])) for p in timed)
    return bool(at_23) and is_summer and len(at_23) + at_0 >= MIDNIGHT_SHARE * len(timed)
