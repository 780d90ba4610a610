"""The tables of a quarter's report before anything is held back, and how their counts add up.

Nothing is crossed with anything: a total is cut in several ways, and never in two at once, because
small counts multiply where cuts meet. In each table, what a reader would miss least comes last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from redflags.analysis.monitoring.small_number_suppression import Sum
from redflags.domain.alert import Origin, Priority
from redflags.domain.outcome import Outcome
from redflags.domain.plain_names import OUTCOME_WORDS, PRIORITY_WORDS, REFERRAL_WORDS
from redflags.domain.quality_verdicts import ClosingVerdict, Contact
from redflags.domain.quarter_figures import Figures
from redflags.domain.welfare_check import Basis

NO_AREA = "No area"
Cut = TypeVar("Cut", bound=Enum)


@dataclass(frozen=True, slots=True)
class Entry:
    """One count of a table. `name` is what sums call it; `level` says how deep it is indented."""

    name: str
    label: str
    count: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One table: its total, where it has one, comes first."""

    code: str
    title: str
    entries: tuple[Entry, ...]


def drafts(figures: Figures) -> tuple[Draft, ...]:
    """Every table of the report, in the order in which they are read."""
    return (
        _cut("by_priority", "Alerts raised, by how urgent they were", _by_priority(figures)),
        _cut("by_area", "Alerts raised, by area", _by_area(figures)),
        _cut("by_origin", "Alerts raised, by source", _by_origin(figures)),
        Draft("decisions", "What was decided about alerts", tuple(_decisions(figures))),
        Draft("contact", "Welfare checks and the 48 hours", tuple(_contact(figures))),
        Draft("outcomes", "Outcomes of welfare checks that ended", tuple(_outcomes(figures))),
        Draft("referrals_by_kind", "Referrals, by destination", tuple(_by_kind(figures))),
        Draft("referrals_by_basis", "Referrals, by reason", tuple(_by_basis(figures))),
        Draft("concerns", "Concerns that colleagues logged", (_concerns(figures),)),
        Draft("quality", "Cases that a second person looked at", tuple(_quality(figures))),
        Draft("overdue", "Overdue when this report ends", tuple(_overdue(figures))),
    )


def sums_of(tables: Sequence[Draft]) -> list[Sum]:
    """How the counts add up, as a reader can tell: an entry is the sum of those indented below."""
    found: dict[tuple[str, str], Sum] = {}
    for table in tables:
        for place, entry in enumerate(table.entries):
            if parts := _parts(table.entries, place):
                found[table.code, entry.name] = Sum(entry.name, parts)
    return [*found.values(), *_looks(tables)]


def _looks(tables: Sequence[Draft]) -> list[Sum]:
    """An alert from below the line comes of a look there, so that there are no more than looks.

    Unless the alerts came from elsewhere, in which case nobody can tell anything from it.
    """
    counts = {entry.name: entry.count for table in tables for entry in table.entries}
    raised = _origin_name(Origin.BELOW_LINE_SAMPLE)
    if counts[raised] > counts["below_line_looks"]:
        return []
    return [Sum("below_line_looks", (raised, "below_line_left"))]


def _parts(entries: tuple[Entry, ...], place: int) -> tuple[str, ...]:
    parts = []
    for entry in entries[place + 1 :]:
        if entry.level <= entries[place].level:
            break
        if entry.level == entries[place].level + 1:
            parts.append(entry.name)
    return tuple(parts)


def _cut(code: str, title: str, parts: Mapping[str, tuple[str, int]]) -> Draft:
    """All alerts raised, cut in one way. `parts` are labels and counts by name."""
    total = Entry("raised", "All alerts raised", sum(count for _label, count in parts.values()))
    rows = [Entry(name, label, count, 1) for name, (label, count) in parts.items()]
    return Draft(code, title, (total, *rows))


def _by_priority(figures: Figures) -> dict[str, tuple[str, int]]:
    return {
        f"priority.{one.label}": (PRIORITY_WORDS[one], figures.by_priority[one])
        for one in sorted(Priority, reverse=True)
    }


def _by_area(figures: Figures) -> dict[str, tuple[str, int]]:
    return {
        f"area.{patch}": (patch or NO_AREA, count)
        for patch, count in sorted(figures.by_patch.items(), key=lambda item: item[0] or "\uffff")
    }


def _by_origin(figures: Figures) -> dict[str, tuple[str, int]]:
    return {
        _origin_name(one): (ORIGIN_LABELS[one], figures.by_origin[one]) for one in ORIGIN_LABELS
    }


def _origin_name(origin: Origin) -> str:
    return f"origin.{origin}"


