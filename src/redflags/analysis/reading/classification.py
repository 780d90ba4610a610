"""Each record's signal, tell and innocent reason, given once, on intake.

Codes are read first, then whole-word phrases. A record's verdict depends on that record alone, so
each distinct code, each distinct text and each distinct combination of what they say is read once.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from redflags.analysis.reading.code_lookup import CodeBook, CodeReading
from redflags.analysis.reading.phrase_book import PhraseBook
from redflags.analysis.reading.signal_resolution import (
    Hit,
    SignalResolver,
    Strength,
    Verdict,
)
from redflags.analysis.reading.text_cleaning import clean_texts
from redflags.analysis.schemas import INNOCENT_REASONS, SIGNALS, TELLS
from redflags.configuration.signals import SignalSet, TableRule, Vocabulary

CODE_COLUMNS = ("code", "work_type", "trade_code", "priority_code", "status")
RECORD_COLUMNS = ("table", *CODE_COLUMNS, "text")
VERDICT_COLUMNS = tuple(field.name for field in fields(Verdict))
CONTRACT_NAMES = {("repairs", "code"): "sor_code", ("asb", "code"): "category"}
REPORTED_WHEN_UNKNOWN = ("code", "trade_code")

VOCABULARY = Vocabulary(
    tables=("repairs", "lock_changes", "asb", "homelessness", "concerns"),
    code_columns=CODE_COLUMNS,
    signals=SIGNALS,
    tells=TELLS,
    innocent_reasons=INNOCENT_REASONS,
)
"""What a signal configuration may name; `load_signalset` checks it against this."""

Hits = tuple[Hit, ...]
Numbers = NDArray[np.intp]
Outcome = TypeVar("Outcome", bound=Hashable)


@dataclass(frozen=True, slots=True)
class _Aspect:
    """One thing records are read by: its distinct outcomes, and the number of each row's own."""

    outcomes: Sequence[Hits]
    of_row: Numbers


class Classifier:
    """Reads records with one signal configuration."""

    def __init__(self, signal_set: SignalSet) -> None:
        self.signal_set = signal_set
        self._resolver = SignalResolver(signal_set)
        self._phrases = {table: PhraseBook(signal_set, table) for table in VOCABULARY.tables}
        self._codes = {
            (table, column): CodeBook(signal_set, table, column)
            for table in VOCABULARY.tables
            for column in CODE_COLUMNS
        }

    def classify(self, records: pd.DataFrame) -> pd.DataFrame:
        """Signal, tell, innocent reason and deciding entry ("" for none) of each record.

        `records` has RECORD_COLUMNS, each text or missing; `text` of a repair is its description
        and notes, joined by " / ". The result has the same index. Raises ValueError when a table is
        not one of VOCABULARY.tables.
        """
        verdicts: dict[Verdict, int] = {Verdict(): 0}
        verdict_of = np.zeros(len(records), dtype=np.intp)
        for table, rows in _rows_by_table(records).items():
            told, told_of = self._verdicts(table, records.iloc[rows])
            numbers = [verdicts.setdefault(verdict, len(verdicts)) for verdict in told]
            verdict_of[rows] = np.asarray(numbers, dtype=np.intp)[told_of]
        return _as_frame(list(verdicts), verdict_of, records.index)

    def unmapped_codes(self, records: pd.DataFrame) -> pd.DataFrame:
        """Codes and trades that no entry knows: `table, column, code, n`, the most frequent first.

        `column` is the contract's name, e.g. `sor_code`.
        """
        counted = [self._unknown(records, column) for column in REPORTED_WHEN_UNKNOWN]
        return (
            pd.concat(counted, ignore_index=True)
            .sort_values(["n", "table", "column", "code"], ascending=[False, True, True, True])
            .reset_index(drop=True)
        )

    def _verdicts(self, table: str, records: pd.DataFrame) -> tuple[list[Verdict], Numbers]:
        """The distinct verdicts on the records of one table, and the number of each row's own."""
        aspects = list(self._aspects(table, records))
        sizes = [len(aspect.outcomes) for aspect in aspects]
        combined = np.ravel_multi_index([aspect.of_row for aspect in aspects], sizes)
        distinct, combination_of = np.unique(combined, return_inverse=True)
        combinations = zip(*np.unravel_index(distinct, sizes), strict=True)
        verdicts = [
            self._verdict(table, aspects, [int(number) for number in combination])
            for combination in combinations
        ]
        return verdicts, combination_of

    def _aspects(self, table: str, records: pd.DataFrame) -> Iterator[_Aspect]:
        for column in CODE_COLUMNS:
            yield _Aspect(*_read_once(records[column], partial(self._code_hits, table, column)))
        book = self._phrases[table]
        spoken, spoken_of = _read_once(
            records["text"], lambda texts: book.speaking(clean_texts(texts))
        )
        yield _Aspect([_phrase_hits(book, numbers) for numbers in spoken], spoken_of)

    def _code_hits(self, table: str, column: str, codes: Sequence[str]) -> Iterator[Hits]:
        otherwise = self._rule(table).otherwise if column == "code" else ""
        for code in codes:
            reading = self._codes[table, column].read(code)
            if reading is not None:
                yield (_code_hit(reading),)
            elif otherwise and not code.strip():
                yield (Hit(f"table:{table}", Strength.TABLE, otherwise),)
            else:
                yield ()

    def _verdict(self, table: str, aspects: Sequence[_Aspect], numbers: Sequence[int]) -> Verdict:
        chosen = zip(aspects, numbers, strict=True)
        hits = [hit for aspect, number in chosen for hit in aspect.outcomes[number]]
        always = self._rule(table).always
        if always:
            hits = [replace(hit, signal=always) if hit.signal else hit for hit in hits]
            hits.append(Hit(f"table:{table}", Strength.TABLE, always))
        return self._resolver.verdict(hits)

    def _rule(self, table: str) -> TableRule:
        return self.signal_set.tables.get(table, TableRule())

    def _unknown(self, records: pd.DataFrame, column: str) -> pd.DataFrame:
        counts = records[["table", column]].dropna().value_counts().reset_index(name="n")
        unknown = [
            bool(code.strip()) and self._codes[table, column].read(code) is None
            for table, code in zip(counts["table"], counts[column], strict=True)
        ]
        found = counts[np.array(unknown, dtype=bool)].rename(columns={column: "code"})
        names = [CONTRACT_NAMES.get((table, column), column) for table in found["table"]]
        return found.assign(column=names)[["table", "column", "code", "n"]]


