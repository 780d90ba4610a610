"""The registers: properties, tenancies, protected households, and the truth about episodes."""

import numpy as np
import pandas as pd

from redflags.simulation.formats import blanked, dates, named, picked, refs, table
from redflags.simulation.history import History
from redflags.simulation.span import Flags, Floats, Ints, Span
from redflags.simulation.streams import stream
from redflags.simulation.text import Texts
from redflags.simulation.vocabulary import EpisodeKind
from redflags.simulation.wording.reports import TENURES

INVENTED_UPRNS_FROM = 990_000_000_000
"""Far above any UPRN that was ever given out."""


def property_refs(homes: Ints) -> Texts:
    return refs(homes + 1, 8)


def tenancy_refs(history: History) -> Texts:
    """The reference of each household: its property and the number of its tenancy there."""
    home = history.households.home
    turn = np.arange(len(home)) - np.searchsorted(home, home)
    return refs((home + 1) * 100 + turn + 1, 10)


def property_table(history: History) -> pd.DataFrame:
    estate, rng = history.estate, stream(history.seed, "properties")
    homes = np.arange(len(estate))
    return table(
        property_ref=property_refs(homes),
        uprn=blanked(refs(homes + INVENTED_UPRNS_FROM, 12), rng.random(len(homes)) < 0.02),
        property_type=estate.property_type,
        bedrooms=refs(estate.bedrooms, 1),
        build_year=blanked(refs(estate.build_year, 4), rng.random(len(homes)) < 0.03),
        block_ref=blanked(refs(estate.cluster + 1, 5, "B"), ~estate.is_block),
        patch=refs(estate.patch + 1, 3, "P"),
    )


def tenancy_table(history: History) -> pd.DataFrame:
    households, rng = history.households, stream(history.seed, "tenancies")
    return table(
        tenancy_ref=tenancy_refs(history),
        property_ref=property_refs(households.home),
        start_date=dates(history.span, households.start),
        end_date=_last_days(history.span, households.stop),
        tenure_code=picked(TENURES, len(households), rng),
    )


def protected_table(history: History) -> pd.DataFrame:
    """Open cases, the works ordered for them, households not to be contacted, staff."""
    protection, rng = history.character.process.protection, stream(history.seed, "protected")
    cases, size = history.cases, len(history.households)
    works = cases.has_works
    rows = [
        _protected(cases.household, "open_case", cases.opened),
        _protected(cases.household[works], "sanctuary_works", cases.opened[works]),
        _some_households("do_not_contact", rng.random(size) < protection.do_not_contact_share),
        _some_households("staff_household", rng.random(size) < protection.staff_share),
    ]
    household, reason, since = (np.concatenate(column) for column in zip(*rows, strict=True))
    until = since + np.floor(rng.gamma(3, 120, len(since)))
    ended = (reason == "open_case") & (until < history.span.days)
    order = np.lexsort((reason.astype(str), household))
    return (
        table(
            tenancy_ref=tenancy_refs(history)[household],
            reason_code=reason,
            from_date=dates(history.span, since),
            until_date=dates(history.span, np.where(ended, until, np.inf)),
        )
        .iloc[order]
        .reset_index(drop=True)
    )


def truth_table(history: History) -> pd.DataFrame:
    """One row per tenancy: first and last day of its latest episode, blank when it had none.

    The last day of an episode that goes on may lie after the end of the span.
    """
    episodes, size = history.episodes, len(history.households)
    onset, stop = np.full(size, np.inf), np.full(size, np.inf)
    # episodes come in order of onset, so the latest one is written last
    onset[episodes.household], stop[episodes.household] = episodes.onset, episodes.stop
    return table(
        tenancy_ref=tenancy_refs(history),
        onset=dates(history.span, onset),
        end=_last_days(history.span, stop),
    )


def episode_table(history: History) -> pd.DataFrame:
    """Every episode, also the earlier ones of a household that had several."""
    episodes = history.episodes
    return table(
        tenancy_ref=tenancy_refs(history)[episodes.household],
        onset=dates(history.span, episodes.onset),
        end=_last_days(history.span, episodes.stop),
        kind=named([kind.name.lower() for kind in EpisodeKind], episodes.kind),
    )


def _last_days(span: Span, stop: Floats) -> Texts:
    return dates(span, stop - 1)


def _protected(household: Ints, reason: str, since: Floats) -> tuple[Ints, Texts, Floats]:
    return household, np.full(len(household), reason, dtype=object), since


def _some_households(reason: str, which: Flags) -> tuple[Ints, Texts, Floats]:
    household: Ints = np.flatnonzero(which)
    return _protected(household, reason, np.full(len(household), np.inf))
