"""Processes forked from a server that has imported for them what nights and commands import.

A process that imports MLflow and PyOD takes seconds to start. Otherwise these are as any: own
memory, own end, killed with SIGKILL.
"""

import gc
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

WITHIN_SECONDS = 120
FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(
    [
        "cryptography.hazmat.primitives.ciphers.aead",
        "mlflow.sklearn",
        "mlflow.store.model_registry.sqlalchemy_store",
        "mlflow.store.tracking.sqlalchemy_store",
        "pyarrow.pandas_compat",
        "pyarrow.parquet",
        "pyod.models.iforest",
        "redflags.adapters.heartbeat",
        "redflags.adapters.models.model_registry",
        "redflags.adapters.notify",
        "redflags.adapters.records",
        "redflags.adapters.secrets",
        "redflags.adapters.sources",
        "redflags.adapters.store",
        "redflags.casework.accounts",
        "redflags.adapters.store.ruleset_register",
        "redflags.adapters.store.monitoring_store",
        "redflags.adapters.kept_nights",
        "redflags.analysis.reading.classification",
        "redflags.bootstrap",
        "redflags.cli",
        "redflags.services.night.night",
        "redflags.services.night.score_households",
        "redflags.services.monitoring.record_night_figures",
        "redflags.services.thresholds.threshold_facts",
        "skops.io",
    ]
)


def forked(work: Any, *arguments: object) -> Any:
    """What `work` gives in a process of its own, which must end well."""
    ours, theirs = FORKED.Pipe()
    process = started(_answer, theirs, work, arguments)
    theirs.close()
    assert ours.poll(WITHIN_SECONDS), "nothing was heard of the work"
    try:
        return ours.recv()
    finally:
        wait_for(process)


def started(target: Any, *arguments: object) -> BaseProcess:
    process = FORKED.Process(target=_begin, args=(target, arguments))
    process.start()
    return process


def wait_for(process: BaseProcess) -> None:
    process.join(WITHIN_SECONDS)
    if process.exitcode is None:
        process.kill()
        raise AssertionError("the command did not end")


@cache
def home_with_empty_registry() -> "TemporaryDirectory[str]":
    """A home whose model registry has its tables and nothing else: they take seconds to make."""
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="redflags-registry-")
    forked(_make_registry, Path(folder.name))
    return folder


# what the forked processes do


def _begin(target: Any, arguments: tuple[object, ...]) -> None:
    # a collection would look at all that was imported, and looking copies it from the server
    gc.freeze()
    target(*arguments)


def _answer(tell: Connection, work: Any, arguments: tuple[object, ...]) -> None:
    tell.send(work(*arguments))


def _make_registry(home: Path) -> None:
    from redflags.adapters.models import ModelRegistry

    (home / "mlflow").mkdir()
    ModelRegistry(home).tracking.client().search_registered_models()
