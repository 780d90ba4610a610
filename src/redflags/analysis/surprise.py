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
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc, log_ndtr

from redflags.analysis.schemas import SIGNALS, UNSIGNALLED
from redflags.ruleset import Surprise

Floats = npt.NDArray[np.float64]
COUNT_STREAMS = (*SIGNALS, "repair_count", "tell")
COST = "repair_cost"
STREAMS = (*COUNT_STREAMS, COST)
DAYS_A_YEAR = 365.25
SMALLEST_K, LARGEST_K = 0.02, 50.0
SMALLEST_RATE = 1e-4
FEWEST_LIKE_HOMES = 30


@dataclass(frozen=True, slots=True)
class History:
    """Counts and costs of every household, bucketed by age, and how long each was watched.

    ``counts[stream]``, ``tell_counts[signal]`` and ``cost_gbp`` are float arrays (households,
    buckets); ``watched_days[stream]`` is (households,): days at the address that the records
    cover, at most the history. ``counts["tell"]`` is the sum of all tell counts.
    """

    edges_days: tuple[int, ...]
    counts: dict[str, Floats]
    tell_counts: dict[str, Floats]
    cost_gbp: Floats
    watched_days: dict[str, Floats]
    cohort: npt.NDArray[np.int64]
    in_baseline: npt.NDArray[np.bool_]

    def within(self, stream: str, window_days: int) -> Floats:
        """Count of `stream` in the last `window_days`, shape (households,)."""
        return self._recent(self.counts[stream], window_days)

    def tells_within(self, signal: str, window_days: int) -> Floats:
        """Count of the signal's records that carry a tell."""
        return self._recent(self.tell_counts[signal], window_days)

    def cost_within(self, window_days: int) -> Floats:
        return self._recent(self.cost_gbp, window_days)

    def before(self, stream: str, window_days: int) -> Floats:
        """Count of `stream` older than `window_days`."""
        total = np.asarray(self.counts[stream].sum(axis=1), dtype=np.float64)
        return total - self.within(stream, window_days)

    def years_within(self, stream: str, window_days: int) -> Floats:
        return np.minimum(self.watched_days[stream], window_days) / DAYS_A_YEAR

    def years_before(self, stream: str, window_days: int) -> Floats:
        return np.maximum(self.watched_days[stream] - window_days, 0) / DAYS_A_YEAR

    def _recent(self, values: Floats, window_days: int) -> Floats:
        upto = self.edges_days.index(window_days)
        return np.asarray(values[:, :upto].sum(axis=1), dtype=np.float64)


def household_history(
    households: pd.DataFrame,
    cells: pd.DataFrame,
    edges_days: tuple[int, ...],
    first_day: dict[str, date],
    as_of: date,
    in_baseline: npt.NDArray[np.bool_],
) -> History:
    """Arrange long cells as arrays.

    Args:
        households: one row a household: ``since`` (date or missing), ``property_type``,
            ``bedrooms``, ``build_year``.
        cells: ``household`` (row position), ``stream``, ``bucket``, ``n``, ``cost_gbp``.
        edges_days: lower edge of each bucket.
        first_day: first day each input table tells of.
        as_of: last day that counts.
        in_baseline: (households,) False for those who must not shape what is usual.
    """
    shape = (len(households), len(edges_days))
    counts = {stream: np.zeros(shape) for stream in (*SIGNALS, "repair_count")}
    tells = {signal: np.zeros(shape) for signal in (*SIGNALS, UNSIGNALLED)}
    cost = np.zeros(shape)
    for stream, part in cells.groupby("stream", observed=True):
        where = (part["household"].to_numpy(), part["bucket"].to_numpy())
        kind, _, signal = str(stream).partition(":")
        (tells[signal] if signal else counts[kind])[where] = part["n"].to_numpy()
        if kind == "repair_count":
            cost[where] = part["cost_gbp"].to_numpy()
    return History(
        edges_days,
        counts | {"tell": np.sum(list(tells.values()), axis=0)},
        tells,
        cost,
        _watched_days(households, edges_days[-1], first_day, as_of),
        like_homes(households),
        in_baseline,
    )


STREAM_TABLE = {
    **dict.fromkeys((*SIGNALS, "repair_count", "tell", COST), "repairs"),
    "noise_disturbance": "asb",
    "asb_report": "asb",
    "homeless_presentation": "homelessness",
    "staff_concern": "concerns",
}


def _watched_days(
    households: pd.DataFrame, history_days: int, first_day: dict[str, date], as_of: date
) -> dict[str, Floats]:
    since = pd.to_datetime(households["since"])
    lived = (pd.Timestamp(as_of) - since).dt.days.to_numpy(dtype=np.float64) + 1
    lived = np.where(np.isnan(lived), history_days, lived)
    earliest = min(first_day.values(), default=as_of)
    covered = {
        stream: (as_of - first_day.get(table, earliest)).days + 1
        for stream, table in STREAM_TABLE.items()
    }
    return {
        stream: np.clip(np.minimum(lived, days), 1, history_days).astype(np.float64)
        for stream, days in covered.items()
    }


def like_homes(households: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Number of the cohort of each household: type, size and age of the home; shape (n,)."""
    size = pd.to_numeric(households["bedrooms"], errors="coerce").clip(0, 4).fillna(-1)
    age = pd.to_numeric(households["build_year"], errors="coerce")
    era = pd.cut(age, [0, 1918, 1945, 1964, 1980, 2000, 3000], labels=False).fillna(-1)
    kind = households["property_type"].fillna("unknown").astype(str)
    keys = pd.MultiIndex.from_arrays([kind, size.astype(int), era.astype(int)])
    codes, _ = pd.factorize(keys, sort=True)
    return codes.astype(np.int64)


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
    """Every stream in every window."""

    parts: dict[tuple[str, int], Measured]

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
    centre = float(np.median(logs[use])) if use.any() else 0.0
    spread = 1.4826 * float(np.median(np.abs(logs[use] - centre))) if use.any() else 1.0
    z = (logs - centre) / max(spread, 0.1)
    surprise = np.where(some, -log_ndtr(-z) / np.log(10), 0.0)
    usual = _usual_cost(yearly, history)
    own = np.full(len(cost), np.nan)
    return Measured(cost, np.clip(surprise, 0, settings.largest.value), usual, own)


def _usual_cost(yearly: Floats, history: History) -> Floats:
    """Median yearly cost of like homes, or of all homes where there are few like it."""
    keep = history.in_baseline
    if not keep.any():
        return np.zeros(len(yearly))
    by_cohort = pd.Series(yearly[keep]).groupby(history.cohort[keep])
    medians = by_cohort.median()[by_cohort.size() >= FEWEST_LIKE_HOMES]
    overall = float(np.median(yearly[keep]))
    usual = pd.Series(history.cohort).map(medians).fillna(overall)
    return np.asarray(usual, dtype=np.float64)
