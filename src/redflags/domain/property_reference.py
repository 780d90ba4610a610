"""Where a household lives, as the last night saw it: what a colleague's reference is looked up in.

No name and no address: a reference, an area, and who may see what concerns it.
"""

import unicodedata
from typing import NamedTuple

from redflags.domain.alert import Routing

_ODD = str.maketrans(dict.fromkeys("‐‑‒–−", "-") | dict.fromkeys("\u200b\u00ad\ufeff"))


class Home(NamedTuple):
    """One current household. A tuple, because a hundred thousand are compared every night."""

    household_ref: str
    property_ref: str
    patch: str
    routing: Routing


def plain_ref(typed: str) -> str:
    """A reference as extracts have it: other people's blanks, hyphens and invisibles undone."""
    return unicodedata.normalize("NFKC", typed.translate(_ODD)).strip()
