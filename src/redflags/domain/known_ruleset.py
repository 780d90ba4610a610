"""A rule set on record: who proposed and approved it, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KnownRuleset:
    """A rule set as the operational database knows it; people by name."""

    ruleset_hash: str
    version: str
    parent: str | None
    content: str
    reason: str
    proposed_by: str
    proposed_at_utc: datetime
    backtest: Mapping[str, float] | None
    approved_by: str | None
    live_since_utc: datetime | None
    is_live: bool
    is_shadow: bool

    @property
    def standing(self) -> str:
        """How far it has come, in a word."""
        if self.is_live:
            return "live"
        if self.live_since_utc is not None:
            return "retired"
        if self.approved_by is not None:
            return "approved"
        return "proposed" if self.backtest is None else "backtested"
