"""A household whose second episode comes a year after the first is found as fast as a first one.

Pairs of households get the same records in the last months; one of each pair had as much a year
before, and was quiet in between.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from builders.extracts import (
    AS_OF,
    Row,
    lock_change,
    quiet_estate,
    repair,
    report,
    with_rows,
    write_extracts,
)
from redflags.adapters.records import CANARY_PATCH, RecordStore
from redflags.analysis.ordering.detection import FittedModel, detect, fit_reference
from redflags.bootstrap import Program
from redflags.services.intake.ingest import take_everything
from redflags.settings import Settings

HOMES, PAIRS = 800, 10
ONSET_DAYS, YEAR_BEFORE = 120, 400
"""When the records of the last months begin, and how long before them the earlier ones."""
NIGHTS = [AS_OF - timedelta(days=days) for days in range(ONSET_DAYS - 7, -1, -7)]
TEXTS = (
    "Bedroom door off hinges",
    "Hole in living room wall, make good",
    "Kitchen window smashed, board up",
    "Front door kicked in, make safe",
    "Bathroom door frame split",
    "Fit extra chain and bolt, tenant frightened",
)


def an_episode(number: int, pair: int, days_earlier: int) -> tuple[list[Row], ...]:
    """Seven records within four months, the same for both households of a pair but for refs."""
    rng = np.random.default_rng(pair)
    days = np.sort(rng.integers(5, ONSET_DAYS, 7))[::-1] + days_earlier
    texts = rng.permutation(TEXTS)
    name = f"{number}-{days_earlier}"
    repairs = [repair(f"R{name}-{n}", number, int(days[n]), str(texts[n])) for n in range(4)]
    locks = [lock_change(f"L{name}", number, int(days[4]), "Lock forced, renewed")]
    noise = [report(f"N{name}-{n}", number, int(days[n]), "Shouting and banging") for n in (5, 6)]
    return repairs, locks, noise


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    repairs: list[Row] = []
    locks: list[Row] = []
    noise: list[Row] = []
    for pair in range(PAIRS):
        first, second = firsts()[pair], seconds()[pair]
        for told in (
            an_episode(first, pair, 0),
            an_episode(second, pair, 0),
            an_episode(second, pair, YEAR_BEFORE),
        ):
            repairs += told[0]
            locks += told[1]
            noise += told[2]
    for number in range(2 * PAIRS + 1, HOMES + 1):
        for n in range(rng.poisson(0.6)):
            days, text = int(rng.integers(0, 1000)), str(rng.choice(TEXTS[:5]))
            repairs.append(repair(f"B{number}-{n}", number, days, text))
    folder = tmp_path_factory.mktemp("second")
    tables = with_rows(quiet_estate(HOMES), repairs=repairs, lock_changes=locks, asb=noise)
    return write_extracts(folder / "extracts", tables)


def firsts() -> Sequence[int]:
    return range(1, 2 * PAIRS, 2)


def seconds() -> Sequence[int]:
    return range(2, 2 * PAIRS + 1, 2)


@pytest.fixture(scope="module")
def records(
    extracts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Program, RecordStore]]:
    program = Program(Settings(home=tmp_path_factory.mktemp("home"), extracts=extracts))
    with program.record_store() as store:
        intake = program.intake(store, AS_OF)
        take_everything(intake, program.ingest_policy(AS_OF), AS_OF, program.signal_set.hash)
        yield program, store


def first_flagged(records: tuple[Program, RecordStore]) -> dict[str, date]:
    """The first night on which some rule speaks of each household, of those replayed."""
    program, store = records
    ruleset = program.ruleset
    fitted: list[FittedModel] = []
    found: dict[str, date] = {}

    def model(matrix, eligible):  # type: ignore[no-untyped-def]
        if not fitted:
            fitted.append(FittedModel(fit_reference(matrix, eligible, ruleset), "kept"))
        return fitted[0]

    for night in NIGHTS:
        told = detect(store.count(night, ruleset), ruleset, night, frozenset(), CANARY_PATCH, model)
        spoken = np.any(list(told.hits.values()), axis=0)
        for ref in told.households["household_ref"][spoken]:
            found.setdefault(str(ref), night)
    return found


def test_a_second_episode_is_found_as_fast_as_a_first(
    records: tuple[Program, RecordStore],
) -> None:
    found = first_flagged(records)
    onset = AS_OF - timedelta(days=ONSET_DAYS)
    days = {number: (found[f"T{number:04}"] - onset).days for number in (*firsts(), *seconds())}
    first = np.array([days[number] for number in firsts()])
    second = np.array([days[number] for number in seconds()])
    assert np.median(second) <= np.median(first)
    assert (second <= first + 7).all()
    assert (first < ONSET_DAYS).all()
