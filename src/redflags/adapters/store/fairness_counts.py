"""Homes of each group, and what came of them over a year: what fairness is judged from."""

from collections.abc import Sequence
from datetime import date
from statistics import fmean

from sqlalchemy import Connection

from redflags.adapters.store.monitoring_store import (
    GroupOutcomes,
    one_night_a_month,
    outcomes_by_group,
)
from redflags.analysis.monitoring.group_rates import Group
from redflags.domain.night_figures import GROUPINGS, NightFigures


def group_counts(
    connection: Connection, first_day: date, day_after: date
) -> dict[str, list[Group]]:
    """Every group of each grouping, by name; how many homes is a mean over the months."""
    nights = one_night_a_month(connection, first_day, day_after)
    return {
        grouping: _groups(
            nights, grouping, outcomes_by_group(connection, grouping, first_day, day_after)
        )
        for grouping in GROUPINGS
    }


def _groups(
    nights: Sequence[NightFigures], grouping: str, came: dict[str, GroupOutcomes]
) -> list[Group]:
    """A group that no night knew of, such as alerts whose home has left since, has no rate."""
    names = {name for night in nights for name in night.counts.get(grouping, {})}
    return [
        Group(
            name,
            round(fmean(night.at(grouping, name)[1] for night in nights)),
            came.get(name, GroupOutcomes()).alerted,
            came.get(name, GroupOutcomes()).need,
            came.get(name, GroupOutcomes()).no_concern,
        )
        for name in sorted(names)
    ]
