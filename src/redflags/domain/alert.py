"""An alert: one household put before a person, with the reasons frozen at that moment.

It says "welfare check" and nothing more. The states it may pass through are one table; a move that
is not in the table raises.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from redflags.errors import IllegalMove


class AlertState(StrEnum):
    """Where an alert is in its life."""

    RAISED = "raised"
    CLAIMED = "claimed"
    ASKED = "asked"
    WELFARE_CHECK = "welfare_check"
    ASSIGNED = "assigned"
    CONTACT_ATTEMPTED = "contact_attempted"
    OUTCOME_RECORDED = "outcome_recorded"
    CLOSED = "closed"


class AlertMove(StrEnum):
    """What a person, the clock or the night may do to an alert."""

    CLAIM = "claim"
    RELEASE = "release"
    LAPSE = "lapse"
    GIVE = "give"
    ASK_COLLEAGUE = "ask_colleague"
    ANSWER = "answer"
    TAKE_OVER = "take_over"
    ASK_FOR_WELFARE_CHECK = "ask_for_welfare_check"
    ASSIGN = "assign"
    LOG_ATTEMPT = "log_attempt"
    RECORD_OUTCOME = "record_outcome"
    CLOSE = "close"
    STOP = "stop"
    REOPEN = "reopen"


_S, _M = AlertState, AlertMove
TRANSITIONS: dict[tuple[AlertState, AlertMove], AlertState] = {
    (_S.RAISED, _M.CLAIM): _S.CLAIMED,
    (_S.RAISED, _M.GIVE): _S.CLAIMED,
    (_S.CLAIMED, _M.GIVE): _S.CLAIMED,
    (_S.CLAIMED, _M.RELEASE): _S.RAISED,
    (_S.CLAIMED, _M.LAPSE): _S.RAISED,
    (_S.CLAIMED, _M.ASK_COLLEAGUE): _S.ASKED,
    (_S.ASKED, _M.ANSWER): _S.CLAIMED,
    (_S.ASKED, _M.TAKE_OVER): _S.CLAIMED,
    (_S.ASKED, _M.GIVE): _S.CLAIMED,
    (_S.ASKED, _M.LAPSE): _S.RAISED,
    (_S.CLAIMED, _M.ASK_FOR_WELFARE_CHECK): _S.WELFARE_CHECK,
    (_S.CLAIMED, _M.CLOSE): _S.CLOSED,
    (_S.WELFARE_CHECK, _M.LAPSE): _S.WELFARE_CHECK,
    (_S.ASSIGNED, _M.LAPSE): _S.WELFARE_CHECK,
    (_S.CONTACT_ATTEMPTED, _M.LAPSE): _S.WELFARE_CHECK,
    (_S.OUTCOME_RECORDED, _M.LAPSE): _S.WELFARE_CHECK,
    (_S.WELFARE_CHECK, _M.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _M.ASSIGN): _S.ASSIGNED,
    (_S.CONTACT_ATTEMPTED, _M.ASSIGN): _S.CONTACT_ATTEMPTED,
    (_S.OUTCOME_RECORDED, _M.ASSIGN): _S.OUTCOME_RECORDED,
    (_S.ASSIGNED, _M.LOG_ATTEMPT): _S.CONTACT_ATTEMPTED,
    (_S.CONTACT_ATTEMPTED, _M.LOG_ATTEMPT): _S.CONTACT_ATTEMPTED,
    (_S.CONTACT_ATTEMPTED, _M.RECORD_OUTCOME): _S.OUTCOME_RECORDED,
    (_S.OUTCOME_RECORDED, _M.RECORD_OUTCOME): _S.OUTCOME_RECORDED,
    (_S.OUTCOME_RECORDED, _M.LOG_ATTEMPT): _S.CONTACT_ATTEMPTED,
    (_S.OUTCOME_RECORDED, _M.CLOSE): _S.CLOSED,
    (_S.WELFARE_CHECK, _M.STOP): _S.CLOSED,
    (_S.ASSIGNED, _M.STOP): _S.CLOSED,
    (_S.CLOSED, _M.REOPEN): _S.RAISED,
}
"""The whole life of an alert. A move that is not here does not exist.

