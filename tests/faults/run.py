"""Faults injected into every ready mapping's extract: `python tests/faults/run.py [SEED]`.

Prints how each was met; names those by which rows were lost in silence, and ends with 1 then.
"""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

SEED = 20261129


def meet(name: str, seed: int) -> tuple[Counter[str], list[str]]:
    """How often each verdict came for one extract, and which faults lost rows in silence."""
    from faults.inject import faults_of
    from faults.judge import LOST, installed, program_here, taken, verdict

    met: Counter[str] = Counter()
    lost: list[str] = []
    with tempfile.TemporaryDirectory() as place, installed(name, Path(place)) as extracts:
        program = program_here()
        good = taken(program)
        if good is None or not good.is_quiet:
            raise AssertionError(f"{name}: expected the good extract to come in whole")
        kept = Path(place) / "kept"
        shutil.copytree(extracts, kept)
        for what, do in faults_of(extracts, seed):
            do()
            found = verdict(what, good, taken(program))
            met[found] += 1
            if found == LOST:
                lost.append(what)
                print(f"{name}: {what}", file=sys.stderr, flush=True)
            shutil.rmtree(extracts)
            shutil.copytree(kept, extracts)
    return met, lost


def main(seed: int = SEED) -> int:
    from faults.extracts import EXTRACTS
    from faults.judge import ABSENT, ALL_IN, LOST, NOTED, SET_ASIDE, TOLD, UNKNOWABLE

    verdicts = (ALL_IN, TOLD, SET_ASIDE, NOTED, ABSENT, UNKNOWABLE, LOST)
    print("| extract | faults | " + " | ".join(verdicts) + " |")
    print("|---|---|" + "---|" * len(verdicts))
    total: Counter[str] = Counter()
    silent: list[str] = []
    for name in EXTRACTS:
        met, lost = meet(name, seed)
        total += met
        silent += [f"{name}: {what}" for what in lost]
        cells = " | ".join(str(met[one]) for one in verdicts)
        print(f"| {name} | {met.total()} | {cells} |", flush=True)
    cells = " | ".join(str(total[one]) for one in verdicts)
    print(f"| all | {total.total()} | {cells} |")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    sys.exit(main(*map(int, sys.argv[1:])))
