"""A night made by hand: it keeps what was asked of it and fails where it is told to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock

from flows.open_nights import OpenNight

from redflags.errors import SourceAbsent, SourceError
from redflags.settings import Settings

AS_OF = date(2026, 11, 20)


@dataclass(frozen=True)
class PrefectServer:
    """A running server and the folder it writes to."""

    home: Path
    api_url: str


@dataclass(frozen=True)
class Summary:
    """What a fake night says at its end."""

    as_of: date
    outcome: str


@dataclass
class FakeNight:
    """`fails` maps a stage (or ``take NAME``) to the errors of its first calls, one each."""

    sources: tuple[str, ...] = ("repairs", "asb")
    fails: Mapping[str, list[BaseException]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    failed_sources: list[str] = field(default_factory=list)
    failure: BaseException | None = None
    closed: bool = False
    _lock: Lock = field(default_factory=Lock)

    def begin(self, as_of: date) -> str:
        self._call("begin")
        return f"run-{as_of}-{id(self)}"

    def source_names(self) -> tuple[str, ...]:
        return self.sources

    def take(self, run_id: str, as_of: date, source_name: str) -> None:
        self._call(f"take {source_name}")

    def source_failed(self, run_id: str, as_of: date, source_name: str, error: SourceError) -> None:
        self.failed_sources.append(source_name)

    def store(self, run_id: str, as_of: date) -> None:
        self._call("store")

    def score(self, run_id: str, as_of: date) -> None:
        self._call("score")

    def queue(self, run_id: str, as_of: date) -> None:
        self._call("queue")

    def notify(self, run_id: str, as_of: date) -> None:
        self._call("notify")

    def finish(self, run_id: str, as_of: date) -> Summary:
        self._call("finish")
        return Summary(as_of, "partial" if self.failed_sources else "done")

    def fail(self, run_id: str, as_of: date, error: BaseException) -> None:
        self._call("fail")
        self.failure = error

    def _call(self, stage: str) -> None:
        with self._lock:
            self.calls.append(stage)
            errors = self.fails.get(stage)
            error = errors.pop(0) if errors else None
        if error is not None:
            raise error


def opening(night: FakeNight) -> OpenNight:
    """A way of opening `night`, as the composition root would have it."""

    @contextmanager
    def open_night(_settings: Settings) -> Iterator[FakeNight]:
        try:
            yield night
        finally:
            night.closed = True

    return open_night  # type: ignore[return-value]


def absent(transient: bool) -> SourceAbsent:
    """A source that is not there; `transient` when it may be back in a moment."""
    error = SourceAbsent("expected a server, got nothing; look at the network")
    error.transient = transient  # type: ignore[attr-defined]
    return error
