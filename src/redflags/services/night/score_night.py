"""The scored night: every household's score, and in words whom a rule speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from redflags.analysis.counted_records import Counted
from redflags.analysis.ordering.detection import Detection, detect
from redflags.analysis.ordering.queueing import Candidate
from redflags.analysis.schemas import EVIDENCE_TABLES
from redflags.domain.queue_state import SampledHousehold
from redflags.services.intake.absent_tables import coverage_notes
from redflags.services.night.alert_candidates import below_line, candidates, specialists_alone
from redflags.services.night.learned_order import ranked
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.shadow_ruleset import ShadowFindings


@dataclass(frozen=True)
class Scored:
    """A scored night.

    `candidates` are the households some rule speaks of, the canary among them; `below_line` those
    that may be sampled; `protected` those of which only the specialist may hear. `is_whole` is
    false when something was missing that makes the night partial.
    """

    detection: Detection
    candidates: tuple[Candidate, ...] = ()
    below_line: tuple[SampledHousehold, ...] = ()
    protected: frozenset[str] = frozenset()
    shadow: ShadowFindings | None = None
    is_whole: bool = True
    notes: tuple[str, ...] = ()


def score_night(dependencies: NightDependencies, as_of: date) -> Scored:
    """Score every household and put into words whom a rule speaks of."""
    records, ruleset = dependencies.records, dependencies.ruleset
    protections = records.protections(as_of)
    protected = specialists_alone(protections)
    with records.count_night(as_of, ruleset) as night:
        counted = night.counted
        detection = _detect(dependencies, counted, as_of)
        spoken_of = candidates(detection, ruleset, night, protections, as_of)
    depth = ruleset.queue.sample_depth.value
    beside = dependencies.shadow.ask(detection, protected, as_of)
    coverage, models = counted.coverage, dependencies.models
    had_evidence = any(name in coverage.first_day for name in EVIDENCE_TABLES)
    return Scored(
        detection=detection,
        candidates=tuple(spoken_of),
        below_line=tuple(below_line(detection, dependencies.canary_patch, protections, depth)),
        protected=protected,
        shadow=beside.findings,
        is_whole=had_evidence and not coverage.unmatched_protections and not models.is_degraded,
        notes=(
            *beside.notes,
            *coverage_notes(coverage),
            *_without_evidence(had_evidence),
            *models.notes,
        ),
    )


def _detect(dependencies: NightDependencies, counted: Counted, as_of: date) -> Detection:
    detection = detect(
        counted,
        dependencies.ruleset,
        as_of,
        dependencies.queue.confirmed(as_of),
        dependencies.canary_patch,
        lambda matrix, eligible: dependencies.models.for_night(matrix, eligible, as_of),
    )
    return ranked(detection, dependencies.ruleset.ranking, dependencies.models.ranker(as_of))


def _without_evidence(had_evidence: bool) -> Iterable[str]:
    if not had_evidence:
        yield f"expected at least one of {', '.join(EVIDENCE_TABLES)}; none came"
