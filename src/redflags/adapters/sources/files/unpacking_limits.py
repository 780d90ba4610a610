"""How much a packed file may become: a small one that unpacks to gigabytes fills the machine."""

import gzip
import zipfile
from pathlib import Path
from typing import Any, BinaryIO, cast

from redflags.errors import SourceRefused

ALWAYS_FINE_BYTES = 64 << 20
MOST_TIMES_LARGER = 200
"""Extracts of landlords become five to thirty times larger, a file of zeros a thousand times."""
LARGEST_WORKBOOK_BYTES = 2 << 30

_GZIP_MARK = b"\x1f\x8b"
_ZIP_MARK = b"PK\x03\x04"
_OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0"


def open_bytes(path: Path) -> BinaryIO:
    """The file's content, unpacked where it is gzip, whatever its name says."""
    if _starts_with(path, _GZIP_MARK):
        return cast(BinaryIO, _LimitedGzip(path))
    return path.open("rb")


def is_workbook(path: Path) -> bool:
    """Whether the file is a workbook by its name or by its first bytes."""
    if _starts_with(path, _OLD_OFFICE_MARK):
        raise SourceRefused(
            "expected an .xlsx workbook; an old .xls came, or one that is locked with a password: "
            "save it as .xlsx without a password, or as .csv"
        )
    return path.suffix.casefold() in (".xlsx", ".xlsm") or _starts_with(path, _ZIP_MARK)


def refuse_huge_workbook(path: Path) -> None:
    """Raises SourceRefused when its parts say that they unpack to more than is sensible."""
    with zipfile.ZipFile(path) as archive:
        sizes = [(part.file_size, part.compress_size) for part in archive.infolist()]
    total = sum(size for size, _ in sizes)
    if total > LARGEST_WORKBOOK_BYTES or any(
        size > max(ALWAYS_FINE_BYTES, MOST_TIMES_LARGER * packed) for size, packed in sizes
    ):
        raise _too_large(total)


def _too_large(size: int) -> SourceRefused:
    return SourceRefused(
        f"expected a file that unpacks to a sensible size; more than {size >> 20} MB came from a "
        "small one: check where it is from, and have it exported again as .csv"
    )


def _starts_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(mark)) == mark


class _LimitedGzip(gzip.GzipFile):
    """A packed file that is read up to the size that is sensible for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._most = max(ALWAYS_FINE_BYTES, MOST_TIMES_LARGER * path.stat().st_size)

    def read(self, size: Any = -1) -> bytes:
        is_all = size is None or size < 0
        data = super().read(self._most + 1 if is_all else size)
        if self.tell() > self._most:
            raise _too_large(self._most)
        return data
