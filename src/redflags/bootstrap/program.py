"""Everything that depends on settings alone, made when first asked for."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from redflags.bootstrap.configuration import Configuration
from redflags.bootstrap.outbound import notifier_of
from redflags.domain.clock import london

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from redflags.adapters.kept_nights import FactFolder
    from redflags.adapters.models import ModelRegistry
    from redflags.adapters.records import RecordStore
    from redflags.adapters.store import QueueStore
    from redflags.analysis.ingest_policy import IngestPolicy
    from redflags.casework.accounts import AccountKeys
    from redflags.casework.unit_of_work import UnitsOfWork
    from redflags.domain.quarter import Quarter
    from redflags.services.intake.ingest import Intake
    from redflags.services.models.model_choice import ModelKeeper
    from redflags.services.night.housekeeping import Chore, Tidied
    from redflags.services.ports import Source
    from redflags.services.reports.fairness_report import FairnessReport
    from redflags.services.thresholds.threshold_preview import ThresholdPreview


@dataclass(frozen=True)
class Program(Configuration):
    """The configuration, and the stores, keys and models that belong to it."""

    @cached_property
    def secret(self) -> bytes:
        from redflags.adapters.secrets import secret_key

        return secret_key(self.settings)

    @cached_property
    def account_keys(self) -> "AccountKeys":
        from redflags.casework.accounts import AccountKeys

        return AccountKeys(self.secret)

    def cached_pseudonym(self) -> Callable[[str], str]:
        """Pseudonyms, each made once: a replay asks for the same ones every night."""
        from redflags.adapters.secrets import Pseudonymiser

        return cache(Pseudonymiser(self.secret).pseudonym)

    def alert_id(self, tenancy_ref: str, as_of: date) -> str:
        """Opaque, the same for the same household and day, not to be guessed without the key."""
        from redflags.adapters.secrets import derive

        key = derive(self.secret, "alert-id")
        digest = hmac.new(key, f"{tenancy_ref}\0{as_of}".encode(), hashlib.sha256).digest()
        return "A-" + base64.b32encode(digest[:10]).decode()

    def new_alert_id(self) -> str:
        """For an alert that a person raises: random, so that nothing can be told from it."""
        return "A-" + base64.b32encode(secrets.token_bytes(10)).decode()

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
    def queue_store(self) -> "Iterator[QueueStore]":
        from redflags.adapters.store import open_store

        store = open_store(self.settings.sqlalchemy_url)
        try:
            yield store
        finally:
            store.close()

    def ingest_policy(self, as_of: date) -> "IngestPolicy":
        """What each record passes on its way in."""
        from redflags.adapters.secrets import TextSealer
        from redflags.analysis.ingest_policy import ingest_policy

        sealer = TextSealer(self.secret)
        return ingest_policy(self.classifier.classify, sealer, as_of, self.ruleset.retention)

    def intake(self, records: "RecordStore", as_of: date, *more: "Source") -> "Intake":
        """All sources, `more` and the canary, in the order in which they are written."""
        from redflags.adapters.records import CANARY_PATCH
        from redflags.adapters.secrets import Pseudonymiser
        from redflags.adapters.sources import going_on
        from redflags.adapters.sources.canary_household import CanarySource
        from redflags.services.intake.ingest import Intake

        canary = CanarySource(as_of, CANARY_PATCH)
        last = records.last_pulls([source.name for source in self.sources])
        sources = (*going_on(self.sources, last), *more, canary)
        pseudonym = Pseudonymiser(self.secret).pseudonym
        return Intake(records, sources, pseudonym, self.configured_sources, self.intake_settings)

    def models(self) -> "ModelKeeper":
        from redflags.services.models.model_choice import ModelKeeper

        return ModelKeeper(self.registry, self.ruleset)

    @cached_property
    def registry(self) -> "ModelRegistry":
        from redflags.adapters.models import ModelRegistry

        return ModelRegistry(self.settings.home, self.settings.mlflow_uri or None)

    @cached_property
    def fact_folder(self) -> "FactFolder":
        """Where nights are kept for trying other thresholds on."""
        from redflags.adapters.kept_nights import FactFolder

        return FactFolder(self.settings.home / "whatif")

    @cached_property
    def threshold_preview(self) -> "ThresholdPreview":
        """Where other thresholds are tried on the nights kept."""
        from redflags.services.thresholds.threshold_preview import ThresholdPreview

        return ThresholdPreview(self.fact_folder, self.ruleset)

    def units_of_work(self, store: "QueueStore") -> "UnitsOfWork":
        """Where people sit down to work on `store`."""
        from redflags.adapters.secrets import TextSealer
        from redflags.casework.unit_of_work import UnitsOfWork

        notes = TextSealer(self.secret, "case notes")
        return UnitsOfWork(store, notes, self.reviewset, TextSealer(self.secret))

    def reminding(self, store: "QueueStore") -> "Chore":
        """What writes the reminders that are due."""
        from redflags.casework.acts.write_reminders import write_reminders
        from redflags.services.night.reminder_message import reminder

        def write(now: datetime) -> int:
            compose = partial(reminder, day=london(now).date(), review_url=self.settings.review_url)
            return write_reminders(store, now, self.reviewset.times, compose)

        return write

    def tidy(self, store: "QueueStore", now: datetime) -> "Tidied":
        """Do what has to happen each minute: see `services.housekeeping`."""
        from redflags.adapters.notify import deliver_due
        from redflags.casework.acts.lapse_claims import lapse_claims
        from redflags.casework.acts.quality_sample import draw_closed_sample
        from redflags.services.night.housekeeping import tidy

        def lapse(moment: datetime) -> int:
            with store.writing() as connection:
                return lapse_claims(connection, moment)

        def draw(moment: datetime) -> int:
            with store.writing() as connection:
                return draw_closed_sample(connection, moment, self.reviewset)

        chores = {
            "claims lapsed": lapse,
            "closed alerts drawn": draw,
            "reminders written": self.reminding(store),
            "messages sent": lambda moment: (
                deliver_due(store, notifier_of(self.settings), moment).sent
            ),
        }
        return tidy(chores, now)

    def make_fairness_report(
        self, connection: "Connection", quarter: "Quarter", now: datetime
    ) -> "FairnessReport":
        """Fairness between groups in the year to `quarter`, with what the landlord handed in.

        Raises ConfigurationError with every fault of the file that was handed in.
        """
        from redflags.adapters.store.fairness_counts import group_counts
        from redflags.services.reports.fairness_report import make_fairness_report, year_to
        from redflags.services.reports.group_shares import NAME, read_shares

        path = self.settings.config / NAME
        shares = read_shares(path.read_text(encoding="utf-8")) if path.exists() else {}
        groups = group_counts(connection, *year_to(quarter))
        return make_fairness_report(groups, shares, quarter, now, self.reviewset)
