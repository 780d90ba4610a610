"""What each state, role and note is called on a page, at a reading age of twelve.

What reports and sentences name too (signals, rules, outcomes) is in `domain.plain_names`.
"""

from collections.abc import Mapping
from enum import Enum

from redflags.domain.alert import AlertState, Origin, Routing
from redflags.domain.outcome import NoteKind
from redflags.domain.people import InterestKind, Role
from redflags.domain.plain_names import OUTCOME_WORDS, PRIORITY_WORDS, REFERRAL_WORDS
from redflags.domain.quality_verdicts import BelowLineVerdict, ClosingVerdict
from redflags.domain.welfare_check import (
    AttemptResult,
    Basis,
    Channel,
    DashLevel,
    ReferralState,
)

STATE_WORDS: Mapping[AlertState, str] = {
    AlertState.RAISED: "Waiting to be reviewed",
    AlertState.CLAIMED: "Being reviewed",
    AlertState.ASKED: "A colleague has been asked",
    AlertState.WELFARE_CHECK: "Welfare check, nobody assigned yet",
    AlertState.ASSIGNED: "Welfare check, contact not tried yet",
    AlertState.CONTACT_ATTEMPTED: "Welfare check, contact tried",
    AlertState.OUTCOME_RECORDED: "Outcome recorded",
    AlertState.CLOSED: "Closed",
}
ROUTING_WORDS: Mapping[Routing, str] = {
    Routing.GENERAL: "General queue",
    Routing.SPECIALIST: "Specialists only",
}
ORIGIN_WORDS: Mapping[Origin, str] = {
    Origin.DETECTED: "Found in the records",
    Origin.STAFF_CONCERN: "A colleague logged a concern",
    Origin.BELOW_LINE_SAMPLE: "A manager's check",
}
CHANNEL_WORDS: Mapping[Channel, str] = {
    Channel.VISIT: "A visit to the home",
    Channel.PHONE: "A phone call",
    Channel.AT_AN_OFFICE: "At one of our offices",
    Channel.THROUGH_A_PROFESSIONAL: "Through a professional they trust",
    Channel.VIDEO_OR_OTHER: "A video call or another way",
}
ATTEMPT_WORDS: Mapping[AttemptResult, str] = {
    AttemptResult.SPOKE_ALONE: "Spoke to them alone",
    AttemptResult.SPOKE_NOT_ALONE: "Spoke to them, but somebody else was there",
    AttemptResult.NOT_SAFE_TO_TALK: "It was not safe to talk",
    AttemptResult.NO_ANSWER: "No answer",
    AttemptResult.NO_LONGER_THERE: "They do not live there any more",
}
BASIS_WORDS: Mapping[Basis, str] = {
    Basis.CONSENT: "They agreed",
    Basis.SAFEGUARDING: "Somebody is at risk",
}
REFERRAL_STATE_WORDS: Mapping[ReferralState, str] = {
    ReferralState.WAITING_FOR_AGREEMENT: "Waiting for a second person",
    ReferralState.RECORDED: "Recorded",
    ReferralState.NOT_AGREED: "Not agreed",
    ReferralState.WITHDRAWN: "Withdrawn",
}
DASH_WORDS: Mapping[DashLevel, str] = {
    DashLevel.STANDARD: "Standard",
    DashLevel.MEDIUM: "Medium",
    DashLevel.HIGH: "High",
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.REVIEWER: "Reviewer",
    Role.MANAGER: "Manager",
    Role.SPECIALIST: "Specialist",
    Role.ANALYST: "Analyst",
    Role.REPAIRS: "Repairs and trades",
    Role.AUDITOR: "Auditor",
    Role.ADMIN: "Administrator",
}
DUTY_WORDS: Mapping[Role, str] = {
    Role.REVIEWER: "Looks at alerts in their areas and makes decisions.",
    Role.MANAGER: "Sees the team's work, assigns it and checks quality.",
    Role.SPECIALIST: "Looks at every alert, including those nobody else can see.",
    Role.ANALYST: "Sees figures but no alerts.",
    Role.REPAIRS: "Logs concerns and sees nothing else.",
    Role.AUDITOR: "Sees who did what.",
    Role.ADMIN: "Adds people. Sees no alerts.",
}
"""What each role does, for whoever gives it."""
INTEREST_WORDS: Mapping[InterestKind, str] = {
    InterestKind.DECLARED: "I know somebody there",
    InterestKind.LIVES_THERE: "I live there, or my family does",
    InterestKind.BARRED: "Must not see it",
}
NOTE_WORDS: Mapping[NoteKind, str] = {
    NoteKind.NOTE: "Note",
    NoteKind.QUESTION: "Question to a colleague",
    NoteKind.ANSWER: "Answer",
    NoteKind.RELEASED: "Put back, because",
    NoteKind.DECISION: "Why a welfare check",
    NoteKind.GIVEN: "Given to somebody, because",
    NoteKind.OUTCOME: "Outcome",
    NoteKind.CLOSED: "Closed, because",
    NoteKind.STOPPED: "Stopped, because",
    NoteKind.REOPENED: "Reopened, because",
    NoteKind.LOOKED: "Looked at, because",
    NoteKind.RECHARGE: "Asked to look at the recharge again, because",
    NoteKind.REFERRAL_ANSWER: "Answer about a referral",
}
CLOSING_VERDICT_WORDS: Mapping[ClosingVerdict, str] = {
    ClosingVerdict.AGREE: "I would have decided the same",
    ClosingVerdict.DECIDE_OTHERWISE: "I would have decided differently",
    ClosingVerdict.CANNOT_TELL: "I cannot tell from what was recorded",
}
BELOW_LINE_WORDS: Mapping[BelowLineVerdict, str] = {
    BelowLineVerdict.LEAVE: "Leave it: there is no reason to look closer",
    BelowLineVerdict.RAISE: "Put it in the queue for somebody to look closer",
}


_ALL: tuple[Mapping[Enum, str], ...] = (
    STATE_WORDS,
    PRIORITY_WORDS,
    ROUTING_WORDS,
    ORIGIN_WORDS,
    OUTCOME_WORDS,
    CHANNEL_WORDS,
    ATTEMPT_WORDS,
    REFERRAL_WORDS,
    BASIS_WORDS,
    REFERRAL_STATE_WORDS,
    DASH_WORDS,
    ROLE_WORDS,
    INTEREST_WORDS,
    NOTE_WORDS,
    CLOSING_VERDICT_WORDS,
    BELOW_LINE_WORDS,
)  # type: ignore[assignment]
_BY_KIND = {type(next(iter(words))): words for words in _ALL}


def in_words(member: Enum) -> str:
    """What a member of one of our enums is called. Raises KeyError for an enum without words."""
    return _BY_KIND[type(member)][member]


def words_for(kind: type[Enum]) -> Mapping[Enum, str]:
    """All words of an enum, in the order in which they are shown."""
    return _BY_KIND[kind]
