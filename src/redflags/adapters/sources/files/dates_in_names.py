"""Dates as people write them into the names of files.

A style is tried on all names together: `01-12-2026` is December where another name has a 13 in
front. A name may tell a month or a week and no year; then it takes something else to know which.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

EARLIEST_YEAR, LATEST_YEAR = 1990, 2099

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_LONG = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
MONTH_WORDS = frozenset({*_MONTHS, *_LONG, "sept"})
_MONTH = rf"(?<![a-z])(?P<word>{'|'.join(sorted(MONTH_WORDS, key=len, reverse=True))})(?![a-z])"
_GAP = r"[-_. ,/]*"
_DAY = r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_ANY_YEAR = r"(?P<y>(?:19|20)\d{2}|\d{2})(?!\d)"
_TIME = r"(?:[-_t ]?\d{4}|[-_t ]?\d{6})?(?!\d)"
_SEPARATOR = r"[-_. ]"


@dataclass(frozen=True, slots=True)
class Told:
    """What a name tells: a last day; or a month or an ISO week of some year; or nothing."""

    day: date | None = None
    month: int = 0
    week: int = 0

    @property
    def is_partial(self) -> bool:
        return self.day is None and bool(self.month or self.week)

    def nearest_to(self, day: date) -> date | None:
        """The last day of such a month or week, of the year in which it is nearest to `day`."""
        years = (day.year - 1, day.year, day.year + 1)
        ends = [
            _end_of_month(year, self.month) if self.month else _end_of_week(year, self.week)
            for year in years
        ]
        return min(filter(None, ends), key=lambda end: abs(end - day), default=None)


Read = Callable[["re.Match[str]"], Told | None]
Style = tuple["re.Pattern[str]", Read]


def dates_in(names: Sequence[str]) -> list[Told]:
    """What each name tells, all in one style where one style fits all that tell a date."""
    stems = [_stem(name) for name in names]
    first = {stem: told for stem in stems if (told := _first_told(stem, _WITH_YEAR))}
    for style in _WITH_YEAR:
        same = {stem: _told(stem, style) for stem in first}
        if all(same.values()):
            first = {stem: told for stem, told in same.items() if told}
            break
    return [first.get(stem) or _first_told(stem, _WITHOUT_YEAR) or Told() for stem in stems]


def _first_told(stem: str, styles: Sequence[Style]) -> Told | None:
    return next(filter(None, (_told(stem, style) for style in styles)), None)


def _stem(name: str) -> str:
    return re.sub(r"\.[a-z]{2,5}(?:\.gz)?$", "", name.casefold())


def _told(stem: str, style: Style) -> Told | None:
    pattern, read = style
    return next(filter(None, map(read, _last_first(pattern, stem))), None)


def _last_first(pattern: "re.Pattern[str]", stem: str) -> Iterator["re.Match[str]"]:
    """Of a span of days (01-11-2026 to 30-11-2026) the last one counts."""
    return reversed(list(pattern.finditer(stem)))


def _day(match: "re.Match[str]") -> Told | None:
    found = match.groupdict()
    month = _month_of(found["word"]) if "word" in found else int(found["m"])
    return _told_day(_full_year(found["y"]), month, int(found["d"]))


def _told_day(year: int, month: int, day: int) -> Told | None:
    try:
        return Told(date(year, month, day)) if _is_sensible(year) else None
    except ValueError:
        return None


def _whole_month(match: "re.Match[str]") -> Told | None:
    found = match.groupdict()
    month = _month_of(found["word"]) if "word" in found else int(found["m"])
    year = _full_year(found["y"])
    end = _end_of_month(year, month) if _is_sensible(year) else None
    return Told(end) if end else None


def _whole_week(match: "re.Match[str]") -> Told | None:
    end = _end_of_week(int(match["y"]), int(match["w"]))
    return Told(end) if end else None


def _whole_quarter(match: "re.Match[str]") -> Told | None:
    return Told(_end_of_month(int(match["y"]), 3 * int(match["q"])))


def _month_alone(match: "re.Match[str]") -> Told:
    return Told(month=_month_of(match["word"]))


def _week_alone(match: "re.Match[str]") -> Told | None:
    week = int(match["w"])
    return Told(week=week) if 1 <= week <= 53 else None


def _month_of(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _is_sensible(year: int) -> bool:
    return EARLIEST_YEAR <= year <= LATEST_YEAR


def _end_of_month(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _end_of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 7)
    except ValueError:
        return None


def _style(pattern: str, read: Read) -> Style:
    return re.compile(pattern), read


_M, _D = r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_M2, _D2 = r"(?P<m>\d{2})", r"(?P<d>\d{2})"
_WEEK = r"(?<![a-z])(?:week|wk|w)[-_. ]*(?P<w>\d{1,2})(?!\d)"
_WITH_YEAR = (
    _style(rf"(?<!\d){_YEAR}{_SEPARATOR}{_M}{_SEPARATOR}{_D2}{_TIME}", _day),
    _style(rf"(?<!\d){_YEAR}{_M2}{_D2}{_TIME}", _day),
    _style(rf"(?<!\d){_D}{_SEPARATOR}{_M}{_SEPARATOR}{_ANY_YEAR}", _day),
    _style(rf"(?<!\d){_M}{_SEPARATOR}{_D}{_SEPARATOR}{_ANY_YEAR}", _day),
    _style(rf"(?<!\d){_D2}{_M2}{_YEAR}(?!\d)", _day),
    _style(rf"{_DAY}{_GAP}{_MONTH}{_GAP}{_ANY_YEAR}", _day),
    _style(rf"{_MONTH}{_GAP}{_DAY}(?!\d){_GAP}{_ANY_YEAR}", _day),
    _style(rf"(?<!\d){_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}(?!\d)", _day),
    _style(rf"{_MONTH}{_GAP}{_ANY_YEAR}", _whole_month),
    _style(rf"(?<!\d){_YEAR}{_GAP}{_MONTH}", _whole_month),
    _style(rf"(?<!\d){_YEAR}[-_. ]?{_WEEK}", _whole_week),
    _style(rf"{_WEEK}(?:{_GAP}|{_GAP}of{_GAP}){_YEAR}(?!\d)", _whole_week),
    _style(rf"(?<!\d){_YEAR}{_GAP}q(?P<q>[1-4])(?!\d)", _whole_quarter),
    _style(rf"(?<![a-z])q(?P<q>[1-4]){_GAP}{_YEAR}(?!\d)", _whole_quarter),
    _style(rf"(?<!\d){_YEAR}{_SEPARATOR}?{_M2}(?!\d)", _whole_month),
    _style(rf"(?<!\d){_M2}{_SEPARATOR}{_YEAR}(?!\d)", _whole_month),
    _style(rf"(?<!\d){_D2}{_M2}(?P<y>\d{{2}})(?!\d)", _day),
    _style(rf"(?<!\d)(?P<y>\d{{2}}){_M2}{_D2}(?!\d)", _day),
)
_WITHOUT_YEAR = (_style(_MONTH, _month_alone), _style(_WEEK, _week_alone))