def _code_hit(reading: CodeReading) -> Hit:
    entry = reading.entry
    strength = Strength.GENERAL_CODE if entry.yields_to_text else Strength.CODE
    return Hit.of(entry, reading.key, strength, silences=entry.silences)


def _phrase_hits(book: PhraseBook, numbers: Iterable[int]) -> Hits:
    entries = (book.entries[number] for number in numbers)
    return tuple(Hit.of(entry, f"phrase:{entry.name}", Strength.TEXT) for entry in entries)


def _read_once(
    values: "pd.Series[str]", read: Callable[[Sequence[str]], Iterable[Outcome]]
) -> tuple[list[Outcome], Numbers]:
    """The distinct outcomes of reading each distinct value, and the number of each row's own."""
    value_of, distinct = pd.factorize(values.fillna("").to_numpy(dtype=object))
    numbers: dict[Outcome, int] = {}
    outcome_of = [numbers.setdefault(outcome, len(numbers)) for outcome in read(distinct.tolist())]
    return list(numbers), np.asarray(outcome_of, dtype=np.intp)[value_of]


def _as_frame(verdicts: Sequence[Verdict], verdict_of: Numbers, index: pd.Index) -> pd.DataFrame:
    told = {name: [getattr(verdict, name) for verdict in verdicts] for name in VERDICT_COLUMNS}
    return pd.DataFrame(told, dtype="str").take(verdict_of).set_axis(index)


def _rows_by_table(records: pd.DataFrame) -> dict[str, Numbers]:
    rows = {
        str(table): np.asarray(numbers, dtype=np.intp)
        for table, numbers in records.groupby("table", sort=True).indices.items()
    }
    strange = len(set(rows) - set(VOCABULARY.tables))
    if strange or sum(map(len, rows.values())) != len(records):
        raise ValueError(
            f"each record's table is one of {', '.join(VOCABULARY.tables)}; {strange} other names, "
            "or blanks, came; hand in the rows of these tables only"
        )
    return rows
