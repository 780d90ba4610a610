"""One night: a run for one date, and what it says about itself afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class NightOutcome(StrEnum):
    """How a night stands or ended; `partial` when a source was absent or refused."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    ABANDONED = "abandoned"


GOOD = (NightOutcome.DONE, NightOutcome.PARTIAL)
"""A night that ended so changed the queue and told people."""


class SourceStatus(StrEnum):
    """What became of one source in one night."""

    TAKEN = "taken"
    ABSENT = "absent"
    REFUSED = "refused"
    ALREADY_TAKEN = "already_taken"


@dataclass(frozen=True, slots=True)
class NightSource:
    """One source; `code` and `message` say what was wrong with it and hold no data."""

    source: str
    status: SourceStatus
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class NightTable:
    """Rows of one table. Raises ValueError when a row was lost: read = the sum of the others."""

    table: str
    read: int
    accepted: int
    quarantined: int
    replaced: int

    def __post_init__(self) -> None:
        kept = self.accepted + self.quarantined + self.replaced
        if self.read != kept:
            raise ValueError(
                f"{self.table}: expected read = accepted + quarantined + replaced, "
                f"got {self.read} read and {kept} accounted for; rows were lost or made up"
            )


@dataclass(frozen=True, slots=True)
class Night:
    """One entry of the run log. `stages` are seconds, `counts` what the night reported."""

    run_id: str
    as_of: date
    outcome: NightOutcome
    started_at_utc: datetime
    last_seen_at_utc: datetime
    finished_at_utc: datetime | None = None
    ruleset_hash: str = ""
    signals_hash: str = ""
    model_version: str = ""
    reason: str = ""
    counts: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[NightSource, ...] = ()
    tables: tuple[NightTable, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
