"""Before a night goes on: does it see what the last good one saw, and did its main source come?

Decided before anything is scored or queued; the record store keeps what came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from redflags.analysis.monitoring.collapse_judgement import find_collapse
from redflags.analysis.schemas import EVIDENCE_TABLES
from redflags.configuration.intake_settings import IntakeSettings
from redflags.domain.configured_source import OUR_OWN
from redflags.domain.kept_records import CollapseAccepted, KeptRecords, accepted_as_json
from redflags.domain.night import SourceStatus
from redflags.errors import NightCollapsed
from redflags.services.intake.ingested import Ingested
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.ports import Source

MAIN_TABLES = (EVIDENCE_TABLES, ("tenancies",))
"""Of each of these something has to come, if there is a source that could give it."""
RUNS_A_NIGHT = 3
"""So many runs for one day are looked back on, at most."""
NOT_NEEDED = "nothing had collapsed, so there was nothing to accept"


@dataclass(frozen=True)
class Standing:
    """What a night rests on: what is stored, which tables came, what collapsed and who accepted it.

    `main_absent` are the main tables of which nothing came, from any source that could give them.
    """

    kept: KeptRecords
    came: tuple[str, ...] = ()
    collapsed: tuple[str, ...] = ()
    accepted: CollapseAccepted | None = None
    main_absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"kept": self.kept.as_json(), "came": list(self.came)}
        if self.collapsed and self.accepted is not None:
            told["collapse_accepted"] = accepted_as_json(self.accepted, self.collapsed)
        elif self.collapsed:
            told["collapsed"] = list(self.collapsed)
        return told

    def demand(self, as_of: date) -> None:
        """Raises NightCollapsed when something collapsed and nobody accepted it."""
        if self.collapsed and self.accepted is None:
            raise NightCollapsed(
                f"THE NIGHT COLLAPSED: {'; '.join(self.collapsed)}. Nothing was scored, the queue "
                "is as it was, and what came is stored. Look at the sources (redflags check). If "
                "it is real, such as a transfer or sale of homes, say so: redflags night --as-of "
                f'{as_of} --accept-collapse "REASON"'
            )


def judge_standing(
    dependencies: NightDependencies,
    run_id: str,
    as_of: date,
    ingested: Ingested,
    sources: Sequence[Source],
) -> Standing:
    """Compare with the last good nights; an acceptance that was needed is written down."""
    settings, accepted = dependencies.intake_settings, dependencies.collapse_accepted
    kept = dependencies.records.kept(as_of)
    came = _came(ingested)
    good = dependencies.queue.good_nights(as_of, _looked_back_on(settings))
    collapsed = find_collapse(kept, came, as_of, good, settings)
    if collapsed and accepted is not None:
        dependencies.queue.accept_collapse(run_id, accepted, collapsed, dependencies.now())
    absent = _main_absent(ingested, sources, kept)
    return Standing(kept, came, collapsed, accepted, absent, _notes(collapsed, accepted, absent))


def _looked_back_on(settings: IntakeSettings) -> int:
    own = (settings.nights_absent(table) for table in settings.tables)
    away = max((settings.collapse.nights_absent.value, *own))
    return RUNS_A_NIGHT * (away + settings.collapse.nights_regular.value)


def _came(ingested: Ingested) -> tuple[str, ...]:
    theirs = (one for one in ingested.sources if one.status.source not in OUR_OWN)
    return tuple(sorted({table for one in theirs for table in one.came}))


def _main_absent(
    ingested: Ingested, sources: Sequence[Source], kept: KeptRecords
) -> tuple[str, ...]:
    """Main tables of which every source that could give them was absent or refused, and evidence
    when there is none at all."""
    could_give = {s.name: s.tables for s in sources if s.name not in OUR_OWN}
    gone = {
        one.status.source
        for one in ingested.sources
        if one.status.status in (SourceStatus.ABSENT, SourceStatus.REFUSED)
    }
    came = _came(ingested)
    return tuple(
        table
        for group in MAIN_TABLES
        if _is_gone(group, could_give, gone, came)
        or (group is EVIDENCE_TABLES and not any(kept.rows(table) for table in group))
        for table in group
    )


def _is_gone(
    group: Iterable[str],
    could_give: Mapping[str, Sequence[str]],
    gone: Iterable[str],
    came: Iterable[str],
) -> bool:
    wanted = set(group)
    givers = {name for name, tables in could_give.items() if wanted & set(tables)}
    return bool(givers) and givers <= set(gone) and not wanted & set(came)


def _notes(
    collapsed: Sequence[str], accepted: CollapseAccepted | None, absent: Sequence[str]
) -> tuple[str, ...]:
    notes = []
    if collapsed and accepted is not None:
        notes.append(f"accepted by {accepted.by}: {'; '.join(collapsed)}")
    elif accepted is not None:
        notes.append(NOT_NEEDED)
    if absent:
        notes.append(
            f"MAIN SOURCE ABSENT: nothing of {', '.join(absent)} came, so the watcher outside is "
            "told that this night failed"
        )
    return tuple(notes)
