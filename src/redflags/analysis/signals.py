"""The name under which scripts outside of the package classify texts; see `analysis.reading`."""

from redflags.analysis.reading.classification import VOCABULARY, Classifier

__all__ = ["VOCABULARY", "Classifier"]
