"""How unlikely a household's count is, given its time at the address, its own past and like homes.

Model (gamma-Poisson, as in Farrington-type surveillance with a latent propensity per household):
a household's rate is Gamma(k, k/μ), with μ the rate of like homes and k how much households differ
anyway. Its own earlier count n₀ over e₀ years, weighted w, updates that to Gamma(k + w·n₀,
k/μ + w·e₀). The count N in a window of e years is then negative binomial, and

    P(N ≥ n) = I_{e/(b+e)}(n, a),   a = k + w·n₀,   b = k/μ + w·e₀

with I the regularised incomplete beta function. The surprise is −log₁₀ of it. μ leaves out the
household itself and every confirmed one, so nobody widens their own baseline; the tested window is
never part of the own past.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc, log_ndtr

from redflags.analysis.surprise.household_history import (
    COST,
    COUNT_STREAMS,
    DAYS_A_YEAR,
    Floats,
    History,
)
from redflags.configuration.ruleset import Surprise

Flags = npt.NDArray[np.bool_]
SMALLEST_K, LARGEST_K = 0.02, 50.0
SMALLEST_RATE = 1e-4
FEWEST_LIKE_HOMES = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """One stream in one window; every array is (households,).

    ``like_homes_rate`` and ``own_rate`` are per year; ``own_rate`` is NaN where there is no past.
    """

    count: Floats
    surprise: Floats
    like_homes_rate: Floats
    own_rate: Floats


@dataclass(frozen=True, slots=True)
class Measurements:
    """Every stream in every window; and, where the rule set says what an episode looks like, how
    strongly the whole pattern over time speaks for one (`episodes`), as a column of its own."""

    parts: dict[tuple[str, int], Measured]
    pattern: pd.Series | None = None

    def matrix(self) -> pd.DataFrame:
        """Surprises as columns ``<stream>_<window>``, in a fixed order."""
        return pd.DataFrame(
            {f"{stream}_{days}": part.surprise for (stream, days), part in self.parts.items()}
        )


def measure(history: History, settings: Surprise) -> Measurements:
    """Surprise of every stream in every window of `settings`."""
    parts = {
        (stream, window): _counted(history, stream, window, settings)
        for stream in COUNT_STREAMS
        for window in settings.windows_days
    }
    parts |= {
        (COST, window): _costed(history, window, settings) for window in settings.windows_days
    }
    return Measurements(parts)


def _counted(history: History, stream: str, window: int, settings: Surprise) -> Measured:
    count = history.within(stream, window)
    years = history.years_within(stream, window)
    past_count, past_years = history.before(stream, window), history.years_before(stream, window)
    rate = cohort_rates(count, years, history, settings.cohort_prior_years.value)
    k = dispersion(history, stream)
    weight = settings.own_history_weight.value
    shape = k + weight * past_count
    inverse_scale = k / rate + weight * past_years
    surprise = tail_surprise(count, years, shape, inverse_scale, settings.largest.value)
    own = np.where(past_years > 0.25, past_count / np.maximum(past_years, 0.25), np.nan)
    return Measured(count, surprise, rate, own)


def cohort_rates(count: Floats, years: Floats, history: History, prior_years: float) -> Floats:
    """Yearly rate of homes like each one, that home itself left out; shape (households,).

    A small cohort leans on the rate of all homes with the weight of `prior_years`.
    """
    keep = history.in_baseline.astype(np.float64)
    counted, watched = count * keep, years * keep
    n_all = counted.sum() - counted
    e_all = watched.sum() - watched
    overall = (n_all + 0.5) / (e_all + 1.0)
    n_cohort = np.bincount(history.cohort, counted)[history.cohort] - counted
    e_cohort = np.bincount(history.cohort, watched)[history.cohort] - watched
    rate: Floats = (n_cohort + overall * prior_years) / (e_cohort + prior_years)
    return np.maximum(rate, SMALLEST_RATE)


def dispersion(history: History, stream: str) -> float:
    """k of the gamma over households, by moments over the whole history.

    1/k = Σ((n − m)² − n) / Σ m², with m the expected count; the few largest terms are capped at
    the 99.9 % quantile, because what is looked for would otherwise inflate it.
    """
    keep = history.in_baseline
    n = history.counts[stream].sum(axis=1)[keep]
    years = (history.watched_days[stream] / DAYS_A_YEAR)[keep]
    cohort = history.cohort[keep]
    if n.sum() < 2:
        return 1.0
    rate = np.bincount(cohort, n) / np.maximum(np.bincount(cohort, years), 1e-9)
    expected = rate[cohort] * years
    excess = (n - expected) ** 2 - n
    excess = np.minimum(excess, max(float(np.quantile(excess, 0.999)), 0.0) + 1.0)
    total = float(excess.sum())
    if total <= 0:
        return LARGEST_K
    return float(np.clip((expected**2).sum() / total, SMALLEST_K, LARGEST_K))


def tail_surprise(
    count: Floats, years: Floats, shape: Floats, inverse_scale: Floats, largest: float
) -> Floats:
    """−log₁₀ P(N ≥ count) of the gamma-Poisson; 0 where nothing was counted; at most `largest`."""
    surprise = np.zeros(len(count))
    some = count > 0
    share = years[some] / (inverse_scale[some] + years[some])
    tail = betainc(count[some], shape[some], share)
    surprise[some] = -np.log10(np.maximum(tail, 10.0**-largest))
    return np.abs(surprise)


def _costed(history: History, window: int, settings: Surprise) -> Measured:
    """Cost against like homes, on the log scale with median and MAD, so one fire moves nothing."""
    cost = history.cost_within(window)
    years = history.years_within(COST, window)
    yearly = cost / np.maximum(years, 30 / DAYS_A_YEAR)
    some = cost > 0
    logs = np.log(np.where(some, yearly, 1.0))
    use = some & history.in_baseline
    off = logs - _median_of_like_homes(logs, history, use)
    spread = 1.4826 * float(np.median(np.abs(off[use]))) if use.any() else 1.0
    surprise = np.where(some, -log_ndtr(-off / max(spread, 0.1)) / np.log(10), 0.0)
    usual = _median_of_like_homes(yearly, history, history.in_baseline)
    own = np.full(len(cost), np.nan)
    return Measured(cost, np.clip(surprise, 0, settings.largest.value), usual, own)


def _median_of_like_homes(values: Floats, history: History, use: Flags) -> Floats:
    """Median of the homes like each one, or of all homes where there are few like it."""
    if not use.any():
        return np.zeros(len(values))
    by_cohort = pd.Series(values[use]).groupby(history.cohort[use])
    medians = by_cohort.median()[by_cohort.size() >= FEWEST_LIKE_HOMES]
    usual = pd.Series(history.cohort).map(medians).fillna(float(np.median(values[use])))
    return np.asarray(usual, dtype=np.float64)
