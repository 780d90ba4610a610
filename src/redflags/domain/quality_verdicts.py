"""How well the work is done: verdicts on samples (P16), and contact in time (P7)."""

from enum import StrEnum


class ClosingVerdict(StrEnum):
    """Whether a second person would have decided the same; no verdict blames anybody."""

    AGREE = "agree"
    DECIDE_OTHERWISE = "decide_otherwise"
    CANNOT_TELL = "cannot_tell"


class BelowLineVerdict(StrEnum):
    """What becomes of a household that nothing was raised about."""

    LEAVE = "leave"
    RAISE = "raise"


class Contact(StrEnum):
    """What became of a welfare check, as far as contact goes; one of these for each.

    `STILL_TIME`: the 48 hours run. `CALLED_OFF`: closed before anybody tried to make contact.
    """

    IN_TIME = "in_time"
    LATE = "late"
    NONE = "none"
    STILL_TIME = "still_time"
    CALLED_OFF = "called_off"
