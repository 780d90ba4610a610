"""What other people wrote down: ASB and noise reports, homelessness, concerns of staff."""

import numpy as np
import pandas as pd

from redflags.simulation.formats import blanked, clock_seconds, picked, refs, table, timestamps
from redflags.simulation.history import History
from redflags.simulation.process import Casework
from redflags.simulation.registers import property_refs, tenancy_refs
from redflags.simulation.span import Flags, Floats, Ints
from redflags.simulation.streams import stream
from redflags.simulation.text import Texts, spoken
from redflags.simulation.vocabulary import Topic, Wording
from redflags.simulation.wording.reports import ASB_CATEGORIES, NOISE_CATEGORIES, REPORTER_ROLES


def asb_table(history: History) -> pd.DataFrame:
    """Each event is a case; its reports come over weeks, the later ones sometimes in a case of
    their own that was merged into the first."""
    process, rng = history.character.process, stream(history.seed, "asb")
    cases = history.events.only(np.isin(history.events.topic, (Topic.NOISE, Topic.ASB)))
    case, day = _reports(cases.day, process.casework, rng)
    seen = day < history.span.days
    order = np.lexsort((case[seen], day[seen]))
    case, day = case[seen][order], day[seen][order]
    own = _split_off(case, day > cases.day[case], process.casework, rng)
    number = case * 2 + own + 1
    topic = cases.topic[case]
    wording = _said_in(cases.wording[case], process.casework.telling_reports, rng)
    return table(
        report_ref=refs(np.arange(len(case)) + 1, 8, "R"),
        case_ref=refs(number, 7, "C"),
        subject_property_ref=property_refs(cases.home[case]),
        reported_at=timestamps(history.span, clock_seconds(day)),
        category=_categories(topic, rng),
        description=_perhaps(spoken(topic, wording, rng), process.recording.text_missing, rng),
        merged_into=blanked(refs(case * 2 + 1, 7, "C"), ~own),
    )


def homelessness_table(history: History) -> pd.DataFrame:
    rng = stream(history.seed, "homelessness")
    events = history.events.only(history.events.topic == Topic.HOMELESS)
    return table(
        presentation_ref=refs(np.arange(len(events)) + 1, 6, "H"),
        tenancy_ref=tenancy_refs(history)[events.household],
        presented_at=timestamps(history.span, clock_seconds(events.day)),
        reason=spoken(events.topic, events.wording, rng),
    )


def concern_table(history: History) -> pd.DataFrame:
    rng = stream(history.seed, "concerns")
    events = history.events.only(history.events.topic == Topic.CONCERN)
    return table(
        concern_ref=refs(np.arange(len(events)) + 1, 6, "N"),
        property_ref=property_refs(events.home),
        observed_at=timestamps(history.span, clock_seconds(events.day)),
        reporter_role=picked(REPORTER_ROLES, len(events), rng),
        concern=spoken(events.topic, events.wording, rng),
    )


def _reports(opened: Floats, casework: Casework, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Case and day of each report: the first opens the case, the others follow."""
    reports = rng.geometric(1 / casework.reports_per_case, len(opened))
    case = np.repeat(np.arange(len(opened)), reports)
    first = np.append(True, case[1:] != case[:-1])[: len(case)]
    later = rng.exponential(casework.report_gap_days, len(case))
    return case, opened[case] + np.where(first, 0.0, later)


def _split_off(case: Ints, follows: Flags, casework: Casework, rng: np.random.Generator) -> Flags:
    """Reports that were first given a case of their own."""
    return follows & (rng.random(len(case)) < casework.split_share)


def _said_in(wording: Ints, telling: float, rng: np.random.Generator) -> Ints:
    """What each report says: not every report of a telling case tells."""
    tells = (wording == Wording.TELL) & (rng.random(len(wording)) < telling)
    return np.where(tells, Wording.TELL, Wording.PLAIN)


def _categories(topic: Ints, rng: np.random.Generator) -> Texts:
    size = len(topic)
    return np.where(
        topic == Topic.NOISE,
        picked(NOISE_CATEGORIES, size, rng),
        picked(ASB_CATEGORIES, size, rng),
    )


def _perhaps(text: Texts, missing: float, rng: np.random.Generator) -> Texts:
    return blanked(text, rng.random(len(text)) < missing)
