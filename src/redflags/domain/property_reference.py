"""References of homes and households: how they are spelled, and which spellings are the same.

A reference is typed by colleagues, copied from mails and padded by one system and not by the next.
What counts as the same is said here once; `adapters.store.home_directory` says it in SQL.
"""

import re
import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from redflags.domain.alert import Routing

HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043"
"""What a word processor makes of "-"."""
INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\ufeff"
"""What is copied along and nobody sees."""

_HYPHEN = re.compile(f"[{HYPHENS}]")
_BLANKS = re.compile(" {2,}")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)


class Home(NamedTuple):
    """One current household: a reference, an area and routing; no name and no address.

    A tuple, because a hundred thousand are compared every night.
    """

    household_ref: str
    property_ref: str
    patch: str
    routing: Routing


def plain_ref(typed: str) -> str:
    """A reference as the intake has it: NFKC, any hyphen "-", one blank, nothing invisible.

    A line end within stays, and is refused by whoever reads forms.
    """
    plain = _HYPHEN.sub("-", unicodedata.normalize("NFKC", typed))
    return _BLANKS.sub(" ", _UNSEEN.sub("", plain)).strip()


def in_capitals(ref: str) -> str:
    """The letters a to z in capitals, no others: what databases do too, whatever their language."""
    return ref.translate(_CAPITALS)


def unpadded(ref: str) -> str:
    """In capitals, without noughts in front, which a job sheet leaves out; "" for noughts alone."""
    return in_capitals(ref).lstrip("0")
