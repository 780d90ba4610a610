"""One sentence of the policy with its thresholds."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import ValidationInfo, field_validator, model_validator

from redflags.configuration.thresholds import Amount, Count, Frozen

REPAIRS, COST = "repair_count", "repair_cost"


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
        refuse_unknown(signals, info)
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


def refuse_unknown(names: Iterable[str], info: ValidationInfo, also: tuple[str, ...] = ()) -> None:
    """Which signals may be named comes with the context of the validation, if at all."""
    if info.context is None:
        return
    known = (*also, *info.context["signals"])
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"names {', '.join(map(repr, unknown))}; known: {', '.join(known)}")
