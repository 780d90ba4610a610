"""Orders of households to compare ours with: simple counts, and detectors as one would first try.

Every order is one number a household, higher is odder, from the same counts that ours is made of.
"""

import warnings
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from redflags.analysis.ordering.detection import Detection
from redflags.analysis.schemas import SIGNALS
from redflags.analysis.surprise.household_history import History

Floats = npt.NDArray[np.float64]
QUARTER_DAYS = 90
QUARTERS = 12
LIMIT = 2.58
"""Standardised residuals beyond this are weighted down (Noufaily and others 2013)."""


def simple_orders(found: Detection) -> Mapping[str, Floats]:
    """What needs no model at all."""
    return {
        "rule count": np.sum(list(found.hits.values()), axis=0).astype(float),
        "repairs per home": found.history.within("repair_count", 365),
        "cost per home": found.history.cost_within(365),
    }


def detector_orders(found: Detection, homes_for_fit: int = 20_000) -> Mapping[str, Floats]:
    """Five PyOD detectors and scikit-learn's forest, on raw counts and on surprise.

    ECOD and COPOD score the whole batch at once, as they do; the others are fitted on a sample.
    """
    orders: dict[str, Floats] = {}
    for kind, values in (
        ("raw counts", raw_counts(found.history)),
        ("surprise", found.measurements.matrix().to_numpy(dtype=np.float64)),
    ):
        varied = values[:, values.std(axis=0) > 0]
        sample = varied[np.random.default_rng(0).permutation(len(varied))[:homes_for_fit]]
        for name, score in _detectors().items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                orders[f"{name} on {kind}"] = np.asarray(score(sample, varied), dtype=np.float64)
    return orders


def raw_counts(history: History) -> Floats:
    """A year's counts of every signal, of repairs, and their cost."""
    counts = [history.within(name, 365) for name in (*SIGNALS, "repair_count")]
    return np.column_stack([*counts, history.cost_within(365)])


Score = Callable[[Floats, Floats], Floats]


def _detectors() -> Mapping[str, Score]:
    from pyod.models.copod import COPOD
    from pyod.models.ecod import ECOD
    from pyod.models.hbos import HBOS
    from pyod.models.iforest import IForest
    from pyod.models.inne import INNE
    from sklearn.ensemble import IsolationForest

    def fitted(make: Callable[[], object]) -> Score:
        return lambda sample, values: make().fit(sample).decision_function(values)  # type: ignore[attr-defined]

    def batch(make: Callable[[], object]) -> Score:
        return lambda _sample, values: make().fit(values).decision_scores_  # type: ignore[attr-defined]

    return {
        "PyOD IForest": fitted(lambda: IForest(random_state=0)),
        "PyOD HBOS": fitted(HBOS),
        "PyOD COPOD": batch(COPOD),
        "PyOD ECOD": batch(ECOD),
        "PyOD INNE": fitted(lambda: INNE(random_state=0)),
        "scikit-learn IsolationForest": lambda sample, values: (
            -IsolationForest(random_state=0).fit(sample).score_samples(values)
        ),
    }


def farrington(cells: pd.DataFrame, households: int) -> Floats:
    """Last quarter's signs against the household's own past, after Farrington and others (1996)
    with the residual weights of Noufaily and others (2013).

    Quasi-Poisson with one dispersion for all; the past mean leans on one quarter of the mean home,
    or a household without any past could never be told from another. `cells` are counted in twelve
    quarters, the newest first. The score is the residual on the 2/3 power scale.
    """
    signs = cells[cells["stream"].isin(SIGNALS)]
    counts = np.zeros((households, QUARTERS))
    np.add.at(counts, (signs["household"], signs["bucket"].clip(upper=QUARTERS - 1)), signs["n"])
    now, past = counts[:, 0], counts[:, 1:]
    usual = float(counts.mean())
    mean, dispersion, weight_sum = _weighted_past(past, usual)
    variance = 4 / 9 * dispersion * np.cbrt(mean) * (1 + mean / usual / (weight_sum + 1))
    return (np.cbrt(now) ** 2 - np.cbrt(mean) ** 2) / np.sqrt(variance)


def _weighted_past(past: Floats, usual: float) -> tuple[Floats, float, Floats]:
    weight = np.ones_like(past)
    for _ in range(2):
        mean = ((weight * past).sum(axis=1) + usual) / (weight.sum(axis=1) + 1)
        squares = (past - mean[:, None]) ** 2 / mean[:, None]
        dispersion = max(1.0, float((weight * squares).sum() / weight.sum()))
        anscombe = 1.5 * (np.cbrt(past) ** 2 - np.cbrt(mean[:, None]) ** 2)
        residual = anscombe / (np.sqrt(dispersion) * np.power(mean[:, None], 1 / 6))
        weight = np.where(residual > LIMIT, 1 / np.maximum(residual, 1.0) ** 2, 1.0)
    return mean, dispersion, weight.sum(axis=1)
