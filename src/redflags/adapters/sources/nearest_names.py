"""What somebody may have meant who mistyped a name."""

from collections.abc import Sequence
from difflib import get_close_matches

MOST_NAMES, LEAST_LIKENESS = 2, 0.6


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a sentence that names what is spelled nearly the same; empty without any."""
    near = get_close_matches(name.casefold(), known, n=MOST_NAMES, cutoff=LEAST_LIKENESS)
    return f": did you mean {' or '.join(near)}?" if near else ""
