"""Which configured phrases a text holds: whole words, near enough to each other, not negated."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from redflags.analysis.reading.denied_answers import without_denied_answers
from redflags.analysis.reading.phrase_prefilter import worth_reading
from redflags.analysis.reading.tokenising import Wording, Words, marked_words
from redflags.configuration.signals import PhraseEntry, SignalSet

MOST_GISTS = 300_000
"""How many readings are kept in memory; job texts repeat each other."""
UNKNOWN = "?"
"""Stands for a word that no phrase, negation or filler holds."""
GONE = "_"
"""Stands for each word of a phrase that means nothing, so that distances stay as written."""

Span = tuple[int, int]
WordSet = frozenset[Words]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that stand one after another, and the numbers of the word sets they are part of."""

    words: list[str]
    sets: frozenset[int]


Found = tuple[frozenset[int], Span]
"""The word sets of a phrase, and where it stands in a sentence."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The words of a sentence, the phrases in it, and the word sets these are part of."""

    words: Sequence[str]
    found: Sequence[Found]
    held: frozenset[int]

    @classmethod
    def read(cls, words: list[str], patterns: "Patterns") -> "_Sentence":
        found = _found(words, patterns)
        return cls(words, found, frozenset[int]().union(*(sets for sets, _ in found)))


Patterns = dict[str, dict[str, list[_Phrase]]]
"""Phrases by first and second word ("" where there is no second), the longest first."""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A phrase entry made ready; its word sets are numbers, 0 being the empty one."""

    number: int
    entry: PhraseEntry
    any: int
    near: int
    unless: int

    def is_contradicted(self, in_sentence: Collection[int], in_text: Collection[int]) -> bool:
        """Whether one of `unless` forbids it to speak.

        A sign is taken back by any sentence of the text ("window smashed / kids with a football").
        An innocent reason only by its own: what stands in another says nothing about this one, and
        a sentence that means nothing must not undo the excuse of the sentence beside it.
        """
        return self.unless in (in_sentence if self.entry.innocent_reason else in_text)


class PhraseBook:
    """The phrases that may speak about the records of one table."""

    def __init__(self, signal_set: SignalSet, table: str) -> None:
        self._wording = Wording(signal_set)
        self._negators = frozenset(signal_set.reading.negators)
        self._fillers = frozenset(signal_set.reading.fillers)
        self._window = signal_set.reading.window_words
        self._groups = signal_set.words
        self._nothing_said = signal_set.reading.nothing
        self._nothing = _patterns([self._word_set(self._nothing_said)])
        entries = (entry for entry in signal_set.phrases if table in entry.tables)
        self.entries = tuple(sorted(entries, key=lambda entry: entry.name))
        self._compile()

    def _compile(self) -> None:
        self._spoken: dict[Words, tuple[int, ...]] = {}
        numbers: dict[WordSet, int] = {frozenset(): 0}
        self._speakers: dict[int, list[_Speaker]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            sets = (self._word_set(phrases) for phrases in (entry.any, entry.near, entry.unless))
            said, near, unless = (numbers.setdefault(word_set, len(numbers)) for word_set in sets)
            self._speakers[said].append(_Speaker(place, entry, said, near, unless))
        self._word_sets = list(numbers)
        self._patterns = _patterns(self._word_sets)
        self._known = self._wording.known_beside(self._words_that_matter())

    def _word_set(self, phrases: Iterable[str]) -> WordSet:
        plain = (
            one for item in phrases for one in self._groups.get(item.removeprefix("@"), (item,))
        )
        return frozenset(self._wording.phrase(phrase) for phrase in plain)

    def speaking(self, texts: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Of each text the numbers, rising, of the `entries` that speak in it.

        Texts that differ only in words nobody knows are read once, in whatever batch they come.
        """
        spoken = self._spoken
        said = {words for number in self._speakers for words in self._word_sets[number]}
        texts = list(without_denied_answers(texts))
        for text, worth_it in zip(texts, worth_reading(texts, said, self._wording), strict=True):
            if worth_it:
                gist = self._gist(text)
                if gist not in spoken:
                    if len(spoken) >= MOST_GISTS:
                        spoken.clear()
                    spoken[gist] = self._read(gist)
                yield spoken[gist]
            else:
                yield ()

    def _gist(self, text: str) -> Words:
        """The marked words, those that nobody knows made alike: equal gists read equally."""
        known = self._known
        return tuple(
            [word if word in known or "/" in word else UNKNOWN for word in marked_words(text)]
        )

    def _words_that_matter(self) -> frozenset[str]:
        phrases = (words for word_set in self._word_sets for words in word_set)
        nothing = self._word_set(self._nothing_said)
        return self._negators.union(self._fillers, *phrases, *nothing)

    def _read(self, gist: Words) -> tuple[int, ...]:
        sentences = [_without(words, self._nothing) for words in self._wording.sentences(gist)]
        read = [_Sentence.read(words, self._patterns) for words in sentences]
        held = frozenset[int]().union(*(sentence.held for sentence in read))
        speakers = {
            speaker.number
            for number in held & self._speakers.keys()
            for speaker in self._speakers[number]
            if (not speaker.near or speaker.near in held)
            and any(
                not speaker.is_contradicted(sentence.held, held)
                and self._speaks(speaker, sentence.words, sentence.found)
                for sentence in read
            )
        }
        return tuple(sorted(speakers))

    def _speaks(self, speaker: _Speaker, words: Sequence[str], found: Sequence[Found]) -> bool:
        entry = speaker.entry
        neighbours = [span for sets, span in found if speaker.near in sets]
        return any(
            (not speaker.near or _beside(entry, span, neighbours))
            and not (entry.negatable and self._negated(words, span[0], neighbours))
            for sets, span in found
            if speaker.any in sets
        )

    def _negated(self, words: Sequence[str], start: int, neighbours: Collection[Span]) -> bool:
        """Walk back from `start` over fillers and the things spoken of, to a word that negates."""
        for place in range(start - 1, max(start - 1 - self._window, -1), -1):
            if words[place] in self._negators:
                return True
            spoken_of = any(first <= place < last for first, last in neighbours)
            if words[place] not in self._fillers and not spoken_of:
                return False
        return False


