"""From topic and wording to what somebody typed: phrases, slots, additions, styles, slips.

Phrases are filled into a few hundred variants per kind first; each record then takes one of them
with its own additions, so a million texts cost a few joins of Python strings each.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from redflags.simulation.process import Recording
from redflags.simulation.span import Flags, Ints
from redflags.simulation.vocabulary import Topic, Wording
from redflags.simulation.wording import doors_and_locks, glass_and_walls, ordinary, reports, works
from redflags.simulation.wording.slots import HEADS, NOTES, PHONES, RECALLS, SLOTS, TAILS

Texts = NDArray[np.object_]

VARIANTS_PER_PHRASE = 24
HEAD_SHARE, TAIL_SHARE, SECOND_TAIL_SHARE = 0.16, 0.45, 0.15
UPPER_SHARE, LOWER_SHARE = 0.22, 0.25
RECALL_PREFIX_SHARE = 0.8

_SLOT = re.compile(r"\{(\w+)\}")


@cache
def phrase_bank() -> dict[tuple[Topic, Wording], tuple[str, ...]]:
    """Every phrase of every kind, unfilled."""
    modules = (ordinary, doors_and_locks, glass_and_walls, works, reports)
    return {
        kind: tuple(line.strip() for line in lines.strip().splitlines())
        for module in modules
        for kind, lines in module.PHRASES.items()
    }


def alternatives(text: str) -> tuple[str, ...]:
    """The alternatives of a list written with bars, as the data modules write them."""
    return tuple(" ".join(part.split()) for part in text.split("|"))


def descriptions(
    topic: Ints, wording: Ints, recording: Recording, rng: np.random.Generator
) -> Texts:
    """A job text for each topic and wording; never blank: what is lost is decided elsewhere."""
    texts = spoken(topic, wording, rng)
    size = len(topic)
    texts = _now_and_then("{} ", HEADS, HEAD_SHARE, size, rng) + texts
    for share in (TAIL_SHARE, SECOND_TAIL_SHARE):
        texts = texts + _now_and_then(" {}", TAILS, share, size, rng)
    texts = _slipped(_styled(texts, rng), recording.typo_share, rng)
    with_phones: Texts = texts + _now_and_then(" {}", PHONES, recording.phone_share, size, rng)
    return with_phones


def spoken(topic: Ints, wording: Ints, rng: np.random.Generator) -> Texts:
    """A bare phrase for each topic and wording; a recall repeats the plain job."""
    recall = wording == Wording.RECALL
    kinds = topic * len(Wording) + np.where(recall, Wording.PLAIN, wording)
    texts = np.empty(len(topic), dtype=object)
    for kind in np.unique(kinds):
        which = np.flatnonzero(kinds == kind)
        variants = _variants(*divmod(int(kind), len(Wording)), rng)
        texts[which] = variants[rng.integers(len(variants), size=len(which))]
    said = recall & (rng.random(len(topic)) < RECALL_PREFIX_SHARE)
    texts[said] = _picked("{} ", RECALLS, int(said.sum()), rng) + texts[said]
    return texts


def notes(size: int, rng: np.random.Generator) -> Texts:
    """Notes that operatives leave; nothing in them is a signal."""
    return _picked("{}", NOTES, size, rng)


def _variants(topic: int, wording: int, rng: np.random.Generator) -> Texts:
    return _filled(phrase_bank()[Topic(topic), Wording(wording)], rng)


def _filled(phrases: tuple[str, ...], rng: np.random.Generator) -> Texts:
    """Each phrase in many variants."""
    return np.array(
        [_fill(phrase, rng) for phrase in phrases for _ in range(VARIANTS_PER_PHRASE)],
        dtype=object,
    )


@cache
def _slot_choices() -> dict[str, tuple[str, ...]]:
    return {name: alternatives(text) for name, text in SLOTS.items()}


def _fill(phrase: str, rng: np.random.Generator) -> str:
    def chosen(slot: re.Match[str]) -> str:
        name = slot.group(1)
        if name[0] == "d" and name[1:].isdigit():
            return "".join(str(digit) for digit in rng.integers(0, 10, int(name[1:])))
        choices = _slot_choices()[name]
        return choices[rng.integers(len(choices))]

    while "{" in phrase:
        phrase = _SLOT.sub(chosen, phrase)
    return phrase


def _picked(form: str, choices: str, size: int, rng: np.random.Generator) -> Texts:
    """`size` alternatives of a list, filled, each put into the `form`."""
    phrases = tuple(form.replace("{}", choice) for choice in alternatives(choices))
    variants = _filled(phrases, rng)
    return variants[rng.integers(len(variants), size=size)]


def _now_and_then(
    form: str, choices: str, share: float, size: int, rng: np.random.Generator
) -> Texts:
    """An addition for a `share` of the places, nothing for the others."""
    additions = np.full(size, "", dtype=object)
    which = rng.random(size) < share
    additions[which] = _picked(form, choices, int(which.sum()), rng)
    return additions


def _styled(texts: Texts, rng: np.random.Generator) -> Texts:
    """Some people type in capitals, some without any."""
    chance = rng.random(len(texts))
    upper, lower = chance < UPPER_SHARE, chance > 1 - LOWER_SHARE
    texts[upper] = [text.upper() for text in texts[upper]]
    texts[lower] = [text.lower() for text in texts[lower]]
    return texts


def _slipped(texts: Texts, share: float, rng: np.random.Generator) -> Texts:
    """Two neighbouring letters swapped, or one lost, in a share of the texts."""
    which: Flags = rng.random(len(texts)) < share
    places, losses = rng.random(which.sum()), rng.random(which.sum()) < 0.4
    texts[which] = [
        _slip(text, place, lost)
        for text, place, lost in zip(texts[which], places, losses, strict=True)
    ]
    return texts


def _slip(text: str, place: float, lost: bool) -> str:
    at = 1 + int(place * max(len(text) - 3, 0))
    pair = text[at : at + 2]
    if len(pair) < 2 or not pair.isalpha():
        return text
    return text[:at] + (pair[1] if lost else pair[::-1]) + text[at + 2 :]
