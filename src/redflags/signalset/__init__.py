"""The signal configuration: what codes and words mean, as one frozen, checked value."""

from redflags.signalset.faults import Vocabulary
from redflags.signalset.loading import load_signalset
from redflags.signalset.values import (
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