raised → claimed → (asked a colleague →) welfare check → assigned → contact attempted → outcome
recorded → closed. From claimed it may also close at once: no check needed, already supported,
wrong data. A welfare check whose holder may not have it any more goes back to be given to somebody
else. A manager may stop a check that has not begun; a closed alert may be reopened.
"""


def states_for(*moves: AlertMove) -> tuple[AlertState, ...]:
    """The states in which the table has at least one of `moves`."""
    return tuple(s for s in AlertState if any((s, move) in TRANSITIONS for move in moves))


# Groups of states: each is named here and nowhere else.
OPEN_STATES = tuple(state for state in AlertState if state is not _S.CLOSED)
"""Somebody still has to do something about it; a household has one such alert at most."""
CLAIM_STATES = (_S.CLAIMED, _S.ASKED)
"""Somebody looks at it and decides; the claim comes to its end by itself."""
ASSIGNED_STATES = (_S.ASSIGNED, _S.CONTACT_ATTEMPTED, _S.OUTCOME_RECORDED)
"""A welfare check that somebody makes."""
CHECK_STATES = (_S.WELFARE_CHECK, *ASSIGNED_STATES)
"""A welfare check was decided on and is under way."""
CONTACT_STATES = (_S.WELFARE_CHECK, _S.ASSIGNED, _S.CONTACT_ATTEMPTED)
"""A welfare check without an outcome: contact is awaited, unless there was one already."""
IN_HAND_STATES = (*CLAIM_STATES, *CHECK_STATES)
"""All but the two in which most alerts are: nobody has it yet, or it is closed."""


def moved(state: AlertState, move: AlertMove) -> AlertState:
    """The state after `move`. Raises IllegalMove when the table has no such move."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        allowed = ", ".join(sorted(m for s, m in TRANSITIONS if s is state)) or "nothing"
        raise IllegalMove(f"an alert that is {state} cannot {move}; it can: {allowed}") from None


class Priority(IntEnum):
    """How soon a person should look; higher is sooner. The name is what people see."""

    ROUTINE = 1
    SOON = 2
    FIRST = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class Routing(StrEnum):
    """Who may see the alert: the general queue, or the specialist alone."""

    GENERAL = "general"
    SPECIALIST = "specialist"


class Origin(StrEnum):
    """What put the household before a person."""

    DETECTED = "detected"
    STAFF_CONCERN = "staff_concern"
    BELOW_LINE_SAMPLE = "below_line_sample"


EvidenceKey = tuple[str, str, str]
"""Table and reference of a record, and its source or its day: what a record is known by."""


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One record behind a reason: what was recorded, when and where. No text, no address."""

    occurred_on: date
    table: str
    ref: str
    signal: str
    tell: str = ""
    source: str = ""

    @property
    def key(self) -> EvidenceKey:
        """The record, whatever signal it is counted under: a reference is its source's own."""
        return (self.table, self.ref, self.source)

    @property
    def keys(self) -> frozenset[EvidenceKey]:
        """All that the record is known by. A system that goes on as another source still tells of
        the same jobs of the same days, and that is no news."""
        return frozenset({self.key, (self.table, self.ref, self.occurred_on.isoformat())})

    def is_among(self, known: Collection[EvidenceKey]) -> bool:
        """Whether the record is one of those with the keys `known`."""
        return any(key in known for key in self.keys)


def known_by(records: Iterable[Evidence]) -> frozenset[EvidenceKey]:
    """All that some records are known by."""
    return frozenset(key for record in records for key in record.keys)


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke, in a sentence a housing officer can check against the evidence."""

    rule_id: str
    sentence: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One household put before a person, as it was frozen on `raised_on`.

    `look_by_at_utc` is when somebody should have looked at it; it only ever comes nearer.
    """

    alert_id: str
    tenancy_ref: str
    raised_on: date
    priority: Priority
    score: float
    state: AlertState
    ruleset_hash: str
    signals_hash: str
    model_version: str
    property_ref: str = ""
    patch: str = ""
    routing: Routing = Routing.GENERAL
    origin: Origin = Origin.DETECTED
    reasons: tuple[Reason, ...] = field(default=())
    look_by_at_utc: datetime | None = None
