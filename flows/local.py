"""The nightly flow for cron people: the same flow, with a Prefect server that lives for one night.

Nothing of Prefect is imported before its settings stand in the environment.
"""

import logging
import os
import secrets
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from flows.open_nights import OpenNight, StageFailed, begun, opener
from flows.server import NightServer, night_server
from redflags.settings import Settings

if TYPE_CHECKING:
    from redflags.services.night.night_summary import NightSummary

PRIVATE = {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
QUIET = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}

SEND_EVENTS_WITHIN_SECONDS = 10
FORGOTTEN_AFTER = timedelta(days=1)


class NightStopped(SystemExit):
    """The night was told to stop (SIGTERM); recorded as failed, ends with exit code 4."""

    def __init__(self) -> None:
        super().__init__(4)


def run_night(
    settings: Settings, as_of: date, open_night: OpenNight | None = None
) -> "NightSummary":
    """Run the night for `as_of` here and now, on the operator's Prefect server if there is one.

    Raises whatever the failing stage raised, unchanged.
    """
    try:
        return _run(settings, as_of, open_night or opener())
    except StageFailed as failed:
        error = failed.error
    raise error


def _run(settings: Settings, as_of: date, open_night: OpenNight) -> "NightSummary":
    with ExitStack() as stack:
        stack.enter_context(_stopping_on_sigterm())
        stack.enter_context(_environment(PRIVATE))
        server = None
        if not os.environ.get("PREFECT_API_URL"):
            server = stack.enter_context(_own_server(settings.home / "prefect"))
        run_id = stack.enter_context(begun(open_night, settings, as_of))
        import flows.nightly  # noqa: F401 - two seconds in which the server starts

        if server is not None:
            server.wait_until_ready()
        return _run_flow(as_of, run_id, sweep=server is not None)


@contextmanager
def _own_server(home: Path) -> Iterator[NightServer]:
    """A server that nobody else on this machine can talk to, and an environment that uses it."""
    password = f"night:{secrets.token_urlsafe()}"
    ours = {
        "PREFECT_HOME": str(home.absolute()),
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_AUTH_STRING": password,
    }
    with (
        _environment(QUIET | ours),
        night_server(home.absolute(), os.environ) as server,
        _environment({"PREFECT_API_URL": server.api_url}),
    ):
        yield server


def _run_flow(as_of: date, run_id: str, sweep: bool) -> "NightSummary":
    from prefect.context import SettingsContext, get_settings_context
    from prefect.events.worker import EventsWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY
    from prefect.settings import Settings as PrefectSettings

    from flows.nightly import nightly

    # read anew: prefect may have been imported before the environment was as it is now. The thread
    # that sends heartbeats sleeps a second at the end of each flow, and nobody listens here.
    read_now = PrefectSettings().copy_with_update({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})
    logging.getLogger(EventsWorker.__name__).setLevel(logging.ERROR)
    with SettingsContext(profile=get_settings_context().profile, settings=read_now):
        if sweep:
            _crash_forgotten_runs(datetime.now(UTC) - FORGOTTEN_AFTER)
        try:
            return nightly(as_of.isoformat(), run_id)
        finally:
            # task states travel as events; left to the end of the process they would be sent to a
            # server that has gone, for minutes
            EventsWorker.drain_all(timeout=SEND_EVENTS_WITHIN_SECONDS)


def _crash_forgotten_runs(before: datetime) -> None:
    """Runs that were killed stay "Running" for good; those begun long ago were killed."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.objects import State
    from prefect.states import Crashed

    running = FlowRunFilter.model_validate(
        {"state": {"type": {"any_": ["RUNNING"]}}, "start_time": {"before_": before}}
    )
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=running):
            state: State = Crashed(message="Nothing was heard of this run for a day.")
            client.set_flow_run_state(run.id, state, force=True)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _stopping_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that the night records it and closes its stores."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise NightStopped
