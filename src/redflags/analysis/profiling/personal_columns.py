"""Columns that hold people: they are named, never mapped, and no value of them is shown."""

import re
from collections.abc import Sequence
from itertools import pairwise

from redflags.analysis.profiling.header_words import words_of
from redflags.analysis.profiling.value_shapes import share

LEAST_SHARE, LEAST_NAME_SHARE, LEAST_MIXED_SHARE = 0.3, 0.6, 0.2
LEAST_NAMES = 5
_WORDS = {
    "a name": "name surname forename firstname lastname tenant caller contact complainant "
    "customer resident occupier applicant householder operative engineer officer title fullname "
    "user owner author assignee tenantname callername raisedby loggedby reportedby signature",
    "a telephone number": "tel telephone phone mobile landline telno phoneno callernumber",
    "an e-mail address": "email mail",
    "an address": "address addr street postcode road addressline town city county zip",
    "somebody's own details": "dob birth nino nationality ethnicity gender sex religion disability "
    "bank sortcode iban keysafe nhs vulnerability language",
}
_BY_PERSON = re.compile(r"\b(raised|logged|reported|created|entered|completed|done|closed) by\b")
_E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?:^|[^\d])(?:\+44|0044|0)[ (]*[1-9](?:[ ()-]*\d){8,9}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Miss|Ms|Mx|Dr|Prof|Rev)\.? )?[A-Z][a-z'’-]*(?:[ ,]+[A-Z][A-Za-z'’-]*){1,3}"
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr)\b\.? [A-Z]")
_STREET = re.compile(
    r"^(?:flat |apt )?\d+[a-z]?,? [A-Za-z' ]+ "
    r"(?:road|rd|street|st|avenue|ave|close|lane|drive|court|way|place|house|terrace|gardens)\b",
    re.IGNORECASE,
)
_CONTENTS = (
    ("an e-mail address", _E_MAIL.search),
    ("a telephone number", _PHONE.search),
    ("an address", lambda value: _POSTCODE.search(value) or _STREET.search(value)),
)


def personal_by_name(name: str) -> str:
    """What the column's name says it holds of a person; empty when it says nothing."""
    words = words_of(name)
    if _BY_PERSON.search(" ".join(words)):
        return "a name"
    if _is_reference(words):
        return ""
    there = {*words, *map("".join, pairwise(words))}
    return next((what for what, listed in _WORDS.items() if there & set(listed.split())), "")


def personal_by_content(values: Sequence[str], is_text: bool) -> str:
    """What the values show; in free text such things stand now and then, and are masked later."""
    if is_text or not values:
        return ""
    for what, looks_like in _CONTENTS:
        if share(values, sum(bool(looks_like(value)) for value in values)) >= LEAST_SHARE:
            return what
    titled = share(values, sum(bool(_TITLE.search(value)) for value in values))
    named = share(values, sum(bool(_NAME.fullmatch(value)) for value in values))
    is_many = len(values) >= LEAST_NAMES and len(set(values)) > 0.5 * len(values)
    return (
        "a name" if titled >= LEAST_MIXED_SHARE or (is_many and named >= LEAST_NAME_SHARE) else ""
    )


def may_be_personal(value: str) -> bool:
    """Whether a single value must not be shown: it looks like a person, a number or an address."""
    looks = (_E_MAIL.search, _PHONE.search, _POSTCODE.search, _TITLE.search, _STREET.search)
    return any(look(value) for look in looks) or bool(re.search(r"\d{7,}", value))


def _is_reference(words: Sequence[str]) -> bool:
    """A tenant's or contact's number is a reference; a telephone's or address's is not."""
    refs = {"ref", "reference", "id", "uprn", "type", "code", "status", "count"}
    plain = {"tenant", "customer", "resident", "applicant", "contact", "address"}
    return bool(refs & set(words)) and bool(plain & set(words)) and "name" not in words
