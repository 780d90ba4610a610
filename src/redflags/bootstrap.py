"""The composition root: settings in, wired program out. The only module that knows every part."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from redflags.analysis.schemas import COUNTED_SIGNALS
from redflags.domain.clock import london
from redflags.errors import ConfigurationError
from redflags.reviewset import ReviewSet, load_reviewset
from redflags.ruleset import RuleSet, load_ruleset, load_usable_ruleset, ruleset_of_text
from redflags.settings import Settings
from redflags.signalset import SignalSet, load_signalset

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from redflags.adapters.models import ModelRegistry
    from redflags.adapters.notify import Notifier
    from redflags.adapters.records import Door, RecordStore
    from redflags.adapters.sources import Source
    from redflags.adapters.store import QueueStore
    from redflags.adapters.store.desk import Desks
    from redflags.adapters.store.people import AccountKeys
    from redflags.adapters.whatif import FactFolder
    from redflags.analysis.signals import Classifier
    from redflags.domain.quarter import Quarter
    from redflags.domain.shadow import ShadowNight
    from redflags.services.fairness import FairReport
    from redflags.services.housekeeping import Chore, Tidied
    from redflags.services.ingest import Intake
    from redflags.services.models import ModelKeeper
    from redflags.services.nightly import Night
    from redflags.services.shadow import Beside
    from redflags.services.trying import TryRoom
    from redflags.services.watch_night import Watch


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

    @cached_property
    def account_keys(self) -> "AccountKeys":
        from redflags.adapters.store.people import AccountKeys

        return AccountKeys(self.secret)

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

    def intake(self, records: "RecordStore", as_of: date, *more: "Source") -> "Intake":
        """All sources, `more` and the canary, in the order in which they are written."""
        from redflags.adapters.records import CANARY_PATCH
        from redflags.adapters.secrets import Pseudonymiser
        from redflags.adapters.sources.canary import CanarySource
        from redflags.services.ingest import Intake

        canary = CanarySource(as_of, CANARY_PATCH)
        return Intake(records, (*self.sources, *more, canary), Pseudonymiser(self.secret))

    def logged_concerns(self, store: "QueueStore") -> "Source":
        """What colleagues logged in the queue, as a source."""
        from redflags.adapters.sources.logged_concerns import LoggedConcerns
        from redflags.adapters.store.casework.concern_records import concern_records

        def read() -> list[dict[str, str]]:
            with store.reading() as connection:
                return concern_records(connection)

        return LoggedConcerns(read)

    def watch(self, records: "RecordStore", store: "QueueStore") -> "Watch":
        """What keeps the sums of each night and says what is unusual about them."""
        from redflags.adapters.records import CANARY_PATCH
        from redflags.adapters.store.watching import WatchBook
        from redflags.services.watch_night import Watch

        settings, small = self.reviewset.watching, self.reviewset.quality.small_number.value
        book = WatchBook(store)
        return Watch(records, book, self.classifier, settings, small, CANARY_PATCH, utc_now)

    def fair_report(
        self, connection: "Connection", quarter: "Quarter", now: datetime
    ) -> "FairReport":
        """Fairness between groups in the year to `quarter`, with what the landlord handed in.

        Raises ConfigurationError with every fault of the file that was handed in.
        """
        from redflags.adapters.store.fair_counts import group_counts
        from redflags.services.fairness import fair_report, year_to
        from redflags.services.handed_in import NAME, read_shares

        path = self.settings.config / NAME
        shares = read_shares(path.read_text(encoding="utf-8")) if path.exists() else {}
        groups = group_counts(connection, *year_to(quarter))
        return fair_report(groups, shares, quarter, now, self.reviewset)

    def models(self) -> "ModelKeeper":
        from redflags.services.models import ModelKeeper

        return ModelKeeper(self.registry, self.ruleset)

    @cached_property
    def registry(self) -> "ModelRegistry":
        from redflags.adapters.models import ModelRegistry

        return ModelRegistry(self.settings.home)

    def rulesets(self, paths: Sequence[Path]) -> tuple[list[tuple[str, RuleSet]], tuple[str, ...]]:
        """Rule sets to compare, by file name (the live one when none is named), and what of them
        was set aside. Raises ConfigurationError when one of them cannot be read at all."""
        named: list[tuple[str, RuleSet]] = []
        set_aside: list[str] = []
        for path in paths or [self.settings.config / "ruleset.toml"]:
            ruleset, faults = load_usable_ruleset(path, COUNTED_SIGNALS)
            named.append((path.name if len(paths) < 2 else str(path), ruleset))
            set_aside += faults
        return named, tuple(set_aside)

    @cached_property
    def fact_folder(self) -> "FactFolder":
        """Where nights are kept for trying other thresholds on."""
        from redflags.adapters.whatif import FactFolder

        return FactFolder(self.settings.home / "whatif")

    @cached_property
    def try_room(self) -> "TryRoom":
        """Where other thresholds are tried on the nights kept."""
        from redflags.services.trying import TryRoom

        return TryRoom(self.fact_folder, self.ruleset)

    @property
    def ruleset_path(self) -> Path:
        """The file of the live rule set."""
        return self.settings.config / "ruleset.toml"

    def beside(self, records: "RecordStore", store: "QueueStore") -> "Beside":
        """What a night does besides its own work."""
        from redflags.adapters.records import CANARY_PATCH
        from redflags.adapters.store import rulesets
        from redflags.services.models import ModelKeeper
        from redflags.services.shadow import Beside

        def find_shadow() -> "tuple[RuleSet, ModelKeeper] | None":
            with store.reading() as connection:
                found = rulesets.shadow_content(connection)
            if found is None:
                return None
            shadow = ruleset_of_text(f"ruleset-{found[0]}", found[1], COUNTED_SIGNALS)
            return shadow, ModelKeeper(self.registry, shadow)

        def note(night: "ShadowNight") -> None:
            with store.writing() as connection:
                rulesets.record_shadow_night(connection, night)

        return Beside(
            records,
            self.ruleset,
            self.fact_folder.keep,
            find_shadow,
            store.confirmed,
            note,
            CANARY_PATCH,
            self.cached_pseudonym(),
        )

    def install_ruleset(self, ruleset_hash: str, content: str) -> None:
        """Put `content` in the place of the live rule set, whole; the old file stays beside it.

        Raises:
            ConfigurationError: it is not what it says, or not usable any more; nothing changes.
        """
        found = ruleset_of_text(f"ruleset-{ruleset_hash}", content, COUNTED_SIGNALS).hash
        if found != ruleset_hash:
            raise ConfigurationError([f"expected the rule set {ruleset_hash}, got {found}"])
        live = self.ruleset_path
        live.with_name(f"ruleset-{self.ruleset.hash}.toml").write_bytes(live.read_bytes())
        unfinished = live.with_name(f".{live.name}.unfinished")
        unfinished.write_text(content, encoding="utf-8")
        unfinished.replace(live)

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

    def desks(self, store: "QueueStore") -> "Desks":
        """Where people sit down to work on `store`."""
        from redflags.adapters.secrets import TextSealer
        from redflags.adapters.store.desk import Desks

        notes = TextSealer(self.secret, "case notes")
        return Desks(store, notes, self.reviewset, TextSealer(self.secret))

    def reminding(self, store: "QueueStore") -> "Chore":
        """What writes the reminders that are due."""
        from redflags.adapters.store.casework.reminders import write_reminders
        from redflags.services.reminders import reminder

        def write(now: datetime) -> int:
            compose = partial(reminder, day=london(now).date(), review_url=self.settings.review_url)
            return write_reminders(store, now, self.reviewset.times, compose)

        return write

    def tidy(self, store: "QueueStore", now: datetime) -> "Tidied":
        """Do what has to happen each minute: see `services.housekeeping`."""
        from redflags.adapters.notify import deliver_due
        from redflags.adapters.store.casework.claims import lapse_claims
        from redflags.adapters.store.casework.quality import draw_closed_sample
        from redflags.services.housekeeping import tidy

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
            "messages sent": lambda moment: deliver_due(store, self.notifier(), moment).sent,
        }
        return tidy(chores, now)

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
    from redflags.services.night_parts import NightParts
    from redflags.services.nightly import Night

    program = Program(settings)
    program.check_configuration()
    with program.record_store() as records, program.queue_store() as queue:
        concerns = program.logged_concerns(queue)
        yield Night(
            NightParts(
                records=records,
                queue=queue,
                intake=lambda as_of: program.intake(records, as_of, concerns),
                door=program.door,
                ruleset=program.ruleset,
                review=program.reviewset,
                signals_hash=program.signal_set.hash,
                models=program.models(),
                alert_id=program.alert_id,
                remind=program.reminding(queue),
                deliver=lambda now: deliver_due(queue, program.notifier(), now),
                watch=program.watch(records, queue),
                beside=program.beside(records, queue),
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


def login_faults(settings: Settings) -> list[str]:
    """What is missing or unsafe about logging in at the landlord's own provider, if one is set."""
    if not settings.oidc_issuer:
        return []
    faults = [
        f"{name}: not set, and REDFLAGS_OIDC_ISSUER needs it"
        for name, value in {
            "REDFLAGS_OIDC_CLIENT_ID": settings.oidc_client_id,
            "REDFLAGS_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
        }.items()
        if not value
    ]
    issuer = urlsplit(settings.oidc_issuer)
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        faults.append("REDFLAGS_OIDC_ISSUER: expected https://…, as the provider names itself")
    return faults


def utc_now() -> datetime:
    return datetime.now(UTC)


def _secret(value: object) -> str:
    reveal: Callable[[], str] | None = getattr(value, "get_secret_value", None)
    return reveal() if reveal is not None else ""


def _optional_secret(value: object) -> str | None:
    return _secret(value) or None
