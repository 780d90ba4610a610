"""What every record passes on its way into the record store: classification, masking, sealing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import pandas as pd

from redflags.configuration.ruleset import Retention

Classify = Callable[[pd.DataFrame], pd.DataFrame]


class Sealer(Protocol):
    """Seals text for one record, so that it opens for that record and with that key alone."""

    def seal(self, text: str, record_key: str) -> bytes: ...
    def seal_many(self, texts: Sequence[str], record_keys: Sequence[str]) -> list[bytes]: ...
    def open(self, sealed: bytes, record_key: str) -> str: ...


@dataclass(frozen=True, slots=True)
class IngestPolicy:
    """How records are classified and sealed, and from which day on texts and records are kept."""

    classify: Classify
    sealer: Sealer
    text_since: date
    records_since: date


def ingest_policy(classify: Classify, sealer: Sealer, as_of: date, kept: Retention) -> IngestPolicy:
    """Older text is read for its signal and not kept; older records are not kept at all."""
    return IngestPolicy(
        classify,
        sealer,
        text_since=as_of - timedelta(days=kept.text_days.value),
        records_since=as_of - timedelta(days=kept.record_days.value),
    )
