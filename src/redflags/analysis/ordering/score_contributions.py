"""What weighed most in a learned order, in the officer's words.

A feature's contribution is what the household's score would lose if the feature were nought: for a
logistic model its coefficient times its value.
"""

from collections.abc import Mapping

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.domain.plain_names import signal_topic

RULE = "what_weighed_most"
"""What stands as the rule of this sentence; it is no rule, and raises nothing."""
SHOWN = 3
SMALLEST_SHARE = 0.1
"""What weighed less than this part of the whole is not worth a word."""

WORDS = {
    **{signal: signal_topic(signal) for signal in COUNTED_SIGNALS},
    "tell": "words of force, fear or a partner",
    "pattern": "how it all came together over time",
}


def sentence(contributions: Mapping[str, float], newest_within_days: int) -> str:
    """``What weighed most: lock changes, and words of force …, all within half a year.``

    Args:
        contributions: by stream; only what raised the household counts.
        newest_within_days: the window that most of it fell in.

    Returns:
        Blank when nothing weighed anything.
    """
    named = most(contributions)
    if not named:
        return ""
    words = [WORDS[stream] for stream in named]
    listed = ", ".join(words[:-1]) + (", and " if len(words) > 1 else "") + words[-1]
    every = "all " if len(words) > 1 else ""
    return f"What weighed most: {listed}, {every}within {_period(newest_within_days)}."


def most(contributions: Mapping[str, float]) -> tuple[str, ...]:
    """The few streams that carried most, heaviest first; equals in order of name."""
    total = sum(value for value in contributions.values() if value > 0)
    heavy = [
        (-value, stream)
        for stream, value in contributions.items()
        if value > 0 and value >= SMALLEST_SHARE * total
    ]
    return tuple(stream for _, stream in sorted(heavy)[:SHOWN])


def _period(days: int) -> str:
    known = {90: "three months", 180: "half a year", 365: "a year"}
    return known.get(days, f"{days} days")
