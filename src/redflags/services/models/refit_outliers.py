"""A new reference for the outlier model, and how the order of a day changes with it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from redflags.analysis.counted_records import Counted
from redflags.analysis.ordering.detection import (
    FEWEST_REFERENCE_HOMES,
    Detection,
    FindModel,
    FittedModel,
    Flags,
    detect,
    fit_reference,
)
from redflags.analysis.ordering.outliers import OutlierModel
from redflags.configuration.ruleset import RuleSet
from redflags.errors import UsageError
from redflags.services.models.model_choice import OUTLIERS, ModelKeeper, own_reference
from redflags.services.night.learned_order import ranked
from redflags.services.ports import Records

ODDEST = 200
"""How many households at the head of a day's order are looked for in the new one."""


@dataclass(frozen=True, slots=True)
class OddestOverlap:
    """`stay` of the `oddest` households of a day are among as many with the new reference."""

    oddest: int
    stay: int
    compared_with: str
    """Version that nights of that day score with until now."""


@dataclass(frozen=True, slots=True)
class Refitted:
    """A reference fitted on the households of `as_of`, whose records begin on `first_day`."""

    model: OutlierModel
    as_of: date
    first_day: date
    households: int
    overlap: OddestOverlap


def refit(
    records: Records,
    ruleset: RuleSet,
    models: ModelKeeper,
    confirmed: frozenset[str],
    as_of: date,
    canary_patch: str,
) -> Refitted:
    """Fit as the first night would, and compare with what nights of that day score with.

    Raises:
        UsageError: there are too few households, or nothing is known of them.
    """
    counted = records.count(as_of, ruleset)

    def scored(find_model: FindModel) -> Detection:
        found = detect(counted, ruleset, as_of, confirmed, canary_patch, find_model)
        return ranked(found, ruleset.ranking, models.ranker(as_of))

    new, old = _FitNewReference(ruleset, as_of), _FindOldReference(models, as_of)
    after, before = scored(new), scored(old)
    return Refitted(
        model=new.model,
        as_of=as_of,
        first_day=_first_day(counted, ruleset, as_of),
        households=after.count_people(canary_patch)[0],
        overlap=_overlap(_order(before, canary_patch), _order(after, canary_patch), old.version),
    )


class _FitNewReference:
    """Finds nothing and fits a reference, which it keeps."""

    model: OutlierModel

    def __init__(self, ruleset: RuleSet, as_of: date) -> None:
        self._ruleset = ruleset
        self._as_of = as_of

    def __call__(self, matrix: pd.DataFrame, eligible: Flags) -> FittedModel:
        model = fit_reference(matrix, eligible, self._ruleset)
        if model is None:
            raise UsageError(
                f"{OUTLIERS} stays as it is: expected at least {FEWEST_REFERENCE_HOMES} "
                f"households with records that count, got {int(eligible.sum())} households on "
                f"{self._as_of}; take in more, or choose another day with --as-of"
            )
        self.model = model
        return FittedModel(model, "new")


class _FindOldReference:
    """Finds what nights score with until now, and keeps its name."""

    version: str

    def __init__(self, models: ModelKeeper, as_of: date) -> None:
        self._models = models
        self._as_of = as_of

    def __call__(self, matrix: pd.DataFrame, eligible: Flags) -> FittedModel:
        found = self._models.for_score(matrix, eligible, self._as_of)
        self.version = found.version
        return found


def _first_day(counted: Counted, ruleset: RuleSet, as_of: date) -> date:
    """The oldest day that is looked at; the canary's records do not count."""
    reach = as_of - timedelta(days=ruleset.surprise.history_days.value)
    return max(reach, min(counted.coverage.first_day.values(), default=reach))


def _order(detection: Detection, canary_patch: str) -> list[str]:
    """Refs of the day's households, oddest first, without the canary."""
    people = (detection.households["patch"] != canary_patch).to_numpy(dtype=bool)
    refs = detection.households["household_ref"].to_numpy()
    in_order = np.argsort(detection.rank)
    return [str(ref) for ref in refs[in_order][people[in_order]]]


def _overlap(before: list[str], after: list[str], compared_with: str) -> OddestOverlap:
    oddest = min(ODDEST, len(after))
    stay = len(set(before[:oddest]) & set(after[:oddest]))
    return OddestOverlap(oddest, stay, compared_with)


def lines(refitted: Refitted, version: str, former: str | None) -> list[str]:
    """What `redflags model refit` prints; `former` is the champion of before."""
    told = [
        f"{OUTLIERS} {version} is champion: fitted on {refitted.model.reference_rows_:,} of "
        f"{refitted.households:,} households, on records from {refitted.first_day} to "
        f"{refitted.as_of}",
        changed(refitted),
    ]
    if former is not None:
        told.append(
            f"{OUTLIERS} {former} is kept; to go back: "
            f"redflags model promote {OUTLIERS} {former} --by NAME --reason TEXT"
        )
    return told


def changed(refitted: Refitted) -> str:
    """How many of the oddest stay, in one sentence."""
    overlap, day = refitted.overlap, refitted.as_of
    return (
        f"{overlap.stay} of the {overlap.oddest} oddest households of {day} stay among the "
        f"{overlap.oddest} oddest, compared with {_named(overlap.compared_with, day)}"
    )


def _named(version: str, as_of: date) -> str:
    if version == own_reference(as_of):
        return "a reference of that day alone, as nights fit it while no champion can be used"
    return version
