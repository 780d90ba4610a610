"""What each state, outcome and sign is called on a page, at a reading age of twelve."""

from collections.abc import Mapping
from enum import Enum

from redflags.domain.alert import AlertState, Origin, Priority, Routing
from redflags.domain.outcome import NoteKind, Outcome
from redflags.domain.people import InterestKind, Role
from redflags.domain.quality_verdicts import BelowLineVerdict, ClosingVerdict
from redflags.domain.welfare_check import (
    AttemptResult,
    Basis,
    Channel,
    DashLevel,
    ReferralKind,
    ReferralState,
)

STATE_WORDS: Mapping[AlertState, str] = {
    AlertState.RAISED: "Waiting for somebody to look",
    AlertState.CLAIMED: "Somebody is looking",
    AlertState.ASKED: "A colleague was asked",
    AlertState.WELFARE_CHECK: "Welfare check, nobody has it yet",
    AlertState.ASSIGNED: "Welfare check, no contact tried yet",
    AlertState.CONTACT_ATTEMPTED: "Welfare check, contact was tried",
    AlertState.OUTCOME_RECORDED: "Outcome recorded",
    AlertState.CLOSED: "Closed",
}
PRIORITY_WORDS: Mapping[Priority, str] = {
    Priority.FIRST: "Look at this first",
    Priority.SOON: "Soon",
    Priority.ROUTINE: "Routine",
}
ROUTING_WORDS: Mapping[Routing, str] = {
    Routing.GENERAL: "Everybody's queue",
    Routing.SPECIALIST: "The specialist only",
}
ORIGIN_WORDS: Mapping[Origin, str] = {
    Origin.DETECTED: "Found in the records",
    Origin.STAFF_CONCERN: "A colleague logged a concern",
    Origin.BELOW_LINE_SAMPLE: "A manager's check",
}
OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.NO_CHECK_NEEDED: "No welfare check needed",
    Outcome.WRONG_DATA: "The records were wrong",
    Outcome.ALREADY_SUPPORTED: "Already has support",
    Outcome.NO_CONCERN_FOUND: "Spoke to them, no concern found",
    Outcome.COULD_NOT_REACH: "Could not reach them",
    Outcome.WELFARE_NEED_MET: "Needed help, and got it",
    Outcome.DISCLOSED_ACCEPTS_SUPPORT: "Told us, and wants support",
    Outcome.DISCLOSED_DECLINES_SUPPORT: "Told us, and does not want support now",
    Outcome.OTHER_NEED: "Needs help with something else",
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
REFERRAL_WORDS: Mapping[ReferralKind, str] = {
    ReferralKind.SPECIALIST: "Specialist officer",
    ReferralKind.MARAC: "MARAC, the meeting about high risk",
    ReferralKind.CHILDREN: "Children's safeguarding",
    ReferralKind.ADULTS: "Adults' safeguarding",
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
    Role.REVIEWER: "Looks at alerts of their areas and decides.",
    Role.MANAGER: "Sees the team's work, gives it to people, checks quality.",
    Role.SPECIALIST: "Looks at every alert, also those that nobody else may see.",
    Role.ANALYST: "Sees figures, no alerts.",
    Role.REPAIRS: "Logs concerns, sees nothing else.",
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
    ClosingVerdict.DECIDE_OTHERWISE: "I would have decided otherwise",
    ClosingVerdict.CANNOT_TELL: "I cannot tell from what was recorded",
}
BELOW_LINE_WORDS: Mapping[BelowLineVerdict, str] = {
    BelowLineVerdict.LEAVE: "Leave it: nothing speaks for a closer look",
    BelowLineVerdict.RAISE: "Put it in the queue, for somebody to look closer",
}

SIGNAL_WORDS: Mapping[str, str] = {
    "lock_change": "Lock change",
    "door_damage": "Damage to an outside door",
    "window_damage": "Damage to a window",
    "internal_damage": "Damage inside: doors or walls",
    "security_request": "Asked for more security",
    "noise_disturbance": "Report of noise",
    "asb_report": "Report of antisocial behaviour",
    "homeless_presentation": "Asked for help with homelessness",
    "abandonment": "Home may be empty",
    "staff_concern": "Concern of a colleague",
    "lost_key": "Lock change for lost keys",
    "missed_visit": "Visit where nobody opened",
    "repair_count": "Number of repairs",
    "repair_cost": "Cost of repairs",
    "": "Another repair or report",
}
TELL_WORDS: Mapping[str, str] = {
    "force": "speaks of force",
    "fear": "speaks of fear",
    "partner": "speaks of a partner",
}
_COUNTED_WORDS: Mapping[str, str] = {
    "repair_count": "repairs",
    "repair_cost": "repairs with a cost",
}
"""Sums, named as what is added up."""
RULE_WORDS: Mapping[str, str] = {
    "staff_concern": "A colleague's concern",
    "damage_with_tell": "Damage, with words of force or fear",
    "frequent_lock_changes": "Many lock changes",
    "door_window_damage": "Damage to doors and windows",
    "returning_mix": "Different damage that comes back",
    "repair_frequency": "Many repairs",
    "repair_cost": "Costly repairs",
    "noise_disturbance": "Reports of noise",
    "asb_report": "Reports of antisocial behaviour",
    "unusual_pattern": "Unusual, all signs together",
    "below_line_sample": "Put in the queue by a manager",
}
"""Where a rule is not called as the one sign it looks at."""
TABLE_WORDS: Mapping[str, str] = {
    "repairs": "Repair",
    "lock_changes": "Lock change",
    "asb": "Antisocial behaviour report",
    "homelessness": "Homelessness",
    "concerns": "Staff concern",
    "properties": "Property",
    "tenancies": "Tenancy",
    "protected": "Protection",
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


def signal_words(signal: str) -> str:
    return SIGNAL_WORDS[signal]


def counted_words(signal: str) -> str:
    """What a rule counts, within a sentence."""
    return _COUNTED_WORDS.get(signal) or signal_words(signal).lower()


def table_words(table: str) -> str:
    return TABLE_WORDS[table]


def rule_words(rule_id: str) -> str:
    """What a rule looks for; one that a landlord added is called as they called it."""
    return RULE_WORDS.get(rule_id) or SIGNAL_WORDS.get(rule_id) or rule_id.replace("_", " ")
