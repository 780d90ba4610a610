"""From everything that speaks in a record to one signal, one tell, one innocent reason.

An innocent reason explains the signals it covers, unless a tell was found that it is no answer to.
What stays unexplained decides; when all is explained the record keeps its signal, with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from redflags.configuration.signals import Innocence, Meaning, SignalSet


class Strength(IntEnum):
    """Whose signal is taken: the lower the stronger."""

    CODE = 0
    TEXT = 1
    GENERAL_CODE = 2
    TABLE = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that speaks in a record; `entry` is how it is named to people."""

    entry: str
    strength: Strength
    signal: str = ""
    tell: str = ""
    innocent_reason: str = ""
    silences: bool = False

    @classmethod
    def of(
        cls, meaning: Meaning, entry: str, strength: Strength, *, silences: bool = False
    ) -> "Hit":
        return cls(entry, strength, meaning.signal, meaning.tell, meaning.innocent_reason, silences)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a record says, and the entry that decided."""

    signal: str = ""
    tell: str = ""
    innocent_reason: str = ""
    entry: str = ""


class SignalResolver:
    """Weighs hits by the precedence the landlord configured."""

    def __init__(self, signal_set: SignalSet) -> None:
        self._innocent = signal_set.innocent
        self._silence = signal_set.silence
        self._signals = _ranks(signal_set.precedence.signals)
        self._tells = _ranks(signal_set.precedence.tells)
        self._reasons = _ranks(signal_set.precedence.innocent_reasons)

    def verdict(self, hits: Sequence[Hit]) -> Verdict:
        """The order of `hits` does not matter."""
        signs = [hit for hit in hits if hit.signal or hit.tell]
        excuses = self._standing_excuses(hits, signs)
        unexplained = [sign for sign in signs if not self._explained(sign, excuses)]
        if unexplained:
            return self._sign(unexplained)
        if excuses:
            return self._excused(signs, min(excuses, key=self._excuse_rank))
        return Verdict(entry=min((hit.entry for hit in hits), default=""))

    def _standing_excuses(self, hits: Iterable[Hit], signs: Iterable[Hit]) -> list[Hit]:
        tells = {sign.tell for sign in signs if sign.tell}
        excuses = (hit for hit in hits if hit.innocent_reason or hit.silences)
        return [hit for hit in excuses if tells.isdisjoint(self._innocence(hit).loses_to)]

    def _innocence(self, excuse: Hit) -> Innocence:
        return self._silence if excuse.silences else self._innocent[excuse.innocent_reason]

    def _explained(self, sign: Hit, excuses: Iterable[Hit]) -> bool:
        """An excuse explains the signals it covers, and the sign it came with."""
        return any(
            excuse is sign or not {"all", sign.signal}.isdisjoint(self._innocence(excuse).covers)
            for excuse in excuses
        )

    def _sign(self, signs: Sequence[Hit]) -> Verdict:
        telling = min((sign for sign in signs if sign.tell), key=self._tell_rank, default=None)
        strongest = min(signs, key=self._signal_rank)
        decided_by = telling or strongest
        return Verdict(strongest.signal, telling.tell if telling else "", "", decided_by.entry)

    def _excused(self, signs: Sequence[Hit], excuse: Hit) -> Verdict:
        plain = (replace(sign, tell="") for sign in signs)
        strongest = min(plain, key=self._signal_rank, default=None)
        signal = strongest.signal if strongest and not excuse.silences else ""
        return Verdict(signal, "", excuse.innocent_reason, excuse.entry)

    def _signal_rank(self, sign: Hit) -> tuple[object, ...]:
        """A code before text before a general code; then what is told with a tell; then order."""
        rank = self._signals.get(sign.signal, len(self._signals))
        return not sign.signal, sign.strength, not sign.tell, rank, sign.entry

    def _tell_rank(self, sign: Hit) -> tuple[object, ...]:
        return self._tells[sign.tell], sign.strength, sign.entry

    def _excuse_rank(self, excuse: Hit) -> tuple[object, ...]:
        rank = self._reasons.get(excuse.innocent_reason, len(self._reasons))
        return excuse.silences, rank, excuse.strength, excuse.entry


def _ranks(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}
