"""`config/ruleset.toml` as one frozen value with a hash; its faults are reported all at once."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from redflags.errors import ConfigurationError
from redflags.thresholds import (
    About,
    Amount,
    Count,
    Frozen,
    Share,
    Weight,
    faults_of,
    parse_toml,
    read_toml,
)

REPAIRS, COST = "repair_count", "repair_cost"


NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Rule(Frozen):
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

    @field_validator("signals")
    @classmethod
    def _are_known(cls, signals: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        _refuse_unknown(signals, info)
        if len(set(signals)) < len(signals):
            raise ValueError("a signal is named twice and would be counted twice")
        return signals

    @model_validator(mode="after")
    def _can_be_asked(self) -> "Rule":
        faults = [*self._faults_of_kind(), *self._faults_of_numbers()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_kind(self) -> Iterator[str]:
        if self.kind == "score" and self.min_score is None:
            yield "a rule of kind 'score' needs min_score"
        if self.kind != "score" and (self.min_count is None or not self.signals):
            yield f"a rule of kind '{self.kind}' needs min_count and signals"
        if not self.signals and (self.min_count or self.min_surprise):
            yield "min_count and min_surprise need signals to be asked of"
        if self.kind == "cost" and self.signals != (COST,):
            yield f"a rule of kind 'cost' is about {COST} alone"
        if self.kind != "cost" and COST in self.signals:
            yield f"{COST} can only be asked by a rule of kind 'cost'"
        if self.tell_only and {REPAIRS, COST} & set(self.signals):
            yield "tell_only needs signals; a repair as such carries no tell"

    def _faults_of_numbers(self) -> Iterator[str]:
        if self.window_days.value < 1:
            yield "window_days must be at least 1, or the rule could never speak"
        if self.min_count is not None and self.min_count.value < 1:
            yield "min_count must be at least 1, or every home would be alerted"
        if self.kind == "distinct" and self.min_count and self.min_count.value > len(self.signals):
            yield "min_count is more than there are signals, so the rule could never speak"


def _refuse_unknown(names: Iterable[str], info: ValidationInfo, also: tuple[str, ...] = ()) -> None:
    """Which signals may be named comes with the context of the validation, if at all."""
    if info.context is None:
        return
    known = (*also, *info.context["signals"])
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"names {', '.join(map(repr, unknown))}; known: {', '.join(known)}")


class Surprise(Frozen):
    """How unusual is measured: windows, the household's own past, cohorts."""

    windows_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    history_days: Count
    own_history_weight: Share
    cohort_prior_years: Weight
    insufficient_history_days: Count
    dear_job_quantile: Share
    largest: Amount


class Innocent(Frozen):
    """Innocent reasons that are found from dates and places, not from codes or text."""

    new_tenancy_days: Count
    block_burst_days: Count
    block_burst_homes: Count
    storm_days: Count
    storm_homes: Count


class Outliers(Frozen):
    """The frozen reference of the detectors."""

    reference_homes: Count
    contamination: Share
    random_state: int


class Ranking(Frozen):
    """One order out of surprises and the outlier score."""

    about: About
    outlier_weight: Amount
    window_weights: dict[Annotated[int, Field(ge=1)], NotNegative] = Field(min_length=1)
    weights: dict[str, NotNegative]

    @field_validator("weights")
    @classmethod
    def _are_known(cls, weights: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        _refuse_unknown(weights, info, also=("tell",))
        return weights


class Queue(Frozen):
    """What people can work, and how often one household may come up."""

    capacity_per_night: Count
    waiting_share: Share
    quiet_days: Count
    sample_size: Count
    sample_depth: Count
    random_state: int


class Retention(Frozen):
    """How long what is kept."""

    text_days: Count
    record_days: Count


class Learning(Frozen):
    """What is asked of outcomes before an order is learned from them."""

    fewest_outcomes: Count
    largest_weight: Weight
    unvisited_trust: Share


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

    @cached_property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of the content; comments and order do not matter."""
        told = self.model_dump(mode="json", exclude={"learning"})  # which raises no alert
        added_later = ("date", "parent")  # a rule set without them keeps the hash it always had
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
        if max(self.age_edges_days) > self.surprise.history_days.value:
            faults.append("no window may be longer than surprise.history_days")
        strange = sorted(set(self.ranking.window_weights) - known)
        if strange:
            faults.append(
                f"ranking.window_weights names {strange}, but only surprise.windows_days "
                f"{sorted(known)} are measured"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self


def load_ruleset(path: Path, signals: tuple[str, ...]) -> RuleSet:
    """Read a rule set.

    Args:
        path: the TOML file.
        signals: names a rule or a weight may use.

    Raises:
        ConfigurationError: every fault of the file, each with its key.
    """
    return _validated(path, read_toml(path), signals)


def ruleset_of_text(name: str, text: str, signals: tuple[str, ...]) -> RuleSet:
    """Like `load_ruleset`, for a rule set that is kept elsewhere; faults are told of `name`."""
    return _validated(Path(name), parse_toml(name, text), signals)


def _validated(path: Path, content: dict[str, Any], signals: tuple[str, ...]) -> RuleSet:
    try:
        return RuleSet.model_validate(content, context={"signals": signals})
    except ValidationError as error:
        raise ConfigurationError(faults_of(path, error)) from None


def load_usable_ruleset(path: Path, signals: tuple[str, ...]) -> tuple[RuleSet, tuple[str, ...]]:
    """Read a rule set for a replay: a rule that is wrong is set aside and named, not fatal.

    Returns:
        The rule set without the wrong rules, and each fault.

    Raises:
        ConfigurationError: something else than a rule is wrong, or no rule is left.
    """
    content = read_toml(path)
    set_aside: list[str] = []
    while True:
        try:
            ruleset = RuleSet.model_validate(content, context={"signals": signals})
        except ValidationError as error:
            wrong = {str(f["loc"][1]) for f in error.errors() if _is_of_a_rule(f["loc"])}
            faults = faults_of(path, error)
            if not wrong or len(wrong) == len(content["rules"]):
                raise ConfigurationError(faults) from None
            set_aside += [fault for fault in faults if fault.startswith(f"{path.name}: rules.")]
            content["rules"] = {k: v for k, v in content["rules"].items() if k not in wrong}
        else:
            return ruleset, tuple(set_aside)


def _is_of_a_rule(place: tuple[int | str, ...]) -> bool:
    return len(place) > 1 and place[0] == "rules"
