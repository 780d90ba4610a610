"""Job text as words: cut into sentences, with the landlord's abbreviations and spellings undone."""

from collections import defaultdict
from collections.abc import Iterable

from redflags.configuration.signals import SignalSet

END = "|"
PAUSE = ","
DOT = "."
"""An END, except after an abbreviation: "frnt. dr. kicked in" is one sentence."""

MARKS = frozenset({END, PAUSE, DOT})

_APOSTROPHES = dict.fromkeys("'’‘`")
_BETWEEN_WORDS = '()[]{}"*_+=<>\\\t#@%~-‐‑'
_ENDS = ";!?\n\r|"
_PAUSES = ",:–—"
_SPOKEN = str.maketrans(
    _APOSTROPHES
    | dict.fromkeys(_BETWEEN_WORDS, " ")
    | dict.fromkeys(_ENDS, END)
    | dict.fromkeys(_PAUSES, PAUSE)
)

Words = tuple[str, ...]


class Wording:
    """Turns text into words. An abbreviation may stand for several words, a spelling for one."""

    def __init__(self, signal_set: SignalSet) -> None:
        self._abbreviations = {
            short: tuple(long.split()) for short, long in signal_set.abbreviations.items()
        }
        self._readings = {
            **self._abbreviations,
            **{
                variant: (word,)
                for word, variants in signal_set.spellings.items()
                for variant in variants
            },
            **dict.fromkeys(signal_set.reading.breaks, (PAUSE,)),
        }
        self._written = self._turned_round()

    def bare_words(self, text: str) -> list[str]:
        """The words as they are written, strokes apart, without marks."""
        return [word for word in marked_words(text.replace("/", " ")) if word not in MARKS]

    def written_as(self, word: str) -> frozenset[str]:
        """Bare words that betray `word`: itself, and the start of what is written for it."""
        return self._written.get(word, frozenset()) | {word}

    def _turned_round(self) -> dict[str, frozenset[str]]:
        written: dict[str, set[str]] = defaultdict(set)
        for short, long in self._readings.items():
            for word in long:
                written[word].add(short.partition("/")[0])
        return {word: frozenset(starts) for word, starts in written.items()}

    def phrase(self, text: str) -> Words:
        """The words of a configured phrase, read as the same words in a job would be."""
        return tuple(word for written in text.split() for word in self._read(written))

    def known_beside(self, words: Iterable[str]) -> frozenset[str]:
        """Everything that may be written for one of `words` or has a reading of its own."""
        return MARKS.union(self._readings, words)

    def sentences(self, marked: Iterable[str]) -> list[list[str]]:
        """The words of each sentence in order; PAUSE stands where a thought may end."""
        words: list[str] = []
        sentences = [words]
        before = END
        for written in marked:
            if written == END or (written == DOT and before not in self._abbreviations):
                words = []
                sentences.append(words)
            elif written == DOT:
                continue
            elif written in self._readings or "/" in written:
                words.extend(self._read(written))
            else:
                words.append(written)
            before = written
        return sentences

    def _read(self, written: str) -> Words:
        reading = self._readings.get(written)
        if reading is not None:
            return reading
        if "/" in written:
            return tuple(word for part in written.split("/") if part for word in self._read(part))
        return (written,)


def marked_words(text: str) -> list[str]:
    """Words in lower case, with END and PAUSE among them: " - " is a pause, " / " an end."""
    plain = text.lower().replace(" - ", PAUSE).replace(" / ", END).translate(_SPOKEN)
    for mark in (END, PAUSE, DOT):
        plain = plain.replace(mark, f" {mark} ")
    return plain.replace("&", " and ").split()
