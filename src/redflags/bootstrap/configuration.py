"""What the landlord decides, read from the configuration folder when first asked for."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.analysis.schemas import COUNTED_SIGNALS, TABLES
from redflags.bootstrap.settings_faults import notification_faults
from redflags.configuration.intake_settings import IntakeSettings, load_intake_settings
from redflags.configuration.review_settings import ReviewSet, load_reviewset
from redflags.configuration.ruleset import (
    RuleSet,
    load_ruleset,
    load_usable_ruleset,
    ruleset_of_text,
)
from redflags.configuration.signals import SignalSet, load_signalset
from redflags.domain.configured_source import ConfiguredSource
from redflags.errors import ConfigurationError
from redflags.settings import Settings

if TYPE_CHECKING:
    from redflags.adapters.sources import LandlordSource
    from redflags.analysis.reading.classification import Classifier


@dataclass(frozen=True)
class Configuration:
    """Rule set, review set, signals and sources of the installation that `settings` describe."""

    settings: Settings

    @cached_property
    def ruleset(self) -> RuleSet:
        return load_ruleset(self.ruleset_path, COUNTED_SIGNALS)

    @property
    def ruleset_path(self) -> Path:
        """The file of the live rule set."""
        return self.settings.config / "ruleset.toml"

    @cached_property
    def reviewset(self) -> ReviewSet:
        return load_reviewset(self.settings.config / "review.toml")

    @cached_property
    def intake_settings(self) -> IntakeSettings:
        return load_intake_settings(self.settings.config / "intake.toml", TABLES)

    @cached_property
    def signal_set(self) -> SignalSet:
        from redflags.analysis.reading.classification import VOCABULARY

        return load_signalset(self.settings.config / "signals.toml", VOCABULARY)

    @cached_property
    def classifier(self) -> "Classifier":
        from redflags.analysis.reading.classification import Classifier

        return Classifier(self.signal_set)

    @cached_property
    def sources(self) -> "tuple[LandlordSource, ...]":
        from redflags.adapters.sources import load_sources

        return load_sources(self.settings.config / "sources", self.settings.extracts, os.environ)

    @cached_property
    def configured_sources(self) -> dict[str, ConfiguredSource]:
        """What each mapping file says of its rows as a whole, by name of the source."""
        from redflags.adapters.sources import row_identities, same_jobs

        folder = self.settings.config / "sources"
        shared = same_jobs(folder)
        return {
            name: ConfiguredSource(name, tables, shared[name])
            for name, tables in row_identities(folder).items()
        }

    def check_configuration(self) -> None:
        """Load everything there is to load.

        Raises ConfigurationError with every fault at once, and what single sources lack.
        """
        faults: list[str] = []
        for part in ("ruleset", "reviewset", "intake_settings", "classifier", "sources"):
            try:
                getattr(self, part)
            except ConfigurationError as error:
                faults += error.faults
        faults += notification_faults(self.settings)
        if faults:
            raise ConfigurationError([*faults, *self._source_refusals(faults)])

    def _source_refusals(self, told: Sequence[str]) -> list[str]:
        """What alone would refuse one source; nothing where the sources could not be loaded."""
        from redflags.adapters.sources import refusals

        is_loaded = "sources" in self.__dict__
        return [fault for fault in refusals(self.sources) if fault not in told] if is_loaded else []

    def rulesets(self, paths: Sequence[Path]) -> tuple[list[tuple[str, RuleSet]], tuple[str, ...]]:
        """Rule sets to compare, by file name (the live one when none is named), and what of them
        was set aside. Raises ConfigurationError when one of them cannot be read at all."""
        named: list[tuple[str, RuleSet]] = []
        set_aside: list[str] = []
        for path in paths or [self.ruleset_path]:
            ruleset, faults = load_usable_ruleset(path, COUNTED_SIGNALS)
            named.append((path.name if len(paths) < 2 else str(path), ruleset))
            set_aside += faults
        return named, tuple(set_aside)

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
