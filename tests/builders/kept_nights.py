"""Nights kept for trying thresholds on, with only the numbers a test cares about."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from builders.web import Site
from redflags.adapters.kept_nights import FactFolder
from redflags.analysis.replay.night_facts import NightFacts
from redflags.analysis.replay.what_if import floors_of, shape_of
from redflags.configuration.ruleset import RuleSet

LATEST = date(2026, 11, 3)
PSEUDONYM = "h-pseudonym"


def keep_nights(site: Site, locks: Sequence[int], weeks: int = 3) -> None:
    """Weekly nights up to LATEST with so many lock changes in each household, nothing else."""
    keep_facts(site.program.fact_folder, site.program.ruleset, locks, weeks)


def keep_facts(folder: FactFolder, ruleset: RuleSet, locks: Sequence[int], weeks: int = 3) -> None:
    """The same of any rule set."""
    columns = {
        f"{rule_id}.{number}": np.zeros(len(locks))
        for rule_id, rule in ruleset.rules.items()
        for number, own in (("count", rule.min_count), ("surprise", rule.min_surprise))
        if own is not None
    }
    columns["frequent_lock_changes.count"] = np.array(locks, dtype=float)
    names = [f"{PSEUDONYM}-{n}" for n in range(len(locks))]
    told = {"household": names, "score": 0.0, "has_history": True, "specialist": False}
    table = pd.DataFrame({**told, **columns})
    floors = {rule_id: own.given() for rule_id, own in floors_of(ruleset).items()}
    for week in range(weeks):
        day = LATEST - timedelta(days=7 * week)
        night = NightFacts(day, shape_of(ruleset), ruleset.hash, 1000, floors, table)
        folder.keep(night)
