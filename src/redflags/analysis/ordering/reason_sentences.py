"""A rule that spoke, in words a housing officer understands and can check.

Every sentence gives the number, since when, what like homes have, and what this household had
before, so that a person can disagree with it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redflags.configuration.ruleset import Rule
from redflags.domain.alert import Evidence, Reason
from redflags.domain.plain_names import SIGNAL_NAMES

SPEAK_FOR_THEMSELVES = {"staff_concern", "homeless_presentation", "abandonment"}
SHOWN_RECORDS = 100


@dataclass(frozen=True, slots=True)
class Findings:
    """What a sentence is made of, for one household and one rule.

    ``records``: the evidence in the rule's window, oldest first; ``all_records``: everything the
    household has in the window, for "2 of the last 3"; rates are per year, NaN when not known.
    """

    records: Sequence[Evidence]
    all_records: int
    like_homes_rate: float
    own_rate: float
    cost_gbp: float = 0.0


def reason(rule_id: str, rule: Rule, found: Findings) -> Reason:
    """The frozen reason of one rule, with the newest records behind it."""
    evidence = tuple(sorted(found.records))[-SHOWN_RECORDS:]
    return Reason(rule_id, _sentence(rule, found), evidence)


def _sentence(rule: Rule, found: Findings) -> str:
    if rule.kind == "score":
        return _together(found)
    if rule.kind == "cost":
        return _dear(found)
    if rule.kind == "distinct":
        kinds = len(_kinds(found))
        signs = "sign" if kinds == 1 else "different signs"
        return f"{kinds} {signs} {_since(found)}: {_listed(found)}."
    if rule.tell_only:
        return _mentions(found)
    return _more_than_usual(rule, found)


def _more_than_usual(rule: Rule, found: Findings) -> str:
    what = f"{_listed(found)} {_since(found)}"
    compared = _comparison(found)
    if not compared or set(rule.signals) <= SPEAK_FOR_THEMSELVES:
        return f"{what}."
    return f"{what}; {compared}."


def _mentions(found: Findings) -> str:
    said, total = len(found.records), max(found.all_records, len(found.records))
    if total == 1:
        return f"The only repair or report {_since(found)} mentions force, fear or a partner."
    verb = "mentions" if said == 1 else "mention"
    return (
        f"{said} of the last {total} repairs and reports {_since(found)} {verb} "
        "force, fear or a partner."
    )


def _dear(found: Findings) -> str:
    jobs = "1 job" if len(found.records) == 1 else f"{len(found.records)} jobs"
    what = f"£{found.cost_gbp:,.0f} of repairs over {jobs} {_since(found)}"
    if not math.isfinite(found.like_homes_rate):
        return f"{what}."
    return f"{what}; like homes cost £{found.like_homes_rate:,.0f} a year."


def _together(found: Findings) -> str:
    if not found.records:
        return "The mix of repairs and reports here is very unlike that of other homes."
    said = sum(bool(record.tell) for record in found.records)
    verb = "mentions" if said == 1 else "mention"
    mention = f"; {said} of them {verb} force, fear or a partner" if said else ""
    return f"Together this is very unlike other homes: {_listed(found)} {_since(found)}{mention}."


def _comparison(found: Findings) -> str:
    parts = []
    if math.isfinite(found.like_homes_rate):
        parts.append(f"like homes have {rate_in_words(found.like_homes_rate)}")
    if math.isfinite(found.own_rate):
        parts.append(f"this household had {rate_in_words(found.own_rate)} before")
    return "; ".join(parts)


def rate_in_words(per_year: float) -> str:
    """A yearly rate a person can hold in mind, such as ``0.1 a year``."""
    if per_year <= 0:
        return "none"
    if per_year < 0.05:
        return "less than 0.1 a year"
    return f"{per_year:.1f} a year"


def _kinds(found: Findings) -> Counter[str]:
    return Counter(record.signal for record in found.records)


def _listed(found: Findings) -> str:
    kinds = sorted(_kinds(found).items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(SIGNAL_NAMES[signal].counted(count) for signal, count in kinds)


def _since(found: Findings) -> str:
    first = min(record.occurred_on for record in found.records)
    return f"since {month_in_words(first)}"


def month_in_words(day: date) -> str:
    """``March 2026``."""
    return f"{day:%B %Y}"
