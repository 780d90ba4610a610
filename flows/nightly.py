"""The night as a Prefect flow: one mapped task per source, then store, score, queue and notify.

Running it twice is running it once, because every stage of `Night` is. Parameters are dates, run
ids and names of sources; results are not kept.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from prefect import flow, runtime, task, unmapped
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff

from flows.open_nights import StageFailed, begun, night_of, opener, spoken_neutrally
from redflags.domain.clock import london
from redflags.errors import SourceError
from redflags.settings import read_settings

if TYPE_CHECKING:
    from redflags.services.night.night_summary import NightSummary

SOURCES_AT_ONCE = 4
RETRIES = 3
FIRST_RETRY_SECONDS = 30
"""Then 60 and 120: a server that restarts is back, and a night is not held up for long."""


def is_transient(_task: Task[..., object], _run: TaskRun, state: State) -> bool:
    """True when trying again may help: the source says so itself."""
    error = getattr(state.data, "error", None)
    return isinstance(error, SourceError) and error.transient


@task(
    name="take",
    task_run_name="take-{source_name}",
    retries=RETRIES,
    retry_delay_seconds=exponential_backoff(FIRST_RETRY_SECONDS),
    retry_jitter_factor=0.5,
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def take_source(run_id: str, as_of: date, source_name: str) -> None:
    with spoken_neutrally(f"take {source_name}"):
        night_of(run_id).take(run_id, as_of, source_name)


@task(name="store", cache_policy=NO_CACHE, persist_result=False)
def store(run_id: str, as_of: date) -> None:
    with spoken_neutrally("store"):
        night_of(run_id).store(run_id, as_of)


@task(name="score", cache_policy=NO_CACHE, persist_result=False)
def score(run_id: str, as_of: date) -> None:
    with spoken_neutrally("score"):
        night_of(run_id).score(run_id, as_of)


@task(name="queue", cache_policy=NO_CACHE, persist_result=False)
def queue(run_id: str, as_of: date) -> None:
    with spoken_neutrally("queue"):
        night_of(run_id).queue(run_id, as_of)


@task(name="notify", cache_policy=NO_CACHE, persist_result=False)
def notify(run_id: str, as_of: date) -> None:
    with spoken_neutrally("notify"):
        night_of(run_id).notify(run_id, as_of)


@flow(
    name="nightly",
    task_runner=ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE),  # type: ignore[arg-type]
    persist_result=False,
)
def nightly(as_of: str | None = None, run_id: str | None = None) -> "NightSummary":
    """Run the night for `as_of` (ISO date; the scheduled day in London when not given).

    `run_id` names a night that this process has already begun; any other is refused. Raises
    StageFailed.
    """
    with spoken_neutrally("night"):
        day = date.fromisoformat(as_of) if as_of else _scheduled_day()
        if run_id is not None:
            return _stages(run_id, day)
        with begun(opener(), read_settings(), day) as begun_id:
            return _stages(begun_id, day)


def _stages(run_id: str, as_of: date) -> "NightSummary":
    night = night_of(run_id)
    _take_all(run_id, as_of, night.source_names())
    store(run_id, as_of)
    score(run_id, as_of)
    queue(run_id, as_of)
    notify(run_id, as_of)
    return night.finish(run_id, as_of)


def _take_all(run_id: str, as_of: date, source_names: Sequence[str]) -> None:
    taken = take_source.map(unmapped(run_id), unmapped(as_of), list(source_names))
    failures = [_failure(future.result(raise_on_failure=False)) for future in taken]
    for source_name, failed in zip(source_names, failures, strict=True):
        if failed is None:
            continue
        if not isinstance(failed.error, SourceError):
            raise failed
        night_of(run_id).source_failed(run_id, as_of, source_name, failed.error)


def _failure(result: object) -> StageFailed | None:
    if isinstance(result, Exception):
        return result if isinstance(result, StageFailed) else StageFailed("take", result)
    return None


def _scheduled_day() -> date:
    return london(runtime.flow_run.scheduled_start_time or datetime.now(UTC)).date()
