"""What came of an alert, in words that never blame: no outcome is "unfounded" or "false"."""

from enum import StrEnum


class Outcome(StrEnum):
    """Why an alert was closed."""

    NO_CHECK_NEEDED = "no_check_needed"
    WRONG_DATA = "wrong_data"
    ALREADY_SUPPORTED = "already_supported"
    NO_CONCERN_FOUND = "no_concern_found"
    COULD_NOT_REACH = "could_not_reach"
    WELFARE_NEED_MET = "welfare_need_met"
    DISCLOSED_ACCEPTS_SUPPORT = "disclosed_accepts_support"
    DISCLOSED_DECLINES_SUPPORT = "disclosed_declines_support"
    OTHER_NEED = "other_need"

    @property
    def need_found(self) -> bool:
        """True when there was a need, whether we found it or somebody had found it before."""
        return self in _NEEDS


_NEEDS = frozenset(
    {
        Outcome.ALREADY_SUPPORTED,
        Outcome.WELFARE_NEED_MET,
        Outcome.DISCLOSED_ACCEPTS_SUPPORT,
        Outcome.DISCLOSED_DECLINES_SUPPORT,
        Outcome.OTHER_NEED,
    }
)

TRIAGE_OUTCOMES = frozenset(
    {Outcome.NO_CHECK_NEEDED, Outcome.ALREADY_SUPPORTED, Outcome.WRONG_DATA}
)
"""What may end an alert before anybody was contacted."""
CHECK_OUTCOMES = frozenset(Outcome) - {Outcome.NO_CHECK_NEEDED, Outcome.WRONG_DATA}
"""What may come of a welfare check."""
CONTACT_OUTCOMES = frozenset(
    {
        Outcome.NO_CONCERN_FOUND,
        Outcome.DISCLOSED_ACCEPTS_SUPPORT,
        Outcome.DISCLOSED_DECLINES_SUPPORT,
    }
)
"""What nobody can know without having spoken to the household."""


class NoteKind(StrEnum):
    """What a case note was written for."""

    NOTE = "note"
    QUESTION = "question"
    ANSWER = "answer"
    RELEASED = "released"
    DECISION = "decision"
    GIVEN = "given"
    OUTCOME = "outcome"
    CLOSED = "closed"
    STOPPED = "stopped"
    REOPENED = "reopened"
    LOOKED = "looked"
    RECHARGE = "recharge"
    REFERRAL_ANSWER = "referral_answer"