def _decisions(figures: Figures) -> Iterable[Entry]:
    """There is no total: where one of the two is small, it would take the other with it."""
    without = sum(figures.without_check[one] for one in WITHOUT_CHECK)
    yield Entry("checks", "A welfare check", _checks(figures))
    yield Entry("without", "Closed without a welfare check", without)
    for one in WITHOUT_CHECK:
        yield Entry(f"without.{one}", OUTCOME_WORDS[one], figures.without_check[one], 1)


def _contact(figures: Figures) -> Iterable[Entry]:
    in_time = figures.contact[Contact.IN_TIME]
    yield Entry("checks", "All welfare checks decided on", _checks(figures))
    yield Entry("in_time", "Contact within 48 hours", in_time, 1)
    yield Entry("not_in_time", "No contact within 48 hours", _checks(figures) - in_time, 1)


def _checks(figures: Figures) -> int:
    """Those that were not called off, once their 48 hours are over or there was contact."""
    counted = (Contact.IN_TIME, Contact.LATE, Contact.NONE)
    return sum(figures.contact[one] for one in counted)


def _outcomes(figures: Figures) -> Iterable[Entry]:
    """There is no total of all that ended: the few not reached would take the others with them."""
    ended = figures.ended
    need = sum(ended[one] for one in NEEDS)
    no_concern = ended[Outcome.NO_CONCERN_FOUND]
    yield Entry("known", "We found out how they are", need + no_concern)
    yield Entry("need", "There was a need", need, 1)
    for one in NEEDS:
        yield Entry(f"need.{one}", OUTCOME_WORDS[one], ended[one], 2)
    yield Entry("no_concern", OUTCOME_WORDS[Outcome.NO_CONCERN_FOUND], no_concern, 1)
    not_reached = Outcome.COULD_NOT_REACH
    yield Entry("not_reached", OUTCOME_WORDS[not_reached], ended[not_reached])


def _by_kind(figures: Figures) -> Iterable[Entry]:
    return _referrals("kind", figures.referrals_by_kind, REFERRAL_WORDS)


def _by_basis(figures: Figures) -> Iterable[Entry]:
    return _referrals("basis", figures.referrals_by_basis, BASIS_LABELS)


def _referrals(cut: str, counts: Mapping[Cut, int], labels: Mapping[Cut, str]) -> Iterable[Entry]:
    yield Entry("referrals", "All referrals", sum(counts.values()))
    for one, label in labels.items():
        yield Entry(f"referrals.{cut}.{one}", label, counts[one], 1)


def _concerns(figures: Figures) -> Entry:
    return Entry("concerns", "Concerns logged", figures.concerns)


def _quality(figures: Figures) -> Iterable[Entry]:
    checked = figures.closings_checked
    yield Entry("closings_checked", "Closed alerts, chosen at random", sum(checked.values()))
    for one, label in VERDICT_LABELS.items():
        yield Entry(f"closings_checked.{one}", label, checked[one], 1)
    yield Entry("below_line_looks", "Homes just below the line", figures.below_line_checked)


def _overdue(figures: Figures) -> Iterable[Entry]:
    yield Entry("late_decisions", "Alerts nobody has decided on in time", figures.late_decisions)
    yield Entry("late_contacts", "Welfare checks without contact in time", figures.late_contacts)


ORIGIN_LABELS: Mapping[Origin, str] = {
    Origin.DETECTED: "Found in the records",
    Origin.STAFF_CONCERN: "A colleague's concern",
    Origin.BELOW_LINE_SAMPLE: "A manager's check below the line",
}
WITHOUT_CHECK = (Outcome.NO_CHECK_NEEDED, Outcome.ALREADY_SUPPORTED, Outcome.WRONG_DATA)
NEEDS = (
    Outcome.DISCLOSED_ACCEPTS_SUPPORT,
    Outcome.DISCLOSED_DECLINES_SUPPORT,
    Outcome.ALREADY_SUPPORTED,
    Outcome.WELFARE_NEED_MET,
    Outcome.OTHER_NEED,
)
"""In the order in which they are read; what is missed least comes last."""
BASIS_LABELS: Mapping[Basis, str] = {
    Basis.CONSENT: "The person agreed",
    Basis.SAFEGUARDING: "Somebody was at risk, and two of us agreed",
}
VERDICT_LABELS: Mapping[ClosingVerdict, str] = {
    ClosingVerdict.AGREE: "Would have decided the same",
    ClosingVerdict.DECIDE_OTHERWISE: "Would have decided differently",
    ClosingVerdict.CANNOT_TELL: "Cannot tell from what was recorded",
}
