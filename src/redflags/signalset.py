"""The name under which outside scripts load `signals.toml`; see `configuration.signals`."""

from redflags.configuration.signals import SignalSet, Vocabulary, load_signalset

__all__ = ["SignalSet", "Vocabulary", "load_signalset"]
