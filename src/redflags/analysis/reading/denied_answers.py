"""Job forms put the "no" behind: "Forced entry: No". What is so denied was not said.

An answer reaches back to the start of its own question and no further: "Pets: none, door kicked in"
and "Forced entry: No. Ex partner has key" keep what stands beside them.
"""

import re
from collections.abc import Iterable, Iterator

_NO = r"(?:no|none|nil|n\s?/\s?a|not applicable|unticked|not ticked|not known)"
_MARK = rf"(?:{_NO}|n|0|\[ ?\])"
_QUESTION = r"[^.,;:?=|\n/\[\]]{2,60}?"
_ASKS = r"\s*(?::|\?|=|\s[-\u2013\u2014]\s)\s*"
_ENDS = r"(?=\s*(?:$|[.,;|)\n]|\s/|\s-\s))"
_ANSWERED = re.compile(rf"(?i){_QUESTION}{_ASKS}{_MARK}{_ENDS}")
_BARE = re.compile(
    rf"(?im)(?:^|(?<=[.,;|\n]))\s*(?!no\b|not\b)[a-z']+(?: [a-z']+){{0,2}} {_NO}{_ENDS}"
)
_MAY_ANSWER = re.compile(rf"(?i)\b{_NO}\b|[:?=\u2013\u2014-]\s*(?:n\b|0|\[ ?\])")
NOTHING_SAID = " . "
"""What stands for a denied question: the end of a sentence."""


def without_denied_answers(texts: Iterable[str]) -> Iterator[str]:
    """Each text without the questions of a form that it answers with no."""
    for text in texts:
        yield _undenied(text) if _MAY_ANSWER.search(text) else text


def _undenied(text: str) -> str:
    return _BARE.sub(NOTHING_SAID, _ANSWERED.sub(NOTHING_SAID, text))
