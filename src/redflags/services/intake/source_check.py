"""What ``redflags check`` finds beyond the configuration: a night's intake, thrown away."""

from dataclasses import dataclass

import pandas as pd

from redflags.analysis.reading.classification import Classifier
from redflags.domain.night import SourceStatus
from redflags.services.intake.ingested import Ingested

SHOWN_CODES = 40
WORDS_OF_A_CODE, ROWS_OF_A_CODE = 3, 3


@dataclass(frozen=True, slots=True)
class Findings:
    """`faults` end the check with exit 2; `lines` are told in any case."""

    faults: tuple[str, ...]
    lines: tuple[str, ...]


def findings(ingested: Ingested, classifier: Classifier, codes: pd.DataFrame) -> Findings:
    """What there is to say after every source went into a store that is thrown away.

    Args:
        codes: those of the records in that store.
    """
    broken = [
        f"source {status.source}: {status.message}"
        for status in ingested.statuses.values()
        if status.status in (SourceStatus.ABSENT, SourceStatus.REFUSED)
    ]
    broken += (*ingested.missing.faults, *ingested.doubts)
    set_aside = [
        f"{table.table}: {table.quarantined:,} of {table.read:,} rows would be set aside"
        for table in ingested.tables
        if table.quarantined
    ]
    notes = [note for note in ingested.notes if not _is_fault(note, broken)]
    unmapped = unmapped_lines(classifier, codes)
    return Findings(
        tuple(broken),
        (*notes, *ingested.absent_columns, *_unmapped_by_sources(ingested), *set_aside, *unmapped),
    )


def _unmapped_by_sources(ingested: Ingested) -> list[str]:
    """Codes that a mapping file does not translate, most frequent first."""
    return [
        f"{rows:>8,}  source {source}, {column} = {_shown(code, rows)}"
        for (source, column), codes in sorted(ingested.unmapped.items())
        for code, rows in sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _is_fault(note: str, faults: list[str]) -> bool:
    return any(note.partition(", ")[2] in fault or note == fault for fault in faults)


def unmapped_lines(classifier: Classifier, codes: pd.DataFrame) -> list[str]:
    """Codes that no entry of signals.toml knows, most frequent first."""
    if codes.empty:
        return []
    records = codes.loc[codes.index.repeat(codes["n"])].drop(columns="n")
    unmapped = classifier.unmapped_codes(records)
    if unmapped.empty:
        return []
    lines = [
        f"{row.n:>8,}  {row.table}.{row.column} = {_shown(str(row.code), int(str(row.n)))}"
        for row in unmapped.head(SHOWN_CODES).itertuples(index=False)
    ]
    heading = f"{len(unmapped):,} codes are in no entry of signals.toml:"
    return [heading, *lines, *_left_out(unmapped["n"].tolist()[SHOWN_CODES:])]


def _left_out(rows: list[int]) -> list[str]:
    return [f"{sum(rows):>8,}  in {len(rows):,} rarer codes, which are not shown"] if rows else []


def _shown(code: str, rows: int) -> str:
    """The code, unless it may be somebody's sentence that got into the column."""
    is_code = len(code.split()) <= WORDS_OF_A_CODE or rows >= ROWS_OF_A_CODE
    return code if is_code else "(a sentence, not shown)"
