"""Rows of a landlord's tables with only the fields that matter, and a record store to put them in.

The classifier is made by hand: the words of a text are the names of signals, tells and (after a
"!") innocent reasons, so a test says on the row what it is about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from redflags.adapters.records import RecordStore, passing_record_store
from redflags.adapters.secrets import Pseudonymiser, TextSealer
from redflags.analysis.counted_records import Counted
from redflags.analysis.extracts import Extract, Merged, RowFault
from redflags.analysis.ingest_policy import IngestPolicy, ingest_policy
from redflags.analysis.schemas import COUNTED_SIGNALS, INNOCENT_REASONS, SIGNALS, TABLES, TELLS
from redflags.configuration.ruleset import MissedVisits, RuleSet, load_ruleset
from redflags.domain.configured_source import ConfiguredSource
from redflags.domain.row_problem import ProblemCode

TODAY = date(2026, 11, 20)
KEY = b"a key that only these tests know"
TEXT_DAYS = 730
Row = dict[str, str | None]

_ALWAYS = {
    "lock_changes": "lock_change",
    "homelessness": "homeless_presentation",
    "concerns": "staff_concern",
}


def days_ago(days: int, as_of: date = TODAY) -> date:
    return as_of - timedelta(days=days)


def repair(ref: str, on: object, text: str | None = None, home: str = "P1", **more: object) -> Row:
    return _row(
        {"work_order_ref": ref, "property_ref": home, "raised_at": on, "description": text}, more
    )


def lock_change(
    ref: str, on: object, text: str | None = None, home: str = "P1", **more: object
) -> Row:
    return _row(
        {"lock_change_ref": ref, "property_ref": home, "changed_at": on, "reason": text}, more
    )


def report(ref: str, on: object, text: str | None = None, home: str = "P1", **more: object) -> Row:
    return _row(
        {"report_ref": ref, "subject_property_ref": home, "reported_at": on, "description": text},
        more,
    )


def presentation(ref: str, on: object, tenancy: str, text: str | None = None) -> Row:
    return _row(
        {"presentation_ref": ref, "tenancy_ref": tenancy, "presented_at": on, "reason": text}, {}
    )


def tenancy(ref: str, start: object, end: object = None, home: str = "P1") -> Row:
    return _row(
        {"tenancy_ref": ref, "property_ref": home, "start_date": start, "end_date": end}, {}
    )


def dwelling(ref: str, **more: object) -> Row:
    return _row({"property_ref": ref}, more)


def protected(ref: str, reason: str = "sanctuary_works", **more: object) -> Row:
    return _row({"tenancy_ref": ref, "reason_code": reason}, more)


def extract(
    table: str,
    rows: Sequence[Row],
    *,
    source: str = "landlord",
    fingerprint: str = "",
    malformed: Iterable[int] = (),
) -> Extract:
    """Rows as a source would give them; columns are those that any row names."""
    names = sorted({name for row in rows for name in row})
    columns = [pa.array([row.get(name) for row in rows], pa.string()) for name in names]
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    faults = [RowFault(row, ProblemCode.MALFORMED_ROW) for row in malformed]
    reader = pa.table([*columns, numbers], names=[*names, "_row"]).to_reader()
    return Extract(table, source, f"{table}.csv", fingerprint, reader, faults=faults)


def sources(
    *names: str, tables: Iterable[str] = TABLES, mapping: str = ""
) -> list[ConfiguredSource]:
    """Sources as configuration names them, the most believed first."""
    return [ConfiguredSource(name, dict.fromkeys(tables, mapping)) for name in names]


def classify_by_words(records: pd.DataFrame) -> pd.DataFrame:
    """What the words of each text name; a known code decides when there is no text."""
    found = [
        _verdict(table, str(text or ""), str(code or ""))
        for table, text, code in zip(
            records["table"], records["text"], records["code"], strict=True
        )
    ]
    names = ["signal", "tell", "innocent_reason", "entry"]
    return pd.DataFrame(found, columns=names, index=records.index)


def _verdict(table: str, text: str, code: str) -> tuple[str, str, str, str]:
    words = text.split()
    told = _first(words, SIGNALS)
    signal = told or _first([code], SIGNALS) or _ALWAYS.get(table, "")
    tell = _first(words, TELLS)
    reason = _first([word[1:] for word in words if word.startswith("!")], INNOCENT_REASONS)
    by_text = f"phrase:{told or tell or reason}" if told or tell or reason else ""
    return signal, tell, reason, by_text or (f"code:{code}" if code in SIGNALS else "")


def _first(words: Iterable[str], known: tuple[str, ...]) -> str:
    return next((word for word in words if word in known), "")


def small_policy(
    as_of: date = TODAY, classify: object = classify_by_words, key: bytes = KEY
) -> IngestPolicy:
    return ingest_policy(classify, TextSealer(key), as_of, small_ruleset().retention)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Landlord:
    """A record store and the ways in and out of it."""

    records: RecordStore

    def sends(
        self,
        *extracts: Extract,
        as_of: date = TODAY,
        policy: IngestPolicy | None = None,
        configured: Sequence[ConfiguredSource] | None = None,
    ) -> list[Merged]:
        staged = [self.records.stage(one) for one in extracts]
        pseudonym = Pseudonymiser(KEY).pseudonym
        return self.records.merge(
            staged, policy or small_policy(as_of), pseudonym, as_of, configured
        )

    def has(self, **tables: Sequence[Row]) -> "Landlord":
        self.sends(*(extract(table, rows) for table, rows in tables.items()))
        return self

    def count(self, as_of: date = TODAY) -> Counted:
        return self.records.count(as_of, small_ruleset())

    def evidence(
        self, refs: Sequence[str], since: date, visits: MissedVisits | None = None
    ) -> pd.DataFrame:
        """Records behind some households, as the night of today tells of them."""
        with self.records.count_night(TODAY, small_ruleset()) as night:
            return night.evidence(refs, since, visits)

    def counts(self, household: str, as_of: date = TODAY) -> dict[str, int]:
        """Stream → how many records of `household` count for it."""
        return self.all_counts(as_of).get(household, {})

    def all_counts(self, as_of: date = TODAY) -> dict[str, dict[str, int]]:
        """Household → stream → how many; households without a cell are left out."""
        counts: dict[str, dict[str, int]] = {}
        for (ref, stream), n in self._summed("n", as_of).items():
            counts.setdefault(ref, {})[stream] = int(n)
        return counts

    def costs(self, household: str, as_of: date = TODAY) -> float:
        """£ of the repairs of `household`."""
        return self._summed("cost_gbp", as_of).get((household, "repair_count"), 0.0)

    def household_refs(self, as_of: date = TODAY) -> list[str]:
        return list(self.count(as_of).households["household_ref"])

    def _summed(self, column: str, as_of: date) -> Mapping[tuple[str, str], float]:
        counted = self.count(as_of)
        refs = counted.households["household_ref"].to_numpy()
        named = counted.cells.assign(household=refs[counted.cells["household"]])
        return dict(named.groupby(["household", "stream"])[column].sum())


@contextmanager
def landlord() -> Iterator[Landlord]:
    """A landlord whose records are gone when the block ends."""
    with passing_record_store() as records:
        yield Landlord(records)


@cache
def small_ruleset() -> RuleSet:
    """The shipped rule set with the innocent reasons' thresholds fixed, so that tuning breaks no
    test: 28 days, 3 homes of a block within 7 days, 6 of a patch within 2."""
    path = Path(__file__).parents[2] / "config" / "ruleset.toml"
    shipped = load_ruleset(path, COUNTED_SIGNALS)
    values = {
        "new_tenancy_days": 28,
        "block_burst_days": 7,
        "block_burst_homes": 3,
        "storm_days": 2,
        "storm_homes": 6,
    }
    fixed = {
        name: getattr(shipped.innocent, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    surprise = shipped.surprise.model_copy(
        update={
            "history_days": shipped.surprise.history_days.model_copy(update={"value": 1095}),
            "dear_job_quantile": shipped.surprise.dear_job_quantile.model_copy(
                update={"value": 1.0}
            ),
        }
    )
    innocent = shipped.innocent.model_copy(update=fixed)
    return shipped.model_copy(update={"innocent": innocent, "surprise": surprise})


def _row(named: dict[str, object], more: Mapping[str, object]) -> Row:
    return {
        name: None if value is None else str(value) for name, value in (named | dict(more)).items()
    }
