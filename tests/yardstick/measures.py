"""How good an order of households is against the truth, and whom it points at by mistake."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from redflags.simulation import History
from redflags.simulation.span import DAYS_PER_YEAR
from redflags.simulation.vocabulary import Cause

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
DEPTHS = (50, 100, 200)
ALERTED_SHARE = 0.05
"""About what a year at one alert per 1,000 homes a week comes to."""
LIVELIEST = 0.9
"""The tenth of households hardest on doors, and the tenth most noisy, by their hidden quality."""


def active_on(history: History, day: float) -> Flags:
    """Households with an active episode at the end of the day before `day`."""
    episodes = history.episodes
    active = np.zeros(len(history.households), dtype=np.bool_)
    active[episodes.household[(episodes.onset < day) & (episodes.stop >= day)]] = True
    return active


def quality(order: Floats, active: Flags) -> dict[str, float]:
    """Average precision, and precision and recall at some depths."""
    from sklearn.metrics import average_precision_score

    oddest = np.argsort(-order, kind="stable")
    found = {depth: float(active[oddest[:depth]].sum()) for depth in DEPTHS}
    return {
        "average precision": float(average_precision_score(active, order)),
        **{f"precision at {depth}": found[depth] / depth for depth in DEPTHS},
        **{f"recall at {depth}": found[depth] / float(active.sum()) for depth in DEPTHS},
    }


def innocent_groups(history: History, asked: Ints) -> tuple[Flags, Mapping[str, Flags]]:
    """Who had no episode in the last year, and which of `asked` are eventful all the same."""
    households, estate, days = history.households, history.estate, history.span.days
    suffered = history.episodes.household[history.episodes.stop > days - DAYS_PER_YEAR]
    innocent = ~np.isin(asked, suffered)
    events = history.events
    adapted = (events.cause == Cause.ADAPTATION) & (events.day > days - DAYS_PER_YEAR)
    home = households.home[asked]
    noise = households.noise * estate.noise[households.home]
    return innocent, {
        "adaptations": np.isin(asked, events.household[adapted]),
        "sheltered": estate.is_sheltered[home],
        "vandalised blocks": estate.is_vandalised[home],
        "hard on doors": _top_tenth(households.wear[asked]),
        "noisy": _top_tenth(noise[asked]),
    }


def _top_tenth(values: Floats) -> Flags:
    return np.asarray(values >= np.quantile(values, LIVELIEST))


def alerted_by_mistake(
    order: Floats, innocent: Flags, groups: Mapping[str, Flags]
) -> dict[str, list[int]]:
    """For each group: innocents in it that are in the oddest twentieth of all homes, innocents in
    it, and the same two numbers of all other innocents."""
    alerted = np.zeros(len(order), dtype=np.bool_)
    alerted[np.argsort(-order, kind="stable")[: round(len(order) * ALERTED_SHARE)]] = True
    return {
        name: [
            int((alerted & innocent & group).sum()),
            int((innocent & group).sum()),
            int((alerted & innocent & ~group).sum()),
            int((innocent & ~group).sum()),
        ]
        for name, group in groups.items()
    }
