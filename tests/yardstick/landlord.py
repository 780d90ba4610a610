"""One synthetic landlord: its records through the real door and store, scored in every way."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from redflags.adapters.records import CANARY_PATCH, RecordStore
from redflags.analysis.counted_records import Counted
from redflags.analysis.ordering.detection import Detection, FittedModel, detect, fit_reference
from redflags.bootstrap import Program
from redflags.configuration.ruleset import RuleSet
from redflags.services.intake.ingest import take_everything
from redflags.settings import Settings
from redflags.simulation import (
    CHARACTERS,
    History,
    records_of,
    simulated_history,
    write_landlord,
)
from redflags.simulation.registers import tenancy_refs
from yardstick.ablation import changed_orders
from yardstick.measures import (
    active_on,
    alerted_by_mistake,
    innocent_groups,
    quality,
)
from yardstick.nights import (
    Night,
    alerted_year,
    days_to_alert,
    nights_of,
    told,
)
from yardstick.orders import (
    QUARTER_DAYS,
    QUARTERS,
    detector_orders,
    farrington,
    simple_orders,
)
from yardstick.posterior import posterior_nights, posterior_tonight

AS_OF = date(2026, 10, 31)
YEARS = 3.0
OURS, BEST = "redflags", "posterior"
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Case:
    """A landlord to measure on; `with_nights` adds a year of weekly nights."""

    landlord: str
    homes: int
    seed: int
    strength: float
    with_nights: bool = False

    @property
    def name(self) -> str:
        return f"{self.landlord}-{self.homes}-seed{self.seed}-strength{self.strength}"


@dataclass(frozen=True)
class Result:
    """Numbers by order and measure; `mistakes` by order and group, `nights` by order."""

    case: Case
    share_active: float
    quality: dict[str, dict[str, float]]
    mistakes: dict[str, dict[str, list[int]]]
    nights: dict[str, dict[str, float]] = field(default_factory=dict)


def measured(case: Case) -> Result:
    """Simulate, take in, score and measure one landlord."""
    character = CHARACTERS[case.landlord]
    process = replace(character.process, strength=case.strength)
    character = replace(character, process=process)
    history = simulated_history(case.homes, YEARS, case.seed, AS_OF, character)
    landlord = records_of(history)
    best = posterior_tonight(history, landlord)
    with tempfile.TemporaryDirectory() as folder:
        write_landlord(landlord, Path(folder) / "extracts")
        with _Ours(Path(folder), history) as ours:
            orders = ours.orders(best.household) | {BEST: best.last}
            nights = _nights(history, ours, landlord) if case.with_nights else {}
    active = active_on(history, history.span.days)[best.household]
    innocent, groups = innocent_groups(history, best.household)
    return Result(
        case,
        float(active.mean()),
        {name: quality(order, active) for name, order in orders.items()},
        {
            name: alerted_by_mistake(orders[name], innocent, groups)
            for name in (OURS, BEST, "rule count", "repairs per home")
        },
        nights,
    )


class _Ours:
    """The real path: files through the ingest policy into a record store, counted and scored."""

    def __init__(self, folder: Path, history: History) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        self.program = Program(Settings(home=folder / "home", extracts=folder / "extracts"))
        self._places = {ref: place for place, ref in enumerate(tenancy_refs(history))}
        self._fitted: FittedModel | None = None
        self._context: Any = None

    def __enter__(self) -> "_Ours":
        self._context = self.program.record_store()
        self.records: RecordStore = self._context.__enter__()
        intake = self.program.intake(self.records, AS_OF)
        policy = self.program.ingest_policy(AS_OF)
        take_everything(intake, policy, AS_OF, self.program.signal_set.hash)
        return self

    def __exit__(self, *problem: object) -> None:
        self._context.__exit__(*problem)

    def detection(self, as_of: date) -> Detection:
        """One day's scores; the reference is fitted on the first day asked for, then kept."""
        ruleset = self.program.ruleset

        def find_model(matrix: Any, eligible: Any) -> FittedModel:
            if self._fitted is None:
                self._fitted = FittedModel(fit_reference(matrix, eligible, ruleset), "kept")
            return self._fitted

        counted = self.records.count(as_of, ruleset)
        return detect(counted, ruleset, as_of, frozenset(), CANARY_PATCH, find_model)

    def households(self, found: Detection) -> Ints:
        """Place of each scored household in the history; -1 for the canary."""
        refs = found.households["household_ref"]
        return np.array([self._places.get(ref, -1) for ref in refs], dtype=np.int64)

    def orders(self, asked: Ints) -> dict[str, Floats]:
        """Ours and every baseline, for the households `asked` (in ascending order)."""
        found = self.detection(AS_OF)
        self._fitted = None
        orders: Mapping[str, Floats] = {
            OURS: found.score,
            **simple_orders(found),
            **detector_orders(found),
            "Farrington": self._farrington(len(found.households)),
            **changed_orders(self._count, found, self.program.ruleset, AS_OF),
        }
        place = self.households(found)
        order = np.argsort(place)
        order = order[np.isin(place[order], asked)]
        if not np.array_equal(place[order], asked):
            raise RuntimeError("expected the store to know every current household of the history")
        return {name: np.asarray(score)[order] for name, score in orders.items()}

    def _count(self, ruleset: RuleSet) -> Counted:
        return self.records.count(AS_OF, ruleset)

    def _farrington(self, households: int) -> Floats:
        quarters = tuple(QUARTER_DAYS * number for number in range(1, QUARTERS))
        ruleset = self.program.ruleset
        finer = ruleset.surprise.model_copy(update={"windows_days": quarters})
        cut = ruleset.model_copy(update={"surprise": finer, "rules": {}})
        return farrington(self.records.count(AS_OF, cut).cells, households)


def _nights(history: History, ours: _Ours, landlord: Any) -> dict[str, dict[str, float]]:
    """A year of weekly nights for ours (by score, and as its rules alert), the posterior, and two
    simple orders."""
    nights: dict[str, list[Night]] = {
        name: [] for name in (OURS, "redflags, where a rule speaks", "rule count", BEST)
    }
    for day in nights_of(history):
        found = ours.detection(AS_OF - timedelta(days=int(history.span.days - day)))
        place = ours.households(found)
        people = place >= 0
        speaks = np.sum(list(found.hits.values()), axis=0).astype(float)
        for name, which, score in (
            (OURS, people, found.score),
            ("redflags, where a rule speaks", people & (speaks > 0), found.score),
            ("rule count", people, speaks),
        ):
            nights[name].append(Night(day, place[which], score[which]))
    best = posterior_nights(history, landlord, len(nights[OURS]))
    for number, day in enumerate(best.nights):
        lived = history.households.start[best.household] < day
        lived &= history.households.stop[best.household] >= day
        nights[BEST].append(Night(day, best.household[lived], best.chance[lived, number]))
    years = {name: alerted_year(list(each), len(history.estate)) for name, each in nights.items()}
    days = {name: days_to_alert(history, year) for name, year in years.items()}
    return {name: told(history, year, days[name], days[BEST]) for name, year in years.items()}
