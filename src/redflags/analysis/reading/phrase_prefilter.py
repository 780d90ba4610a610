"""A quick look over many texts that passes by those in which no phrase can stand.

It never passes by a text that a reading would find something in: a phrase needs all its words, so
it is enough to look for the one that is rarest in the texts at hand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from redflags.analysis.reading.tokenising import Wording, Words

SAMPLED_TEXTS = 2_000
FEW_TEXTS = 200
"""Reading so few is quicker than finding out which are worth it."""


def worth_reading(texts: Sequence[str], phrases: Iterable[Words], wording: Wording) -> list[bool]:
    """Of each text whether one of `phrases` may stand in it; False only when none does."""
    if len(texts) < FEW_TEXTS:
        return [True] * len(texts)
    words = _rarest_words(phrases, wording, texts[:: 1 + len(texts) // SAMPLED_TEXTS])
    if not words:
        return [False] * len(texts)
    spelled = pc.utf8_lower(pa.array(texts, pa.string()))
    spelled = pc.replace_substring_regex(spelled, "['’‘`]", "")
    spelled = pc.replace_substring(spelled, "_", " ")
    pattern = rf"\b(?:{'|'.join(re.escape(word) for word in sorted(words))})\b"
    held: list[bool] = pc.match_substring_regex(spelled, pattern).to_pylist()
    return held


def _rarest_words(phrases: Iterable[Words], wording: Wording, sample: Iterable[str]) -> set[str]:
    """Bare words of which every phrase needs one, each the rarest of its phrase in `sample`."""
    seen = Counter(word for text in sample for word in set(wording.bare_words(text)))

    def frequency(words: frozenset[str]) -> int:
        return sum(seen[word] for word in words)

    written = {word: wording.written_as(word) for phrase in phrases for word in phrase}
    rarest = (min((written[word] for word in phrase), key=frequency) for phrase in phrases)
    return {word for words in rarest for word in words}
