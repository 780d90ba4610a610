"""What a night works with, wired by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from redflags.analysis.ingest_policy import IngestPolicy
from redflags.configuration.intake_settings import IntakeSettings
from redflags.configuration.review_settings import ReviewSet
from redflags.configuration.ruleset import RuleSet
from redflags.domain.kept_records import CollapseAccepted
from redflags.domain.queue_state import Standing
from redflags.services.intake.ingest import Intake
from redflags.services.models.model_choice import ModelKeeper
from redflags.services.monitoring.record_night_figures import NightMonitor
from redflags.services.night.shadow_ruleset import ShadowRun
from redflags.services.ports import AlertQueue, Heartbeat, Records


class Delivery(Protocol):
    """What became of the outbox."""

    @property
    def sent(self) -> int: ...
    @property
    def waiting(self) -> int: ...


@dataclass(frozen=True)
class NightDependencies:
    """Stores, configuration and ways out; `remind` and `deliver` are told the moment.

    `collapse_accepted`: who says that this night rightly sees less than the last one, if anybody.
    """

    records: Records
    queue: AlertQueue
    intake: Callable[[date], Intake]
    ingest_policy: Callable[[date], IngestPolicy]
    ruleset: RuleSet
    review: ReviewSet
    intake_settings: IntakeSettings
    signals_hash: str
    models: ModelKeeper
    alert_id: Callable[[str, date], str]
    remind: Callable[[datetime], int]
    standing: Callable[[datetime], Standing]
    deliver: Callable[[datetime], Delivery]
    monitor: NightMonitor
    shadow: ShadowRun
    heartbeat: Heartbeat
    now: Callable[[], datetime]
    canary_patch: str
    team_address: str
    review_url: str
    collapse_accepted: CollapseAccepted | None = None
