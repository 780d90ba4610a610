"""How people work the queue (`config/review.toml`): times, samples, links, words of guidance."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator

from redflags.configuration.shipped_defaults import there_or_shipped
from redflags.configuration.thresholds import Amount, Count, Frozen, Share, faults_of, read_toml
from redflags.errors import ConfigurationError

DECIDE = "decide on its times and words"


class Times(Frozen):
    """How long things may take."""

    look_within_first: Count
    look_within_soon: Count
    look_within_routine: Count
    claim_lapses: Count
    manager_sees_evidence: Count
    session_quiet: Count
    invitation: Count
    remind_first: Count
    remind_last: Count
    watch_longest: Count
    keep_traces: Count

    def look_within(self, priority: str) -> timedelta:
        """How soon a person should look at an alert; `priority` is first, soon or routine."""
        threshold: Count = getattr(self, f"look_within_{priority}")
        return timedelta(hours=threshold.value)

    @property
    def claim(self) -> timedelta:
        return timedelta(minutes=self.claim_lapses.value)

    @property
    def evidence_grant(self) -> timedelta:
        return timedelta(minutes=self.manager_sees_evidence.value)

    @property
    def watch(self) -> timedelta:
        return timedelta(days=self.watch_longest.value)

    @property
    def reminders(self) -> tuple[timedelta, timedelta]:
        """How long before contact is due the first reminder goes, and the last."""
        return timedelta(hours=self.remind_first.value), timedelta(hours=self.remind_last.value)

    @property
    def traces(self) -> timedelta:
        """How long sessions, wrong passwords, used links and sent reminders are kept."""
        return timedelta(days=self.keep_traces.value)

    @property
    def session(self) -> timedelta:
        return timedelta(minutes=self.session_quiet.value)

    @property
    def invitation_holds(self) -> timedelta:
        return timedelta(hours=self.invitation.value)


class Work(Frozen):
    """How much one person holds."""

    claims_at_once: Count


class Quality(Frozen):
    """Samples, and when a number is too small to say or to show."""

    closed_sample_percent: Count
    enough_checks: Count
    small_number: Count


class MonitoringSettings(Frozen):
    """What is usual of a night, and when something is said about one that is not."""

    baseline_nights: Count
    limit_sds: Amount
    moved_score: Amount
    times_usual: Amount
    odd_silence: Share
    recent_days: Count


class Fairness(Frozen):
    """When a group is visited in vain more often than another."""

    times_as_often: Amount


class Logins(Frozen):
    """How many wrong passwords are too many."""

    failures_per_account: Count
    failures_per_address: Count
    failure_window: Count
    browser_known: Count

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.failure_window.value)

    @property
    def browser_holds(self) -> timedelta:
        return timedelta(days=self.browser_known.value)


class Links(Frozen):
    """Where the queue leads to outside itself."""

    housing_system: str
    quick_exit: str

    @field_validator("housing_system", "quick_exit")
    @classmethod
    def _is_a_web_address(cls, address: str) -> str:
        if address and (urlsplit(address).scheme not in {"http", "https"}):
            raise ValueError("expected a web address (https://…) or a blank")
        return address


class Innocent(Frozen):
    """What could explain a sign innocently, and how to check that."""

    could_be: str = Field(min_length=1)
    check: str = Field(min_length=1)


class ReviewSet(Frozen):
    """Everything a landlord decides about the work on the queue."""

    version: str
    times: Times
    work: Work
    quality: Quality
    watching: MonitoringSettings
    fairness: Fairness
    logins: Logins
    links: Links
    innocent: Mapping[str, Innocent]


def load_reviewset(path: Path) -> ReviewSet:
    """Read how the queue is worked; the defaults of this version, with a warning, where there is
    a folder of configuration without this file, as landlords have who began before there was one.

    Raises ConfigurationError with every fault of the file, or when the folder is not there either.
    """
    chosen = there_or_shipped(path, DECIDE)
    content = read_toml(chosen)
    try:
        return ReviewSet.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(faults_of(chosen, error)) from None
