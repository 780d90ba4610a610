"""The composition root: settings in, wired program out. The only module that knows every part."""

import base64
import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.errors import ConfigurationError
from redflags.reviewset import ReviewSet, load_reviewset
from redflags.ruleset import RuleSet, load_ruleset
from redflags.settings import Settings
from redflags.signalset import SignalSet, load_signalset

if TYPE_CHECKING:
    from redflags.adapters.models import ModelRegistry
    from redflags.adapters.notify import Notifier
    from redflags.adapters.records import Door, RecordStore
    from redflags.adapters.sources import Source
    from redflags.adapters.store import QueueStore
    from redflags.analysis.signals import Classifier
    from redflags.services.ingest import Intake
    from redflags.services.models import ModelKeeper
    from redflags.services.nightly import Night


@dataclass(frozen=True)
class Program:
    """Everything that depends on settings alone, made when first asked for."""

    settings: Settings

    @cached_property
    def ruleset(self) -> RuleSet:
        return load_ruleset(self.settings.config / "ruleset.toml", COUNTED_SIGNALS)

    @cached_property
    def reviewset(self) -> ReviewSet:
        return load_reviewset(self.settings.config / "review.toml")

    @cached_property
    def signal_set(self) -> SignalSet:
        from redflags.analysis.signals import VOCABULARY

        return load_signalset(self.settings.config / "signals.toml", VOCABULARY)

    @cached_property
    def classifier(self) -> "Classifier":
        from redflags.analysis.signals import Classifier

        return Classifier(self.signal_set)

    @cached_property
    def sources(self) -> "tuple[Source, ...]":
        from redflags.adapters.sources import load_sources

        return load_sources(self.settings.config / "sources", self.settings.extracts, os.environ)

    @cached_property
    def secret(self) -> bytes:
        from redflags.adapters.secrets import secret_key

        return secret_key(self.settings)

    def check_configuration(self) -> None:
        """Load everything there is to load. Raises ConfigurationError with every fault at once."""
        faults: list[str] = []
        for part in ("ruleset", "reviewset", "classifier", "sources"):
            try:
                getattr(self, part)
            except ConfigurationError as error:
                faults += error.faults
        faults += notification_faults(self.settings)
        if faults:
            raise ConfigurationError(faults)

    def door(self, as_of: date) -> "Door":
        """What each record passes on its way in."""
        from redflags.adapters.records import door
        from redflags.adapters.secrets import TextSealer

        sealer = TextSealer(self.secret)
        return door(self.classifier.classify, sealer, as_of, self.ruleset.retention)

    def intake(self, records: "RecordStore", as_of: date) -> "Intake":
        """All sources and the canary, in the order in which they are written."""
        from redflags.adapters.records import CANARY_PATCH
        from redflags.adapters.secrets import Pseudonymiser
        from redflags.adapters.sources.canary import CanarySource
        from redflags.services.ingest import Intake

        canary = CanarySource(as_of, CANARY_PATCH)
        return Intake(records, (*self.sources, canary), Pseudonymiser(self.secret))

    def models(self) -> "ModelKeeper":
        from redflags.services.models import ModelKeeper

        return ModelKeeper(self.registry, self.ruleset)

    @cached_property
    def registry(self) -> "ModelRegistry":
        from redflags.adapters.models import ModelRegistry

        return ModelRegistry(self.settings.home)

    def alert_id(self, tenancy_ref: str, as_of: date) -> str:
        """Opaque, the same for the same household and day, not to be guessed without the key."""
        from redflags.adapters.secrets import derive

        key = derive(self.secret, "alert-id")
        digest = hmac.new(key, f"{tenancy_ref}\0{as_of}".encode(), hashlib.sha256).digest()
        return "A-" + base64.b32encode(digest[:10]).decode()

    def notifier(self) -> "Notifier":
        """The way out that the settings name."""
        from redflags.adapters import notify

        settings = self.settings
        match settings.notify_by:
            case "smtp":
                return notify.SmtpNotifier(
                    settings.smtp_host,
                    settings.smtp_port,
                    settings.smtp_user,
                    _secret(settings.smtp_password),
                    settings.smtp_security,
                    settings.sender_address,
                )
            case "govuk":
                return notify.GovukNotifyNotifier(
                    _secret(settings.govuk_notify_key),
                    settings.govuk_notify_template,
                    settings.govuk_notify_url,
                )
            case _:
                return notify.OutboxFolderNotifier(settings.outbox_path)

    @contextmanager
    def queue_store(self) -> "Iterator[QueueStore]":
        from redflags.adapters.store import open_store

        store = open_store(self.settings.sqlalchemy_url)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def record_store(self) -> "Iterator[RecordStore]":
        from redflags.adapters.records import open_record_store

        with open_record_store(self.settings.record_store_path) as records:
            yield records

    @contextmanager
    def passing_record_store(self) -> "Iterator[RecordStore]":
        """A record store in memory, for looking at sources without keeping anything."""
        from redflags.adapters.records import passing_record_store

        with passing_record_store() as records:
            yield records


@contextmanager
def open_night(settings: Settings) -> "Iterator[Night]":
    """A night ready to begin, with the record store held for as long as the block lasts.

    Raises:
        ConfigurationError: every fault of settings and configuration at once.
    """
    from redflags.adapters.heartbeat import Heartbeat
    from redflags.adapters.notify import deliver_due
    from redflags.adapters.records import CANARY_PATCH
    from redflags.services.nightly import Night, NightParts

    program = Program(settings)
    program.check_configuration()
    with program.record_store() as records, program.queue_store() as queue:
        yield Night(
            NightParts(
                records=records,
                queue=queue,
                intake=lambda as_of: program.intake(records, as_of),
                door=program.door,
                ruleset=program.ruleset,
                signals_hash=program.signal_set.hash,
                models=program.models(),
                alert_id=program.alert_id,
                deliver=lambda now: deliver_due(queue, program.notifier(), now),
                heartbeat=Heartbeat(_optional_secret(settings.heartbeat_url)),
                now=utc_now,
                canary_patch=CANARY_PATCH,
                team_address=settings.team_address,
                review_url=settings.review_url,
            )
        )


def notification_faults(settings: Settings) -> list[str]:
    """What the chosen way out lacks."""
    needs: dict[str, dict[str, object]] = {
        "outbox": {},
        "smtp": {
            "REDFLAGS_TEAM_ADDRESS": settings.team_address,
            "REDFLAGS_SENDER_ADDRESS": settings.sender_address,
        },
        "govuk": {
            "REDFLAGS_TEAM_ADDRESS": settings.team_address,
            "REDFLAGS_GOVUK_NOTIFY_KEY": settings.govuk_notify_key,
            "REDFLAGS_GOVUK_NOTIFY_TEMPLATE": settings.govuk_notify_template,
        },
    }
    return [
        f"{name}: not set, and REDFLAGS_NOTIFY_BY={settings.notify_by} needs it"
        for name, value in needs[settings.notify_by].items()
        if not value
    ]


def utc_now() -> datetime:
    return datetime.now(UTC)


def _secret(value: object) -> str:
    reveal: Callable[[], str] | None = getattr(value, "get_secret_value", None)
    return reveal() if reveal is not None else ""


def _optional_secret(value: object) -> str | None:
    return _secret(value) or None
