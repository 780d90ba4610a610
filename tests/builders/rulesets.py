"""Rule sets as text: the one that comes with the program, and others made from it."""

import re
from pathlib import Path

SHIPPED = (Path(__file__).parents[2] / "config" / "ruleset.toml").read_text(encoding="utf-8")


def without_episodes(text: str = SHIPPED) -> str:
    """The rule set as it was before the pattern over time: its score is another sum."""
    changed, places = re.subn(r"(?ms)^\[episodes\].*?(?=^\[ranking\])", "", text)
    assert places == 1
    return changed


def with_min_score(value: float, text: str = SHIPPED) -> str:
    """The rule set with another threshold of its rule on the score."""
    threshold = r"(min_score = \{ value = )[0-9.]+"
    changed, places = re.subn(threshold, rf"\g<1>{value}", text)
    assert places == 1
    return changed
