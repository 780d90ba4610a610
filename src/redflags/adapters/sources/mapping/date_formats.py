"""Formats of dates: which are allowed, and the spellings that each stands for.

A mapping gives the order of day, month and year. How the month is abbreviated, which marks stand
between the parts and whether a time follows varies within one export, so each format is loosened
to parts with one blank between them; `read_dates` brings the values to the same shape.
"""

import re

ISO = "iso"
_DIRECTIVES = frozenset("YymdHIMSpfbBjaAzn-%")
_TIME = frozenset("HIMSpfn")
_WORDS = frozenset({"t", "z", "utc", "gmt", "at", "of"})
_TOKENS = re.compile(r"%-?[A-Za-z%]|[^%]+")
_TIMES = (
    "",
    " %H %M",
    " %H %M %S",
    " %H %M %S %f",
    " %I %M %p",
    " %I %M %S %p",
)
_ISO_DATES = ("%Y %m %d", "%Y%m%d")


def check_date_format(text: str) -> None:
    """Raises ValueError when `text` is no format, or names a month instead of asking for it."""
    letters = {token[-1] for token in _directives(text)}
    if text == ISO:
        return
    if not letters or set(re.findall(r"%(.)", text)) - _DIRECTIVES:
        raise ValueError(
            f'expected "{ISO}" or strptime directives such as %d/%m/%Y %H:%M:%S; {text!r} came'
        )
    words = re.findall(r"[^\W\d_]+", " ".join(_literals(text)))
    if strange := [word for word in words if word.lower() not in _WORDS]:
        raise ValueError(
            f"expected %b where the month is written as a word; {strange[0]!r} came in {text!r}: "
            "a month in the format itself is not read"
        )
    if not letters & set("Yy") or not letters & set("mbBj"):
        raise ValueError(f"expected directives for year and month, as in %d/%m/%Y; {text!r} came")


def check_one_order(formats: tuple[str, ...]) -> None:
    """Raises ValueError when both orders of day and month are allowed for the same spelling."""
    dates = {_date_part(loosened(text)) for text in formats if text != ISO}
    for date in dates:
        if swapped(date) != date and swapped(date) in dates:
            raise ValueError(
                "expected one order of day and month; both came: 05/06/2026 could be read either "
                "way, so give the files of each order a source of their own"
            )


def loosened(text: str) -> str:
    """The format in small letters, its parts with one blank between them, years with four digits.

    Weekdays and zones are left out: a value's own zone is read apart.
    """
    parts = "".join(
        _part(token) if token.startswith("%") else re.sub(r"[\W\d_]|[a-z]+", " ", token.lower())
        for token in _TOKENS.findall(text)
    )
    return " ".join(parts.split())


def _part(directive: str) -> str:
    match directive[-1]:
        case "a" | "A" | "z" | "%":
            return " "
        case "b" | "B":
            return " %b "
        case "p":
            return " %p"
        case "y":
            return "%Y"
        case "n":
            return "%f"
        case letter:
            return f"%{letter}"


def variants(formats: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Loosened formats with four-digit and with two-digit years, each also without its time.

    A month that is a number in the format may be a word in the value: it cannot be a day.
    """
    long: list[str] = []
    short: list[str] = []
    for text in formats:
        if text == ISO:
            long += [date + time for date in _ISO_DATES for time in _TIMES]
            continue
        numbers = _with_times(loosened(text))
        spellings = [*numbers, *(spelling.replace("%m", "%b") for spelling in numbers)]
        long += spellings
        # 05-09-26 must not be read as the year 2005 where the year comes first
        if "%y" in text or not spellings[0].startswith("%Y"):
            short += [spelling.replace("%Y", "%y") for spelling in spellings]
    return list(dict.fromkeys(long)), list(dict.fromkeys(short))


def _with_times(text: str) -> list[str]:
    date = _date_part(text)
    is_date_first = {token[-1] for token in _directives(text[len(date) :])} <= _TIME
    return [text, *(date + time for time in _TIMES)] if date and is_date_first else [text]


def _date_part(text: str) -> str:
    """What stands before the first directive of a time."""
    for match in re.finditer(r"%([A-Za-z])", text):
        if match.group(1) in _TIME:
            return text[: match.start()].strip()
    return text


def swapped(text: str) -> str:
    """The format with the numbers of day and month exchanged."""
    return text.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def has_numeric_months(formats: tuple[str, ...]) -> bool:
    """Whether a day could be taken for a month."""
    return any("%m" in text and "%d" in text for text in formats)


def is_plain(text: str) -> bool:
    """Whether DuckDB alone reads the format rightly: four digits for the year, and no zone."""
    zones = set(re.findall(r"[a-z]+", " ".join(_literals(text)).lower())) & {"z", "utc", "gmt"}
    return "%y" not in text and "%z" not in text and not zones


def is_compact(text: str) -> bool:
    """Whether digits of two parts stand beside each other, as in %d%m%Y."""
    return bool(re.search(r"%-?[Yymd]%-?[Yymd]", text))


def _directives(text: str) -> list[str]:
    return [token for token in _TOKENS.findall(text) if token.startswith("%")]


def _literals(text: str) -> list[str]:
    return [token for token in _TOKENS.findall(text) if not token.startswith("%")]
