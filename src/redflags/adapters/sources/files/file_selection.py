"""Files on disk: which ones a mapping means, their bytes, and their fingerprints."""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, cast

from redflags.adapters.sources.files.unpacking_limits import open_bytes
from redflags.errors import SourceRefused

_LANGUAGE_VERSION = b"2"
"""Raise it when the same mapping comes to mean something else, so that files are read again."""


def matching(folder: Path, patterns: Sequence[str]) -> list[Path]:
    """Files that fit one of `patterns`, in the order of their names."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and not path.name.startswith("~$")  # Excel leaves these beside an open file
        and any(_fits(path, pattern) for pattern in patterns)
    )


def _fits(path: Path, pattern: str) -> bool:
    return fnmatchcase(path.name.casefold(), pattern.casefold())


def fingerprint(paths: Iterable[Path], mapping: bytes) -> str:
    """SHA-256 over the content of the files and the mapping they are read with.

    Raises SourceRefused when a file is empty or cannot be read to its end.
    """
    whole = hashlib.sha256(_LANGUAGE_VERSION + hashlib.sha256(mapping).digest())
    for path in paths:
        whole.update(_digest(path))
    return whole.hexdigest()


def _digest(path: Path) -> bytes:
    try:
        with open_bytes(path) as stream:
            if not stream.read(1):
                raise SourceRefused(
                    "expected a header line; the file is empty: have it exported again"
                )
            stream.seek(0)
            return hashlib.file_digest(cast(Any, stream), "sha256").digest()
    except (OSError, EOFError, zlib.error) as error:
        raise SourceRefused(
            f"expected a file that can be read to its end; {type(error).__name__} came: "
            "check its permissions, or have it sent again"
        ) from None
