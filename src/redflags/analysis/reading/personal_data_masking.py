"""Phone numbers, e-mail addresses and postcodes taken out of job text before anything is stored.

What a match is, is decided by `phonenumbers` and `uk_postcodes_parsing`; what is here keeps them
away from order numbers, schedule codes, sizes and dates, and from the many texts that hold none.
Texts are cleaned first, and numbers found whatever blanks, hyphens or line ends stand in them.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import pyarrow.compute as pc
from phonenumbers import Leniency, PhoneNumberMatcher
from phonenumbers.phonenumberutil import is_valid_number
from uk_postcodes_parsing.ukpostcode import POSTCODE_CORPUS_REGEX, is_in_ons_postcode_directory

from redflags.analysis.reading.text_cleaning import clean, clean_column, text_column

PHONE, E_MAIL, POSTCODE = "[phone]", "[e-mail]", "[postcode]"
REGION = "GB"

_HYPHENS = "\u2010-\u2015\u2043\u2212\ufe63\uff0d"
_BETWEEN_DIGITS = rf"[0-9 ()./\t\r\n{_HYPHENS}-]"
_LOOKS_LIKE_PHONE = (
    rf"\+[ (]?[0-9]{_BETWEEN_DIGITS}{{7,}}"
    rf"|(?:^|[^0-9])(?:00[1-9]|44[1237]|\(?0[1-378][0-9]){_BETWEEN_DIGITS}{{6,}}"
)
_LOOKS_LIKE_POSTCODE = r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ \t]*[0-9][A-Za-z]{2}"
_WORTH_A_LOOK = f"@|{_LOOKS_LIKE_PHONE}|{_LOOKS_LIKE_POSTCODE}"
"""The same for Python and for Arrow, which looks through a million texts in a moment."""

_postcode: re.Pattern[str] = POSTCODE_CORPUS_REGEX
_worth_a_look = re.compile(_WORTH_A_LOOK)
_not_plain = re.compile(f"[{_HYPHENS}\\t\\r\\n]")
_PLAIN = str.maketrans(
    dict.fromkeys(re.findall(f"[{_HYPHENS}]", "".join(map(chr, range(0x10000)))), "-")
    | dict.fromkeys("\t\r\n", " ")
)
_e_mail = re.compile(r"[^\s@,;:<>()\[\]/]+@[^\s@,;:<>()\[\]/]+\.[A-Za-z]{2,}")
_as_in_a_job = re.compile(
    r"(?<![0-9])(?:\+44[ -]?|0044[ -]?|44[ -]?)?\(?0?(?:"
    r"[1-37][0-9]{3}\)?[ -]{0,2}[0-9]{3}[ -]{0,2}[0-9]{3}"
    r"|[1-37][0-9]{2}\)?[ -]{0,2}[0-9]{3}[ -]{0,2}[0-9]{4}"
    r"|[1-37][0-9]\)?[ -]{0,2}[0-9]{4}[ -]{0,2}[0-9]{4}"
    r")(?![0-9])"
)
"""Eleven digits as people write theirs, in service or not; the groups keep dates out of it."""
_date = re.compile(r"[0-3][0-9][ .-][01][0-9][ .-]20[0-9]{2}\b")
_extension = re.compile(r"[ ,;]*(?:ext|x|#)", re.IGNORECASE)
_ordinal = re.compile(r"(?:1st|2nd|3rd|\dth)$", re.IGNORECASE)
_never_in_an_inward_code = frozenset("CIKMOV")


def mask(text: str) -> str:
    """The text, cleaned, with each phone number, e-mail address and postcode named and not told.

    Masking what was masked changes nothing.
    """
    return _masked(clean(text))


def mask_all(texts: Sequence[str | None]) -> list[str | None]:
    """`mask` of each text, quick where most texts hold nothing to mask; None stays None."""
    cleaned = clean_column(text_column(texts))
    look = pc.match_substring_regex(cleaned, _WORTH_A_LOOK).to_pylist()
    return [
        _masked(text) if text is not None and worth_it else text
        for text, worth_it in zip(cleaned.to_pylist(), look, strict=True)
    ]


def _masked(text: str) -> str:
    masked = _masked_once(text) if _worth_a_look.search(text) else text
    return masked if masked == text else _masked(masked)


def _masked_once(text: str) -> str:
    text = _e_mail.sub(E_MAIL, text)
    text = _without_phones(text)
    return _postcode.sub(_postcode_or_not(text), text)


def _without_phones(text: str) -> str:
    found = _as_in_a_job.finditer(_as_dialled(text))
    text = _replaced(text, [match.span() for match in found if _has_prefix(match.group())])
    matcher = PhoneNumberMatcher(_as_dialled(text), REGION, leniency=Leniency.POSSIBLE)
    return _replaced(text, [(match.start, match.end) for match in matcher if _is_phone(match)])


def _as_dialled(text: str) -> str:
    """The same text with plain hyphens and blanks, character for character."""
    return text.translate(_PLAIN) if _not_plain.search(text) else text


def _replaced(text: str, phones: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(phones):
        text = f"{text[:start]}{PHONE}{text[end:]}"
    return text


def _has_prefix(number: str) -> bool:
    """Ten digits without a leading 0 or country may be an order number."""
    return number.startswith(("+", "0", "(0", "44"))


def _is_phone(match: Any) -> bool:
    """A number in service, or one written with its country.

    Order numbers are digits too: without a plus or a leading 0 it is none; nor is it when it starts
    as a date does.
    """
    written = _extension.split(match.raw_string)[0]
    if written.startswith(("+", "(+")):
        return True
    as_dialled = written.startswith(("0", "(0")) and not _date.match(written)
    return as_dialled and is_valid_number(match.number)


def _postcode_or_not(text: str) -> Callable[[re.Match[str]], str]:
    def replacement(match: re.Match[str]) -> str:
        stands_alone = not _is_word(text, match.start() - 1) and not _is_word(text, match.end())
        return POSTCODE if stands_alone and _is_postcode(match.group()) else match.group()

    return replacement


def _is_word(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalnum()


def _is_postcode(found: str) -> bool:
    """In the directory; or new, in a known outward code, and no "2no" and no "1st"."""
    joined = "".join(found.upper().split())
    outward, inward = joined[:-3], joined[-3:]
    if is_in_ons_postcode_directory(joined):
        return True
    impossible = _ordinal.search(inward) or not _never_in_an_inward_code.isdisjoint(inward)
    return not impossible and _is_outward_code(outward)


@lru_cache(maxsize=4096)
def _is_outward_code(outward: str) -> bool:
    return find_spec(f"uk_postcodes_parsing.outcodes.{outward.lower()}") is not None
