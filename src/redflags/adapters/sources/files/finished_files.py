"""Whether a file is finished, or still on its way over SFTP.

A file is finished when nobody has written to it for a few seconds, or, where the landlord has such
a thing, when its companion says so.
"""

import hashlib
import re
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from redflags.errors import SourceRefused

QUIET_SECONDS = 5.0
"""Where nobody says otherwise; SFTP servers write many times a second."""
PATIENCE_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.25
_LONGEST_CHECKSUM_FILE = 4096
_ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_digest = re.compile(r"\b(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96,128})\b")


@dataclass(frozen=True, slots=True)
class Finished:
    """When a file of a folder counts as finished.

    `quiet_seconds` nobody wrote to it; at most `patience_seconds` are waited for all files.
    `done_file` and `checksum_file` are names of companions, in which `{name}` and `{stem}` stand
    for the file's own.
    """

    quiet_seconds: float = 0.0
    patience_seconds: float = PATIENCE_SECONDS
    done_file: str = ""
    checksum_file: str = ""

    def without_companions(self, paths: Collection[Path]) -> list[Path]:
        """The files that are nobody's companion."""
        names = {name for path in paths for name in self._companions(path)}
        return [path for path in paths if path.name not in names]

    def still_written(self, paths: Iterable[Path]) -> frozenset[Path]:
        """Wait until all files are quiet; those that are not when patience ends."""
        waiting = {path: (_state(path), time.monotonic()) for path in paths}
        end = time.monotonic() + self.patience_seconds
        while True:
            waiting = {p: self._seen(p, *last) for p, last in waiting.items()}
            waiting = {p: last for p, last in waiting.items() if not self._is_quiet(*last)}
            if not waiting or time.monotonic() >= end:
                return frozenset(waiting)
            time.sleep(_LOOK_AGAIN_SECONDS)

    def _seen(
        self, path: Path, state: tuple[int, int], since: float
    ) -> tuple[tuple[int, int], float]:
        now = _state(path)
        return (state, since) if now == state else (now, time.monotonic())

    def _is_quiet(self, state: tuple[int, int], since: float) -> bool:
        """By its own time of change, or, where clocks disagree, by what was seen of it here."""
        age = time.time() - state[1] / 1e9
        return age >= self.quiet_seconds or time.monotonic() - since >= self.quiet_seconds

    def refuse_unfinished(self, path: Path) -> None:
        """Raises SourceRefused when a companion is missing or says another checksum."""
        if self.done_file and not path.with_name(_named(self.done_file, path)).is_file():
            raise still_written("its companion that says that it is done is not there")
        if self.checksum_file:
            _compare_checksum(path, path.with_name(_named(self.checksum_file, path)))

    def _companions(self, path: Path) -> list[str]:
        patterns = (self.done_file, self.checksum_file)
        return [_named(pattern, path) for pattern in patterns if pattern]


def still_written(why: str) -> SourceRefused:
    """What is told of a file that is not finished."""
    return SourceRefused(
        f"expected a finished file; it is still being written ({why}): it is taken the next night; "
        "have the transfer end before the night starts"
    )


def _named(pattern: str, path: Path) -> str:
    return pattern.replace("{name}", path.name).replace("{stem}", path.stem)


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _compare_checksum(path: Path, companion: Path) -> None:
    if not companion.is_file():
        raise still_written("its checksum is not there")
    with companion.open(encoding="utf-8", errors="replace") as lines:
        found = _digest.search(lines.read(_LONGEST_CHECKSUM_FILE))
    expected = found.group().lower() if found else ""
    with path.open("rb") as stream:
        algorithm = _ALGORITHMS.get(len(expected), "sha256")
        actual = hashlib.file_digest(cast(Any, stream), algorithm).hexdigest()
    if actual != expected:
        raise still_written("its checksum is another")
