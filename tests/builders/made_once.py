"""Folders that take long to make: one test process of a run makes each, the others wait for it."""

import fcntl
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class MadeOnce:
    """What a whole run shares is in `root`, one folder a name."""

    root: Path

    def folder(self, name: str, make: Callable[[Path], object]) -> Path:
        """The folder that `make` filled; to be copied or read, never written to.

        A `make` that fails leaves nothing behind it: whoever asks next tries again.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        folder, done = self.root / name, self.root / f"{name}.done"
        with (self.root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder
