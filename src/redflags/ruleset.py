"""`config/ruleset.toml` as one frozen value with a hash; its faults are reported all at once.

A threshold is a number with its unit, reason, owner and date. Code reads `.value`; people read the
rest.
"""

import hashlib
import json
import tomllib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from redflags.errors import ConfigurationError


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Threshold(_Frozen):
    unit: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    date: date


class Count(_Threshold):
    """A whole number of something, at least one."""

    value: Annotated[int, Field(strict=True, ge=0)]


class Amount(_Threshold):
    """A number that may have a fraction."""

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Share(_Threshold):
    """A part of a whole."""

    value: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Rule(_Frozen):
    """One sentence of the policy with its thresholds.

    kind `count`: records with any of `signals` in the window; `distinct`: different signals among
    them; `cost`: like count, on cost; `score`: the household's whole score.
    """

    policy: str
    kind: Literal["count", "distinct", "cost", "score"]
    signals: tuple[str, ...]
    window_days: Count
    min_count: Count | None = None
    min_surprise: Amount | None = None
    min_score: Amount | None = None
    tell_only: bool = False
    priority: Literal["routine", "soon", "first"]
    beyond_capacity: bool = False

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Rule":
        if self.kind == "score" and self.min_score is None:
            raise ValueError("a rule of kind 'score' needs min_score")
        if self.kind != "score" and (self.min_count is None or not self.signals):
            raise ValueError(f"a rule of kind '{self.kind}' needs min_count and signals")
        if self.min_count is not None and self.min_count.value < 1:
            raise ValueError("min_count must be at least 1, or every home would be alerted")
        return self


class Surprise(_Frozen):
    """How unusual is measured: windows, the household's own past, cohorts."""

    windows_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    history_days: Count
    own_history_weight: Share
    cohort_prior_years: Amount
    insufficient_history_days: Count
    dear_job_quantile: Share
    largest: Amount


class Innocent(_Frozen):
    """Innocent reasons that are found from dates and places, not from codes or text."""

    new_tenancy_days: Count
    block_burst_days: Count
    block_burst_homes: Count
    storm_days: Count
    storm_homes: Count


class Outliers(_Frozen):
    """The frozen reference of the detectors."""

    reference_homes: Count
    contamination: Share
    random_state: int


class Ranking(_Frozen):
    """One order out of surprises and the outlier score."""

    window_days: Count
    outlier_weight: Amount
    weights: dict[str, Annotated[float, Field(ge=0)]]


class Queue(_Frozen):
    """What people can work, and how often one household may come up."""

    capacity_per_night: Count
    quiet_days: Count
    sample_size: Count
    sample_depth: Count
    random_state: int


class Retention(_Frozen):
    """How long what is kept."""

    text_days: Count
    record_days: Count


class RuleSet(_Frozen):
    """Everything a landlord decides about alerts; `hash` is frozen on each of them."""

    version: str
    author: str
    reason: str
    rules: dict[str, Rule] = Field(min_length=1)
    surprise: Surprise
    innocent: Innocent
    outliers: Outliers
    ranking: Ranking
    queue: Queue
    retention: Retention

    @cached_property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of the content; comments and order do not matter."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def age_edges_days(self) -> tuple[int, ...]:
        """Where the age of a record is cut, so that every window is a sum of whole buckets."""
        windows = {rule.window_days.value for rule in self.rules.values()}
        edges = {0, *windows, *self.surprise.windows_days, self.surprise.history_days.value}
        return tuple(sorted(edges))

    @model_validator(mode="after")
    def _windows_are_measured(self) -> "RuleSet":
        known = set(self.surprise.windows_days)
        for rule_id, rule in self.rules.items():
            if rule.min_surprise is not None and rule.window_days.value not in known:
                raise ValueError(
                    f"rules.{rule_id}.window_days is {rule.window_days.value}, but min_surprise "
                    f"can only be asked of surprise.windows_days {sorted(known)}"
                )
        if max(self.age_edges_days) > self.surprise.history_days.value:
            raise ValueError("no window may be longer than surprise.history_days")
        if self.ranking.window_days.value not in known:
            raise ValueError(f"ranking.window_days must be one of {sorted(known)}")
        return self


def load_ruleset(path: Path, signals: tuple[str, ...]) -> RuleSet:
    """Read a rule set.

    Args:
        path: the TOML file.
        signals: names a rule or a weight may use.

    Raises:
        ConfigurationError: every fault of the file, each with its key.
    """
    ruleset = _parsed(path, _content(path))
    faults = _unknown_signals(path, ruleset, signals)
    if faults:
        raise ConfigurationError(faults)
    return ruleset


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            [f"{path}: not found; set REDFLAGS_CONFIG to the folder that holds ruleset.toml"]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{path}: not TOML: {error}"]) from None


def _parsed(path: Path, content: dict[str, Any]) -> RuleSet:
    try:
        return RuleSet.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(
            [
                f"{path.name}: {'.'.join(str(part) for part in fault['loc']) or 'file'}: "
                f"{fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            ]
        ) from None


def _unknown_signals(path: Path, ruleset: RuleSet, signals: tuple[str, ...]) -> list[str]:
    known = ", ".join(signals)
    faults = [
        f"{path.name}: rules.{rule_id}.signals names {signal!r}; known: {known}"
        for rule_id, rule in ruleset.rules.items()
        for signal in rule.signals
        if signal not in signals
    ]
    faults += [
        f"{path.name}: ranking.weights names {signal!r}; known: tell, {known}"
        for signal in ruleset.ranking.weights
        if signal not in (*signals, "tell")
    ]
    return faults
