"""The welfare check: how contact is planned, tried and recorded, and on what basis we refer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from redflags.errors import InvalidAct


class Channel(StrEnum):
    """How somebody is reached."""

    VISIT = "visit"
    PHONE = "phone"
    AT_AN_OFFICE = "at_an_office"
    THROUGH_A_PROFESSIONAL = "through_a_professional"
    VIDEO_OR_OTHER = "video_or_other"


class AttemptResult(StrEnum):
    """What came of one attempt."""

    SPOKE_ALONE = "spoke_alone"
    SPOKE_NOT_ALONE = "spoke_not_alone"
    NOT_SAFE_TO_TALK = "not_safe_to_talk"
    NO_ANSWER = "no_answer"
    NO_LONGER_THERE = "no_longer_there"

    @property
    def reached(self) -> bool:
        """Contact was made, alone or not; only alone is safe to ask anything."""
        return self in (AttemptResult.SPOKE_ALONE, AttemptResult.SPOKE_NOT_ALONE)


@dataclass(frozen=True, slots=True)
class SafeContactPlan:
    """How contact is made without making anything worse (P9).

    Raises InvalidAct: nothing may be blank, and messages are never left.
    """

    channel: Channel
    when: str
    not_told: str
    neutral_reason: str
    no_messages_left: bool

    def __post_init__(self) -> None:
        for field in ("when", "not_told", "neutral_reason"):
            said(field, getattr(self, field))
        if not self.no_messages_left:
            raise InvalidAct(
                "no_messages_left", "Confirm that you will not leave a voicemail, a note or a card"
            )


class ReferralKind(StrEnum):
    """Where a person may refer to (P10)."""

    SPECIALIST = "specialist"
    MARAC = "marac"
    CHILDREN = "children"
    ADULTS = "adults"


class Basis(StrEnum):
    """Why information may go to somebody else (P11)."""

    CONSENT = "consent"
    SAFEGUARDING = "safeguarding"


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody agreed: who asked them, and when."""

    taken_by: str
    taken_at_utc: datetime


class ReferralState(StrEnum):
    """A referral on safeguarding grounds is only recorded once a second person has agreed."""

    WAITING_FOR_AGREEMENT = "waiting_for_agreement"
    RECORDED = "recorded"
    NOT_AGREED = "not_agreed"
    WITHDRAWN = "withdrawn"


class DashLevel(StrEnum):
    """The risk a DASH assessment came to, as the specialist wrote it down."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


def checked_consent(consent: Consent, now: datetime) -> Consent:
    """Raises InvalidAct when nobody took it, or it lies in the future."""
    said("consent_taken_by", consent.taken_by)
    if consent.taken_at_utc > now:
        raise InvalidAct("consent_taken_at", "The consent must have been given already")
    return consent


def said(field: str, text: str) -> str:
    """`text` without blanks around it. Raises InvalidAct for `field` when nothing is left."""
    if not text.strip():
        raise InvalidAct(field, "Say this in your own words; it cannot be empty")
    return text.strip()
