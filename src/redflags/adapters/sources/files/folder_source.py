"""A folder of files as a source."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redflags.adapters.sources.deadline import DEADLINE_MINUTES, Deadline, in_time
from redflags.adapters.sources.extract_reading import extract_of
from redflags.adapters.sources.files.file_selection import fingerprint, matching
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.adapters.sources.raw_rows import Columns, RawBatch, RawRows
from redflags.analysis.extracts import (
    AlreadyTaken,
    Extract,
    ExtractResult,
    Refusal,
    RowFault,
)
from redflags.analysis.schemas import TABLES
from redflags.errors import SourceAbsent, SourceRefused

OpenFile = Callable[[Path], RawRows]


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files of one table, how to open one, and the files that are joined to each."""

    table: str
    mapping: TableMapping
    patterns: tuple[str, ...]
    open_file: OpenFile
    joined: Callable[[], Sequence[Path]] = tuple
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class FolderSource:
    """Files of one folder under one mapping; `layout` is what the fingerprint keeps in mind."""

    name: str
    folder: Path
    file_sets: tuple[FileSet, ...]
    layout: str = ""
    deadline_minutes: float = DEADLINE_MINUTES

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted({file_set.table for file_set in self.file_sets}))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Tables in the order of the mapping, files in the order of their names."""
        found = [(file_set, self._files(file_set)) for file_set in self.file_sets]
        if not any(files for _, files in found):
            raise SourceAbsent(
                f"source {self.name}: expected files such as {self.file_sets[0].patterns[0]!r}; "
                f"none came: check that the export ran"
            )
        deadline = Deadline.starting_now(self.deadline_minutes)
        for file_set, files in found:
            if not files and not file_set.is_optional:
                yield _nothing_fits(file_set)
            for path in files:
                yield in_time(self._outcome(file_set, path, is_taken), deadline)

    def _files(self, file_set: FileSet) -> list[Path]:
        if not self.folder.is_dir():
            raise SourceAbsent(
                f"source {self.name}: expected the folder {self.folder.name!r}; there is none: "
                "create it, or correct folder or REDFLAGS_EXTRACTS"
            )
        return matching(self.folder, file_set.patterns)

    def _outcome(
        self, file_set: FileSet, path: Path, is_taken: Callable[[str], bool]
    ) -> ExtractResult:
        try:
            print_of_file = self._fingerprint(file_set, path)
            if is_taken(print_of_file):
                return AlreadyTaken(file_set.table, path.name, print_of_file)
            return self._extract(file_set, path, print_of_file)
        except (SourceRefused, SourceAbsent) as error:
            return Refusal(file_set.table, path.name, error)

    def _fingerprint(self, file_set: FileSet, path: Path) -> str:
        mapping = [file_set.table, self.layout, file_set.mapping.model_dump(mode="json")]
        return fingerprint([path, *file_set.joined()], json.dumps(mapping, sort_keys=True).encode())

    def _extract(self, file_set: FileSet, path: Path, print_of_file: str) -> Extract:
        rows = UnchangedFile(path, file_set.open_file(path))
        return extract_of(
            rows,
            TABLES[file_set.table],
            file_set.mapping,
            self.name,
            path.name,
            print_of_file,
        )


def _nothing_fits(file_set: FileSet) -> Refusal:
    pattern = file_set.patterns[0]
    error = SourceAbsent(f"expected a file such as {pattern!r}; none came")
    return Refusal(file_set.table, pattern, error)


class UnchangedFile:
    """Rows of a file that must not be written to while it is read."""

    def __init__(self, path: Path, rows: RawRows) -> None:
        self._path = path
        self._rows = rows
        self._before = _state(path)

    @property
    def columns(self) -> Columns:
        return self._rows.columns

    def batches(self, places: Sequence[Any], faults: list[RowFault]) -> Iterator[RawBatch]:
        yield from self._rows.batches(places, faults)
        if _state(self._path) != self._before:
            raise SourceRefused(
                "expected a finished file; it changed while it was read: "
                "have the export end before the night starts"
            )


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
