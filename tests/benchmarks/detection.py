"""Average precision against the truth of synthetic landlords, beside what simpler orders reach."""

import os
import tempfile
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

HOMES = 20_000
SEEDS = (11, 12, 13)
AS_OF = date(2026, 10, 31)
Floats = npt.NDArray[np.float64]


def bench_detection() -> None:
    """Print one line a seed and the mean of all."""
    rows = [_orders(seed) for seed in SEEDS]
    table = pd.DataFrame(rows, index=[f"seed {seed}" for seed in SEEDS])
    table.loc["mean"] = table.mean()
    print(f"\naverage precision, {HOMES:,} homes, three years, active episodes on {AS_OF}")
    print(table.T.to_string(float_format=lambda value: f"{value:.3f}"))


def _orders(seed: int) -> dict[str, float]:
    from sklearn.metrics import average_precision_score

    from redflags.simulation import CITY, simulate, write_landlord

    with tempfile.TemporaryDirectory() as folder:
        landlord = simulate(HOMES, 3.0, seed, AS_OF, CITY)
        write_landlord(landlord, Path(folder) / "extracts")
        orders, refs = _scored(Path(folder))
    truth = _active(landlord.truth, refs)
    precision = {
        name: float(average_precision_score(truth, order)) for name, order in orders.items()
    }
    return {"share active": float(truth.mean()), **precision}


def _active(truth: pd.DataFrame, refs: pd.Series) -> npt.NDArray[np.bool_]:
    known = truth.set_index("tenancy_ref").reindex(refs)
    onset, end = pd.to_datetime(known["onset"]), pd.to_datetime(known["end"])
    day = pd.Timestamp(AS_OF)
    return ((onset <= day) & (end.isna() | (end >= day))).to_numpy()


def _scored(folder: Path) -> tuple[dict[str, Floats], pd.Series]:
    from redflags.adapters.records import CANARY_PATCH
    from redflags.bootstrap import Program
    from redflags.services.intake.ingest import take_everything
    from redflags.services.night.score_households import detect_day
    from redflags.settings import Settings

    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    program = Program(Settings(home=folder / "home", extracts=folder / "extracts"))
    with program.record_store() as records:
        intake = program.intake(records, AS_OF)
        take_everything(intake, program.ingest_policy(AS_OF), AS_OF, program.signal_set.hash)
        found = detect_day(
            records, frozenset(), program.ruleset, program.models(), AS_OF, CANARY_PATCH
        )
    people = (found.households["patch"] != CANARY_PATCH).to_numpy()
    orders: Mapping[str, Floats] = {
        "redflags score": found.score,
        "its outlier part alone": found.outlier,
        "rule count": np.sum(list(found.hits.values()), axis=0).astype(float),
        "repairs per home": found.history.within("repair_count", 365),
        "cost per home": found.history.cost_within(365),
        **_pyod_on_raw_counts(found.history),
    }
    refs = found.households.loc[people, "household_ref"]
    return {name: order[people] for name, order in orders.items()}, refs


def _pyod_on_raw_counts(history: object) -> dict[str, Floats]:
    """Detectors as one would first try them: on a year's counts and cost of each home."""
    from pyod.models.hbos import HBOS
    from pyod.models.iforest import IForest
    from pyod.models.pca import PCA

    from redflags.analysis.schemas import SIGNALS

    counts = [history.within(name, 365) for name in (*SIGNALS, "repair_count")]  # type: ignore[attr-defined]
    raw = np.column_stack([*counts, history.cost_within(365)])  # type: ignore[attr-defined]
    raw = raw[:, raw.std(axis=0) > 0]
    detectors = {"IForest": IForest(random_state=0), "HBOS": HBOS(), "PCA": PCA(random_state=0)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            f"PyOD {name} on raw counts": np.asarray(detector.fit(raw).decision_scores_)
            for name, detector in detectors.items()
        }
