"""Faults put into good extracts are told, or every row is in; `make faults` tries all of them."""

import random
import shutil
from pathlib import Path

import pytest

from faults.inject import faults_of
from faults.judge import LOST, installed, program_here, taken, verdict

SEED, TRIED = 7, 12


@pytest.mark.parametrize("name", ["contractor, .csv", "NEC", "NoiseWorks", "HACT", "Civica, SQL"])
def test_no_row_is_lost_in_silence(name: str, tmp_path: Path) -> None:
    with installed(name, tmp_path) as extracts:
        program = program_here()
        good = taken(program)
        assert good is not None
        assert good.is_quiet
        shutil.copytree(extracts, tmp_path / "kept")
        every = list(faults_of(extracts, SEED))
        for what, do in random.Random(SEED).sample(every, TRIED):
            do()
            assert verdict(what, good, taken(program)) != LOST, what
            shutil.rmtree(extracts)
            shutil.copytree(tmp_path / "kept", extracts)
