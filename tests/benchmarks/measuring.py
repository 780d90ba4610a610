"""Runs one thing in a process of its own and tells its seconds and peak memory."""

import json
import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Wall seconds, peak resident memory, and the seconds of parts where there are any."""

    seconds: float
    peak_mib: float
    parts: dict[str, float] = field(default_factory=dict)


def measured(work: Callable[..., Mapping[str, float] | None], *arguments: Any) -> Measured:
    """Run `work` in a fresh process; imports it does before calling `started` do not count."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, work, arguments))
    process.start()
    there.close()
    answer = json.loads(here.recv())
    process.join()
    return Measured(**answer)


def _run(pipe: Any, work: Callable[..., Mapping[str, float] | None], arguments: Any) -> None:
    warm = getattr(work, "warm", None)
    if warm is not None:
        warm()
    started = time.perf_counter()
    parts = dict(work(*arguments) or {})
    seconds = time.perf_counter() - started
    pipe.send(json.dumps({"seconds": seconds, "peak_mib": _peak_mib(), "parts": parts}))


def _peak_mib() -> float:
    """Of this program alone: ru_maxrss would also tell of the parent it was forked from."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("expected VmHWM in /proc/self/status; measure on Linux")
