"""Everything a landlord decides about alerts, as one frozen value with a hash."""

import datetime
import hashlib
import json
from functools import cached_property

from pydantic import Field, model_validator

from redflags.configuration.ruleset.episode_assumptions import Episodes
from redflags.configuration.ruleset.rule_thresholds import Rule
from redflags.configuration.ruleset.sections import (
    Innocent,
    Learning,
    Outliers,
    Queue,
    Ranking,
    Retention,
    Surprise,
)
from redflags.configuration.thresholds import Frozen


class RuleSet(Frozen):
    """Everything a landlord decides about alerts; `hash` is frozen on each of them.

    `parent` is the hash of the rule set that this one was made from, `date` the day it was written.
    """

    version: str
    author: str
    reason: str
    date: datetime.date | None = None
    parent: str | None = None
    rules: dict[str, Rule] = Field(min_length=1)
    surprise: Surprise
    innocent: Innocent
    outliers: Outliers
    ranking: Ranking
    queue: Queue
    retention: Retention
    learning: Learning | None = None
    episodes: Episodes | None = None

    @cached_property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of the content; comments and order do not matter."""
        told = self.model_dump(mode="json", exclude={"learning"})  # which raises no alert
        # a rule set without these keeps the hash it always had
        added_later = ("date", "parent", "episodes")
        content = {k: v for k, v in told.items() if v is not None or k not in added_later}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def age_edges_days(self) -> tuple[int, ...]:
        """Where the age of a record is cut, so that every window is a sum of whole buckets."""
        windows = {rule.window_days.value for rule in self.rules.values()}
        edges = {0, *windows, *self.surprise.windows_days, self.surprise.history_days.value}
        return tuple(sorted(edges))

    @model_validator(mode="after")
    def _windows_are_measured(self) -> "RuleSet":
        known = set(self.surprise.windows_days)
        faults = [
            f"rules.{rule_id}.window_days is {rule.window_days.value}, but min_surprise "
            f"can only be asked of surprise.windows_days {sorted(known)}"
            for rule_id, rule in self.rules.items()
            if rule.min_surprise is not None and rule.window_days.value not in known
        ]
        history = self.surprise.history_days.value
        if max(self.age_edges_days) > history:
            faults.append("no window may be longer than surprise.history_days")
        if self.episodes is not None and self.episodes.ages_days[-1] >= history:
            faults.append("episodes.ages_days must end before surprise.history_days")
        strange = sorted(set(self.ranking.window_weights) - known)
        if strange:
            faults.append(
                f"ranking.window_weights names {strange}, but only surprise.windows_days "
                f"{sorted(known)} are measured"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self
