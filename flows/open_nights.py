"""The nights that are open in this process, and how they begin, fail and keep their secrets.

Prefect keeps parameters, states, logs and (pickled) exceptions in clear. So tasks are given a run
id and find their night here, and what leaves them is a `StageFailed`, which says no more than is
fit for a log.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import TYPE_CHECKING

from redflags.errors import RedflagsError, UsageError
from redflags.settings import Settings

if TYPE_CHECKING:
    from redflags.services.night.night import Night

OpenNight = Callable[[Settings], "AbstractContextManager[Night]"]

_open: dict[str, "Night"] = {}


class StageFailed(Exception):
    """A stage of the night failed; `error` is what it raised.

    The text holds the words of our own exceptions, which promise to hold no data, and of any other
    exception only its type. Pickled, it takes only our own exceptions along, without their causes.
    """

    def __init__(self, stage: str, error: Exception) -> None:
        self.stage = stage
        self.error = error
        words = f": {error}" if isinstance(error, RedflagsError) else ""
        super().__init__(f"{stage} failed: {type(error).__name__}{words}")

    def __reduce__(self) -> tuple[type["StageFailed"], tuple[str, Exception]]:
        ours = isinstance(self.error, RedflagsError)
        spoken = self.error if ours else RedflagsError(type(self.error).__name__)
        return StageFailed, (self.stage, spoken)


@contextmanager
def spoken_neutrally(stage: str) -> Iterator[None]:
    """Whatever is raised inside leaves as a `StageFailed`."""
    try:
        yield
    except StageFailed:
        raise
    except RedflagsError as error:
        # its words say all; its frames would keep connections open for as long as Prefect keeps it
        error.__context__ = None
        raise StageFailed(stage, error.with_traceback(None)) from None
    except Exception as error:
        raise StageFailed(stage, error) from None


def night_of(run_id: str) -> "Night":
    """The night that this process holds. Raises UsageError for any other run id."""
    if run_id not in _open:
        raise UsageError(
            f"expected the run id of a night that is open in this process, got {run_id!r}; what a "
            "night has read never leaves its process, so its tasks run in threads of it: start "
            "another night with `redflags night`, or the flow without a run id"
        )
    return _open[run_id]


@contextmanager
def begun(open_night: OpenNight, settings: Settings, as_of: date) -> Iterator[str]:
    """Open the night for `as_of`, begin it and give its run id; whatever ends it is recorded."""
    os.umask(0o077)
    with open_night(settings) as night:
        run_id = night.begin(as_of)
        _open[run_id] = night
        try:
            yield run_id
        except BaseException as error:
            _record_failure(night, run_id, as_of, error)
            raise
        finally:
            _open.pop(run_id, None)


def opener() -> OpenNight:
    """The composition root's way of opening a night."""
    from redflags.bootstrap import open_night

    return open_night


def _record_failure(night: "Night", run_id: str, as_of: date, error: BaseException) -> None:
    raised = error.error if isinstance(error, StageFailed) else error
    try:
        night.fail(run_id, as_of, raised)
    except Exception as second:
        raised.add_note(f"nor could the failure be recorded: {type(second).__name__}")
