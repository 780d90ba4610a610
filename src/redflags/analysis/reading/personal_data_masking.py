"""Phone numbers, e-mail addresses and postcodes taken out of job text before anything is stored.

What a match is, is decided by `phonenumbers` and `uk_postcodes_parsing`; what is here keeps them
away from order numbers, schedule codes, sizes and dates, and from the many texts that hold none.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import Leniency, PhoneNumberMatcher
from phonenumbers.phonenumberutil import is_valid_number
from uk_postcodes_parsing.ukpostcode import POSTCODE_CORPUS_REGEX, is_in_ons_postcode_directory

PHONE, E_MAIL, POSTCODE = "[phone]", "[e-mail]", "[postcode]"
REGION = "GB"

_LOOKS_LIKE_PHONE = (
    r"\+[ (]?[0-9][0-9 ()./-]{7,}"
    r"|(?:^|[^0-9])(?:00[1-9]|44[1237]|\(?0[1-378][0-9])[0-9 ()./-]{6,}"
)
_LOOKS_LIKE_POSTCODE = r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ \t]*[0-9][A-Za-z]{2}"
_WORTH_A_LOOK = f"@|{_LOOKS_LIKE_PHONE}|{_LOOKS_LIKE_POSTCODE}"
"""The same for Python and for Arrow, which looks through a million texts in a moment."""

_postcode: re.Pattern[str] = POSTCODE_CORPUS_REGEX
_worth_a_look = re.compile(_WORTH_A_LOOK)
_e_mail = re.compile(r"[^\s@,;:<>()\[\]/]+@[^\s@,;:<>()\[\]/]+\.[A-Za-z]{2,}")
_as_in_a_job = re.compile(
    r"(?<![0-9])(?:\+44[ -]?|0044[ -]?|44[ -]?)?\(?0?(?:"
    r"[1-37][0-9]{3}\)?[ -]?[0-9]{3}[ -]?[0-9]{3}"
    r"|[1-37][0-9]{2}\)?[ -]?[0-9]{3}[ -]?[0-9]{4}"
    r"|[1-37][0-9]\)?[ -]?[0-9]{4}[ -]?[0-9]{4}"
    r")(?![0-9])"
)
"""Eleven digits as people write theirs, in service or not; the groups keep dates out of it."""
_date = re.compile(r"[0-3][0-9][ .-][01][0-9][ .-]20[0-9]{2}\b")
_extension = re.compile(r"[ ,;]*(?:ext|x|#)", re.IGNORECASE)
_ordinal = re.compile(r"(?:1st|2nd|3rd|\dth)$", re.IGNORECASE)
_never_in_an_inward_code = frozenset("CIKMOV")


def mask(text: str) -> str:
    """The text with each phone number, e-mail address and postcode replaced by what it was.

    Masking what was masked changes nothing.
    """
    masked = _masked_once(text) if _worth_a_look.search(text) else text
    return masked if masked == text else mask(masked)


def mask_all(texts: Sequence[str | None]) -> list[str | None]:
    """`mask` of each text, quick where most texts hold nothing to mask; None stays None."""
    look = pc.match_substring_regex(pa.array(texts, pa.string()), _WORTH_A_LOOK).to_pylist()
    return [
        mask(text) if text is not None and worth_it else text
        for text, worth_it in zip(texts, look, strict=True)
    ]


def _masked_once(text: str) -> str:
    text = _e_mail.sub(E_MAIL, text)
    text = _without_phones(text)
    return _postcode.sub(_postcode_or_not(text), text)


def _without_phones(text: str) -> str:
    text = _as_in_a_job.sub(_phone_or_not, text)
    matcher = PhoneNumberMatcher(text, REGION, leniency=Leniency.POSSIBLE)
    for match in reversed([match for match in matcher if _is_phone(match)]):
        text = f"{text[: match.start]}{PHONE}{text[match.end :]}"
    return text


def _phone_or_not(match: re.Match[str]) -> str:
    """Ten digits without a leading 0 or country may be an order number."""
    has_prefix = match.group().startswith(("+", "0", "(0", "44"))
    return PHONE if has_prefix else match.group()


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
