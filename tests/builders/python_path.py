"""What a fresh interpreter needs in its environment to import the builders and the program."""

import os
from pathlib import Path

TESTS = Path(__file__).parents[1]


def with_builders(environment: dict[str, str]) -> dict[str, str]:
    """`environment` with the builders to be found first, and then whatever was to be found."""
    known = environment.get("PYTHONPATH", "")
    return {**environment, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [known])])}
