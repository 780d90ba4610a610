"""The signal configuration: what codes and words mean, as one frozen, checked value."""

from redflags.configuration.signals.consistency import Vocabulary
from redflags.configuration.signals.loading import load_signalset
from redflags.configuration.signals.signal_set import (
    CodeEntry,
    Innocence,
    Meaning,
    PhraseEntry,
    Precedence,
    Reading,
    SignalSet,
    TableRule,
    codes_named,
    normalised_code,
)

__all__ = [
    "CodeEntry",
    "Innocence",
    "Meaning",
    "PhraseEntry",
    "Precedence",
    "Reading",
    "SignalSet",
    "TableRule",
    "Vocabulary",
    "codes_named",
    "load_signalset",
    "normalised_code",
]
