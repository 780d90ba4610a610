"""Dates as people write them, as DuckDB expressions: parts with one blank between them."""

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun"
_TIME_END = "(:[0-9]{2}(?:[.,][0-9]+)?(?: ?[ap][.]?m[.]?)?)"
_ZONE = "(z|utc|gmt|bst|[+-][0-9]{2}(?::?[0-9]{2})?)"
_SEPARATORS = "[-\u2010-\u2015\u2212/.,:\\s\u00a0\u2007\u202f]+"
_STEPS = (
    (f"{_TIME_END} *{_ZONE}$", "\\1"),
    ("([.,][0-9]{6})[0-9]+", "\\1"),
    ("([0-9])(?:st|nd|rd|th)\\b", "\\1"),
    (f"\\b(?:{_WEEKDAYS})[a-z]*", ""),
    (f"({MONTHS})[a-z]*", "\\1"),
    ("\\b(?:of|at)\\b", " "),
    ("([0-9])t([0-9])", "\\1 \\2"),
    ("([ap])[.]m[.]?", "\\1m"),
    ("([0-9])([a-z])", "\\1 \\2"),
    ("([a-z])([0-9])", "\\1 \\2"),
    (_SEPARATORS, " "),
)


def date_parts(value: str) -> str:
    """SQL: "Sat 5th Sept. 2026, 10:30pm" as "5 sep 2026 10 30 pm"; a zone is left out."""
    result = f"lower({value})"
    for pattern, replacement in _STEPS:
        result = f"regexp_replace({result}, '{pattern}', '{replacement}', 'g')"
    return f"trim({result})"


def offset_of(value: str) -> str:
    """SQL: the zone behind a time as "+01:00" or the like, empty when there is none."""
    zone = f"regexp_extract(lower({value}), '{_TIME_END} *{_ZONE}$', 2)"
    return (
        f"CASE WHEN {zone} IN ('z', 'utc', 'gmt') THEN '+00' WHEN {zone} = 'bst' THEN '+01' "
        f"ELSE {zone} END"
    )


def in_london(moment: str, zone: str) -> str:
    """SQL: a timestamp of the clock in `zone` as the clock in London showed it."""
    return f"timezone('Europe/London', timezone('{zone}', {moment}))"


def has_time(moment: str, value: str) -> str:
    """SQL: whether `value`, read as `moment`, gives a time and not only a day."""
    return f"(contains({value}, ':') OR {moment} <> date_trunc('day', {moment}))"
