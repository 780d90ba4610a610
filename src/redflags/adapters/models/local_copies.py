"""Copies of the models that nights have used, newest use first, each known by its sha256."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import TemporaryDirectory

KEPT = 5
"""Older copies are dropped: who goes back that far can ask the registry."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which artefact a version is: what the registry says of it, and a copy must agree with."""

    version: str
    sha256: str
    features_sha256: str
    fitted_as_of: date


class LocalCopies:
    """Files of one model under `folder`, and the order in which they were champion."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, pointer: Pointer) -> Path:
        return self._folder / f"{pointer.version}-{pointer.sha256}.skops"

    def used(self) -> tuple[Pointer, ...]:
        """Champions in the order of last use, newest first; empty when nothing can be read."""
        try:
            listed = json.loads(self._index.read_text(encoding="utf-8"))
            return tuple(
                Pointer(**entry | {"fitted_as_of": date.fromisoformat(entry["fitted_as_of"])})
                for entry in listed
            )
        except (OSError, ValueError, TypeError, KeyError):
            return ()

    def add(self, pointer: Pointer, source: Path) -> Path:
        """Copy `source`, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._folder, prefix=".") as unfinished:
            copied = shutil.copyfile(source, Path(unfinished) / "copy")
            return copied.replace(self.path_of(pointer))

    def remember(self, pointer: Pointer) -> None:
        """Put `pointer` first; drop what is older than the newest few."""
        if self.used()[:1] == (pointer,):
            return
        with locked(self._folder):
            order = [pointer, *(known for known in self.used() if known != pointer)]
            self._write(order[:KEPT])
            for forgotten in order[KEPT:]:
                self.path_of(forgotten).unlink(missing_ok=True)

    @property
    def _index(self) -> Path:
        return self._folder / "used.json"

    def _write(self, order: list[Pointer]) -> None:
        entries = [
            asdict(pointer) | {"fitted_as_of": pointer.fitted_as_of.isoformat()}
            for pointer in order
        ]
        unfinished = self._folder / f".used.{os.getpid()}"
        unfinished.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
        unfinished.replace(self._index)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one process of this machine at a time; the lock goes with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield
