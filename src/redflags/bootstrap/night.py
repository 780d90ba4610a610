"""A night, wired: what it reads, scores with, writes to and tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.bootstrap.clock import Clock, utc_now
from redflags.bootstrap.outbound import heartbeat_of, notifier_of
from redflags.bootstrap.program import Program
from redflags.configuration.ruleset import RuleSet, ruleset_of_text
from redflags.settings import Settings

if TYPE_CHECKING:
    from redflags.adapters.records import RecordStore
    from redflags.adapters.store import QueueStore
    from redflags.domain.kept_records import CollapseAccepted
    from redflags.domain.shadow_night import ShadowNight
    from redflags.services.models.model_choice import ModelKeeper
    from redflags.services.monitoring.record_night_figures import NightMonitor
    from redflags.services.night.night import Night
    from redflags.services.night.night_dependencies import NightDependencies
    from redflags.services.night.shadow_ruleset import ShadowRun
    from redflags.services.ports import Source


@contextmanager
def open_night(
    settings: Settings, now: Clock = utc_now, accepted: "CollapseAccepted | None" = None
) -> "Iterator[Night]":
    """A night ready to begin, with the record store held for as long as the block lasts.

    `accepted`: who says that it rightly sees far less than the last good night.

    Raises:
        ConfigurationError: every fault of settings and configuration at once.
    """
    from redflags.services.night.night import Night

    program = Program(settings)
    program.check_configuration()
    with program.record_store() as records, program.queue_store() as queue:
        dependencies = _dependencies(program, records, queue, now)
        yield Night(replace(dependencies, collapse_accepted=accepted))


def _dependencies(
    program: Program, records: "RecordStore", queue: "QueueStore", now: Clock
) -> "NightDependencies":
    from redflags.adapters.notify import deliver_due
    from redflags.adapters.records import CANARY_PATCH
    from redflags.casework.reading.queue_standing import queue_standing
    from redflags.services.night.night_dependencies import NightDependencies

    settings = program.settings
    concerns = _logged_concerns(queue)
    return NightDependencies(
        records=records,
        queue=queue,
        intake=lambda as_of: program.intake(records, as_of, concerns),
        ingest_policy=program.ingest_policy,
        ruleset=program.ruleset,
        review=program.reviewset,
        intake_settings=program.intake_settings,
        signals_hash=program.signal_set.hash,
        models=program.models(),
        alert_id=program.alert_id,
        remind=program.reminding(queue),
        standing=partial(queue_standing, queue),
        deliver=lambda moment: deliver_due(queue, notifier_of(settings), moment),
        monitor=_night_monitor(program, records, queue, now),
        shadow=_shadow(program, records, queue),
        heartbeat=heartbeat_of(settings),
        now=now,
        canary_patch=CANARY_PATCH,
        team_address=settings.team_address,
        review_url=settings.review_url,
    )


def _logged_concerns(store: "QueueStore") -> "Source":
    """What colleagues logged in the queue, as a source."""
    from redflags.adapters.sources.logged_concerns import LoggedConcerns
    from redflags.adapters.store.concern_records import concern_records

    def read() -> list[dict[str, str]]:
        with store.reading() as connection:
            return concern_records(connection)

    return LoggedConcerns(read)


def _night_monitor(
    program: Program, records: "RecordStore", store: "QueueStore", now: Clock
) -> "NightMonitor":
    """What keeps the sums of each night and says what is unusual about them."""
    from redflags.adapters.records import CANARY_PATCH
    from redflags.adapters.store.monitoring_store import MonitoringStore
    from redflags.services.monitoring.record_night_figures import NightMonitor

    review, book = program.reviewset, MonitoringStore(store)
    small = review.quality.small_number.value
    return NightMonitor(
        records, book, program.classifier, review.watching, small, CANARY_PATCH, now
    )


def _shadow(program: Program, records: "RecordStore", store: "QueueStore") -> "ShadowRun":
    """What leaves the facts of a night and asks the rule set in the shadow."""
    from redflags.adapters.records import CANARY_PATCH
    from redflags.adapters.store import ruleset_register
    from redflags.services.models.model_choice import ModelKeeper
    from redflags.services.night.shadow_ruleset import ShadowRun

    def find_shadow() -> "tuple[RuleSet, ModelKeeper] | None":
        with store.reading() as connection:
            found = ruleset_register.shadow_content(connection)
        if found is None:
            return None
        shadow = ruleset_of_text(f"ruleset-{found[0]}", found[1], COUNTED_SIGNALS)
        return shadow, ModelKeeper(program.registry, shadow)

    def note(night: "ShadowNight") -> None:
        with store.writing() as connection:
            ruleset_register.record_shadow_night(connection, night)

    return ShadowRun(
        records,
        program.ruleset,
        program.fact_folder.keep,
        find_shadow,
        store.confirmed,
        note,
        CANARY_PATCH,
        program.cached_pseudonym(),
    )
