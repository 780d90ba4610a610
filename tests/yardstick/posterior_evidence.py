"""What a landlord's records tell of each household: exactly the rows that its extract holds.

A text that is there tells topic and wording. Where it was lost, order code, trade and type of work
tell what they can: a reading is a likelihood of every pair of topic and wording. Price and urgency
are not read. Some texts read alike to a person (a recall that does not say so), so the reading is
slightly better than anybody's: the posterior errs on the side of an upper bound.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from redflags.simulation.codes import CODES, SPECIAL_CODES, TRADES
from redflags.simulation.history import History
from redflags.simulation.job_tables import WORK_TYPES
from redflags.simulation.jobs import DAY_SECONDS, Jobs, jobs_of
from redflags.simulation.landlord import Landlord
from redflags.simulation.span import Flags, Floats, Ints
from redflags.simulation.text import Texts, phrase_bank
from redflags.simulation.vocabulary import Topic, Wording
from yardstick.posterior_rates import PAIRS, pair_of

MOST_REPORTS_READ = 12
"""Reports of one case beyond this many change nothing that could be noticed."""


@dataclass(frozen=True)
class Evidence:
    """One value per record of a household, in order of household and day.

    `reading` is a row of `shows` (readings, pairs): how likely the record looks as it does when it
    is of that pair.
    """

    home: Ints
    household: Ints
    day: Floats
    reading: Ints
    shows: Floats

    def __len__(self) -> int:
        return len(self.household)


def evidence_of(history: History, landlord: Landlord) -> Evidence:
    """The records of `landlord`, which must be `records_of(history)`, as readings."""
    parts = [
        _job_evidence(history, landlord),
        _case_evidence(history, landlord.asb),
        _told_evidence(history, Topic.HOMELESS),
        _told_evidence(history, Topic.CONCERN),
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.sort_values(["household", "day", "home"], kind="stable")
    keys, readings = pd.factorize(frame["key"])
    shows = np.stack([_likelihood(key, history) for key in readings])
    return Evidence(
        home=frame["home"].to_numpy(np.int64),
        household=frame["household"].to_numpy(np.int64),
        day=frame["day"].to_numpy(np.float64),
        reading=keys.astype(np.int64),
        shows=shows,
    )


def _job_evidence(history: History, landlord: Landlord) -> pd.DataFrame:
    """Each job once, however many tables have it."""
    jobs = jobs_of(history)
    events, size = jobs.events, len(jobs.events)
    columns = {name: _placed(landlord.repairs[name], jobs.in_repairs) for name in JOB_COLUMNS}
    is_read = ~pd.isna(columns["description"]) | _tells_aside(jobs, columns["notes"])
    is_read |= _reason_read(jobs, landlord.lock_changes, size)
    told = events.topic * len(Wording) + events.wording
    lost = zip(*(columns[name] for name in JOB_COLUMNS[:3]), jobs.in_repairs, strict=True)
    keys = [
        ("told", pair) if read else ("lost", *coded)
        for read, pair, coded in zip(is_read, told.tolist(), lost, strict=True)
    ]
    day = np.where(jobs.in_repairs, events.day, jobs.completed / DAY_SECONDS)
    return _frame(events.home, events.household, day, keys)


JOB_COLUMNS = ("sor_code", "trade_code", "work_type", "description", "notes")


def _placed(column: "pd.Series[str]", which: Flags) -> Texts:
    """A column of the repairs at the place of each job; missing where repairs has no such row."""
    values = np.full(len(which), None, dtype=object)
    values[which] = column.astype(object).where(column.notna(), None).to_numpy()
    return values


def _tells_aside(jobs: Jobs, notes: Texts) -> Flags:
    """Jobs whose notes tell, whatever became of the description."""
    telling = (jobs.events.wording == Wording.TELL) & ~pd.isna(notes)
    found = np.zeros(len(notes), dtype=np.bool_)
    found[telling] = [
        _says_so(topic, text)
        for topic, text in zip(jobs.events.topic[telling], notes[telling], strict=True)
    ]
    return found


def _says_so(topic: int, text: str) -> bool:
    """Whether a bare phrase is one of those that tell."""
    phrases = phrase_bank()[Topic(topic), Wording.TELL]
    patterns = (re.sub(r"\\{\w+\\}", ".+", re.escape(phrase)) for phrase in phrases)
    return any(re.fullmatch(pattern, text) for pattern in patterns)


def _reason_read(jobs: Jobs, lock_changes: pd.DataFrame, size: int) -> Flags:
    """Jobs whose reason stands in the register of lock changes, kept in order of completion."""
    kept = np.flatnonzero(jobs.in_lock_changes)
    in_order = kept[np.argsort(jobs.completed[kept], kind="stable")]
    read = np.zeros(size, dtype=np.bool_)
    read[in_order] = lock_changes["reason"].notna().to_numpy()
    return read


def _case_evidence(history: History, asb: pd.DataFrame) -> pd.DataFrame:
    """Each case once, with all its reports; their number tells nothing about why it came."""
    topics = (Topic.NOISE, Topic.ASB)
    cases = history.events.only(np.isin(history.events.topic, topics))
    # the table numbers the cases 1, 3, 5 ... and what was split off 2, 4, 6 ...
    case = (asb["case_ref"].str[1:].astype(np.int64).to_numpy() - 1) // 2
    texts = asb["description"]
    telling = {text for text in texts.dropna().unique() if _says_so(Topic.NOISE, text)}
    tells = np.bincount(case, texts.isin(telling).to_numpy(), len(cases)) > 0
    read = np.bincount(case, texts.notna().to_numpy(), len(cases)).astype(np.int64)
    keys = [
        ("told", pair_of(topic, Wording.TELL))
        if told
        else ("case", topic, min(reports, MOST_REPORTS_READ))
        for topic, told, reports in zip(
            cases.topic.tolist(), tells.tolist(), read.tolist(), strict=True
        )
    ]
    return _frame(cases.home, cases.household, cases.day, keys)


def _told_evidence(history: History, topic: Topic) -> pd.DataFrame:
    """Tables whose texts are never lost."""
    events = history.events.only(history.events.topic == topic)
    keys = [("told", pair_of(topic, wording)) for wording in events.wording.tolist()]
    return _frame(events.home, events.household, events.day, keys)


def _frame(
    home: Ints, household: Ints, day: Floats, keys: Sequence[tuple[object, ...]]
) -> pd.DataFrame:
    """Records as rows; those of empty homes and of blocks have no household."""
    columns = {"home": home, "household": household, "day": day}
    return pd.DataFrame(columns).assign(key=pd.Series(keys, dtype=object))


def _likelihood(key: tuple[object, ...], history: History) -> Floats:
    """How likely a record of each pair looks as the reading does; shape (pairs,)."""
    process = history.character.process
    likelihood = np.zeros((len(Topic), len(Wording)))
    match key:
        case ("told", int(pair)):
            likelihood.flat[pair] = 1.0
        case ("case", int(topic), int(reports)):
            likelihood[topic, Wording.PLAIN] = 1.0
            likelihood[topic, Wording.TELL] = (1 - process.casework.telling_reports) ** reports
        case ("lost", code, trade, work_type, in_repairs):
            if not in_repairs:
                likelihood[Topic.LOCK] = 1.0
            else:
                likelihood = _coded(code, trade, work_type)
                likelihood[:, Wording.TELL] *= 1 - process.recording.tell_in_notes
    return likelihood.reshape(PAIRS)


def _coded(code: object, trade: object, work_type: object) -> Floats:
    """What order code, trade and type of work say together; each may be missing."""
    likelihood = np.zeros((len(Topic), len(Wording)))
    for topic, known in TRADES.items():
        if work_type is not None and WORK_TYPES.get(topic, "responsive") != work_type:
            continue
        by_trade = 1.0 if trade is None else known.codes.count(str(trade)) / len(known.codes)
        for wording in Wording:
            codes = SPECIAL_CODES.get((topic, wording), CODES[topic]).split()
            by_code = 1.0 if code is None else codes.count(str(code)) / len(codes)
            likelihood[topic, wording] = by_trade * by_code
    return likelihood
