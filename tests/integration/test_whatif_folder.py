"""Nights kept on disk for trying thresholds on: whole, private, small, and honest about floors."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from builders.whatif import facts
from redflags.adapters.kept_nights import FactFolder
from redflags.adapters.kept_nights import fact_folder as module
from redflags.analysis.replay.night_facts import NightFacts

DAY = date(2026, 11, 3)


def a_night(as_of: date = DAY, floor: float = 2, **homes: tuple[float, float]) -> NightFacts:
    table = facts(**(homes or {"A": (3.0, 1.25)}))
    return NightFacts(as_of, "shape", "hash", 100, {"locks": {"min_count": floor}}, table)


def test_what_is_read_is_what_was_kept(tmp_path: Path) -> None:
    night = a_night(A=(3.0, 1.1), B=(5.0, 2.0 / 3))
    FactFolder(tmp_path).keep(night)
    kept = FactFolder(tmp_path).read("shape", [DAY])
    assert kept is not None
    pd.testing.assert_frame_equal(kept.facts[DAY], night.table)
    assert (kept.floors, kept.households) == ({"locks": {"min_count": 2}}, 100)


def test_a_night_kept_again_replaces_itself(tmp_path: Path) -> None:
    for locks in (3.0, 4.0):
        FactFolder(tmp_path).keep(a_night(A=(locks, 1.0)))
    kept = FactFolder(tmp_path).read("shape", [DAY])
    assert kept is not None and kept.facts[DAY]["locks.count"].tolist() == [4.0]
    assert [path.name for path in (tmp_path / "shape").iterdir()] == ["2026-11-03.parquet"]


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = FactFolder(tmp_path).keep(a_night())
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_torn_file_is_left_out(tmp_path: Path) -> None:
    folder = FactFolder(tmp_path)
    folder.keep(a_night(DAY - timedelta(days=7)))
    path = folder.keep(a_night(DAY))
    path.write_bytes(path.read_bytes()[:200])
    kept = folder.read("shape", folder.days("shape"))
    assert kept is not None and list(kept.facts) == [DAY - timedelta(days=7)]


def test_of_different_floors_the_highest_holds_for_all(tmp_path: Path) -> None:
    folder = FactFolder(tmp_path)
    folder.keep(a_night(DAY - timedelta(days=7), floor=3))
    folder.keep(a_night(DAY, floor=2))
    kept = folder.read("shape", folder.days("shape"))
    assert kept is not None and kept.floors == {"locks": {"min_count": 3}}


def test_nothing_kept_is_nothing(tmp_path: Path) -> None:
    assert FactFolder(tmp_path).days("shape") == []
    assert FactFolder(tmp_path).read("shape", [DAY]) is None


def test_the_oldest_nights_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_NIGHTS", 2)
    folder = FactFolder(tmp_path)
    for number in range(3):
        folder.keep(a_night(DAY + timedelta(days=number)))
    assert folder.days("shape") == [DAY + timedelta(days=1), DAY + timedelta(days=2)]


def test_a_night_of_a_large_landlord_is_small(tmp_path: Path) -> None:
    """4,400 of 30,000 homes come half way to some rule; 22 numbers each."""
    draw = np.random.default_rng(1)
    numbers = {f"r{n}.surprise": draw.gamma(1.0, 1.0, 4_400) for n in range(11)}
    counts = {f"r{n}.count": draw.poisson(2.0, 4_400).astype(float) for n in range(11)}
    names = [draw.bytes(16).hex() for _ in range(4_400)]
    table = pd.DataFrame({"household": names, **numbers, **counts})
    path = FactFolder(tmp_path).keep(replace(a_night(), table=table))
    assert path.stat().st_size < 2_000_000
