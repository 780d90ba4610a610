"""What may stand in an account: an e-mail address, a name, roles, areas."""

import re
import unicodedata
from collections.abc import Collection, Iterable

from redflags.domain.people import Role
from redflags.errors import InvalidAct

LONGEST_EMAIL = 254
LONGEST_NAME = 100
LONGEST_PATCH = 100
# somebody@somewhere; whether it exists shows when they use it
_EMAIL = re.compile(r"[^@\s\"<>(),:;\\\[\]]+@[^@\s\"<>(),:;\\\[\]_]+")

_ODD = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Line ends, controls, direction marks, lone surrogates: in nobody's name."""


def plain_email(email: str) -> str:
    """An address as accounts are told apart by: neither case nor blanks around it count."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def plain_text(text: str) -> str:
    """A name or a reference without blanks around it, in one spelling."""
    return unicodedata.normalize("NFKC", text).strip()


def plain_patches(patches: Iterable[str]) -> list[str]:
    """Areas in order, each once, blanks left out."""
    return sorted({plain_text(patch) for patch in patches} - {""})


def faults_of(
    email: str, name: str, roles: Collection[Role], patches: Iterable[str] = ()
) -> list[InvalidAct]:
    """Everything that cannot be taken as it is; none of it quotes what was given."""
    found = [_email_fault(plain_email(email)), _name_fault(plain_text(name))]
    if not roles:
        found.append(InvalidAct("roles", "Choose at least one role"))
    if any(is_long_or_odd(patch, LONGEST_PATCH) for patch in plain_patches(patches)):
        found.append(InvalidAct("patches", "Each area must be one line of up to 100 characters"))
    return [fault for fault in found if fault is not None]


def is_long_or_odd(text: str, longest: int) -> bool:
    """Whether it is too long, or has a character that no name, address or reference has."""
    return len(text) > longest or any(unicodedata.category(c) in _ODD for c in text)


def _email_fault(email: str) -> InvalidAct | None:
    if is_long_or_odd(email, LONGEST_EMAIL) or not _EMAIL.fullmatch(email):
        return InvalidAct("email", "Enter an email address, like name@example.com")
    return None


def _name_fault(name: str) -> InvalidAct | None:
    if not name:
        return InvalidAct("name", "Enter a name")
    if is_long_or_odd(name, LONGEST_NAME):
        return InvalidAct("name", "The name must be one line of up to 100 characters")
    return None
