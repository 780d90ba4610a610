"""The answer of ``redflags score``: every household of one day, from the records as they are."""

from datetime import date

import pandas as pd

from redflags.analysis.ordering.detection import Detection, detect
from redflags.configuration.ruleset import RuleSet
from redflags.services.models.model_choice import ModelKeeper
from redflags.services.night.learned_order import ranked
from redflags.services.ports import ConfirmedNeeds, Records


def score_table(
    records: Records,
    queue: ConfirmedNeeds,
    ruleset: RuleSet,
    models: ModelKeeper,
    as_of: date,
    canary_patch: str,
) -> pd.DataFrame:
    """One row a household, oddest first; see `Detection.table`."""
    detection = detect_day(records, queue.confirmed(as_of), ruleset, models, as_of, canary_patch)
    table = detection.table(ruleset.ranking)
    canaries = detection.households.loc[
        detection.households["patch"] == canary_patch, "household_ref"
    ]
    people = table[~table["tenancy_ref"].isin(canaries)].reset_index(drop=True)
    people["rank"] = range(1, len(people) + 1)
    return people


def detect_day(
    records: Records,
    confirmed: frozenset[str],
    ruleset: RuleSet,
    models: ModelKeeper,
    as_of: date,
    canary_patch: str,
) -> Detection:
    """Score one day without writing anything."""
    detection = detect(
        records.count(as_of, ruleset),
        ruleset,
        as_of,
        confirmed,
        canary_patch,
        lambda matrix, eligible: models.for_score(matrix, eligible, as_of),
    )
    return ranked(detection, ruleset.ranking, models.ranker(as_of))