def _patterns(word_sets: Sequence[WordSet]) -> Patterns:
    members: dict[Words, set[int]] = defaultdict(set)
    for number, word_set in enumerate(word_sets):
        for words in word_set:
            members[words].add(number)
    patterns: Patterns = {}
    for words in sorted(members, key=lambda words: (-len(words), words)):
        first, second = words[0], words[1] if len(words) > 1 else ""
        phrase = _Phrase(list(words), frozenset(members[words]))
        patterns.setdefault(first, {}).setdefault(second, []).append(phrase)
    return patterns


def _found(words: list[str], patterns: Patterns) -> list[Found]:
    """Every phrase that stands in the sentence; of those with one start the longest first."""
    found: list[Found] = []
    for start, word in enumerate(words):
        if word in patterns:
            following = patterns[word]
            second = words[start + 1] if start + 1 < len(words) else ""
            for phrase in following.get(second, ()) if second else ():
                end = start + len(phrase.words)
                if words[start:end] == phrase.words:
                    found.append((phrase.sets, (start, end)))
            for phrase in following.get("", ()):
                found.append((phrase.sets, (start, start + 1)))
    return found


def _beside(entry: PhraseEntry, span: Span, neighbours: Iterable[Span]) -> bool:
    """True when a neighbour follows, or may precede, `span` with few enough words between."""
    start, end = span
    return any(
        0 <= first - end <= entry.within
        or (not entry.in_order and 0 <= start - last <= entry.within)
        for first, last in neighbours
    )


def _without(words: list[str], nothing: Patterns) -> list[str]:
    """The words with those of each phrase that means nothing gone; the longest phrase counts."""
    gone = 0
    for _, (start, end) in _found(words, nothing):
        if start >= gone:
            words[start:end] = [GONE] * (end - start)
            gone = end
    return words
