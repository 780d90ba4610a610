"""A folder of files as a source."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from redflags.adapters.sources.deadline import DEADLINE_MINUTES, Deadline, in_time
from redflags.adapters.sources.extract_reading import extract_of
from redflags.adapters.sources.files.file_names import kept_name, told_name
from redflags.adapters.sources.files.file_order import in_order
from redflags.adapters.sources.files.file_selection import fingerprint, matching
from redflags.adapters.sources.files.finished_files import Finished, still_written
from redflags.adapters.sources.files.newest_date import newest_date
from redflags.adapters.sources.files.whole_file import MOST_UNSPLIT_SHARE, WholeFile
from redflags.adapters.sources.mapping.mapping_language import TableMapping
from redflags.adapters.sources.raw_rows import RawRows
from redflags.adapters.sources.source_refusal import refusal_of
from redflags.analysis.extracts import AlreadyTaken, Extract, ExtractResult, Refusal
from redflags.analysis.schemas import TABLES
from redflags.errors import SourceAbsent, SourceError

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
class _File:
    """One file of a set: what it is called, its fingerprint, or why it cannot be used."""

    path: Path
    name: str = ""
    print_of: str = ""
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class FolderSource:
    """Files of one folder under one mapping; `layout` is what the fingerprint keeps in mind."""

    name: str
    folder: Path
    file_sets: tuple[FileSet, ...]
    layout: str = ""
    finished: Finished = field(default_factory=Finished)
    most_unsplit_share: float = MOST_UNSPLIT_SHARE
    deadline_minutes: float = DEADLINE_MINUTES
    last_line_open: bool | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(sorted({file_set.table for file_set in self.file_sets}))

    def extracts(self, is_taken: Callable[[str], bool]) -> Iterator[ExtractResult]:
        """Tables in the order of the mapping, files from the oldest to the newest.

        Whatever a file does, it is that file's refusal; a folder that cannot be read is the
        source's.
        """
        found = self._found()
        deadline = Deadline.starting_now(self.deadline_minutes)
        every = {path for _, files, joined in found for path in (*files, *joined)}
        written = self.finished.still_written(every)
        for file_set, files, _ in found:
            if not files and not file_set.is_optional:
                yield _nothing_fits(file_set)
            for outcome in self._outcomes(file_set, files, written, is_taken):
                yield in_time(outcome, deadline)

    def _found(self) -> list[tuple[FileSet, list[Path], Sequence[Path]]]:
        if not self.folder.is_dir():
            raise SourceAbsent(
                f"source {self.name}: expected the folder {self.folder.name!r}; there is none: "
                "create it, or correct folder or REDFLAGS_EXTRACTS"
            )
        try:
            found = [(one, self._matching(one), one.joined()) for one in self.file_sets]
        except OSError as error:
            raise refusal_of(error) from None
        if not any(files for _, files, _ in found):
            raise SourceAbsent(
                f"source {self.name}: expected files such as {self.file_sets[0].patterns[0]!r}; "
                f"none came: check that the export ran"
            )
        return found

    def _matching(self, file_set: FileSet) -> list[Path]:
        return self.finished.without_companions(matching(self.folder, file_set.patterns))

    def _outcomes(
        self,
        file_set: FileSet,
        paths: Sequence[Path],
        written: frozenset[Path],
        is_taken: Callable[[str], bool],
    ) -> Iterator[ExtractResult]:
        files = {path: self._looked_at(file_set, path, written) for path in paths}
        new = [f.path for f in files.values() if f.error is None and not is_taken(f.print_of)]
        order = in_order(
            paths, file_set.patterns, new, lambda path: self._newest_date(file_set, path)
        )
        notes = list(order.notes)
        for place, path in enumerate(order.files, start=1):
            name = told_name(path.name, file_set.patterns, file_set.table, place, len(paths))
            is_wanted = path in order.again or path in new
            outcome = self._outcome(file_set, replace(files[path], name=name), is_wanted)
            if isinstance(outcome, Extract):
                outcome.notes.extend(notes)
                notes.clear()
            yield outcome

    def _looked_at(self, file_set: FileSet, path: Path, written: frozenset[Path]) -> _File:
        try:
            parts = [path, *file_set.joined()]
            if not written.isdisjoint(parts):
                raise still_written("somebody writes to it")
            for part in parts:
                self.finished.refuse_unfinished(part)
            return _File(path, print_of=self._fingerprint(file_set, parts))
        except Exception as error:
            return _File(path, error=refusal_of(error))

    def _fingerprint(self, file_set: FileSet, parts: Sequence[Path]) -> str:
        mapping = [file_set.table, self.layout, file_set.mapping.model_dump(mode="json")]
        return fingerprint(parts, json.dumps(mapping, sort_keys=True).encode())

    def _outcome(self, file_set: FileSet, file: _File, is_wanted: bool) -> ExtractResult:
        if file.error is not None:
            return Refusal(file_set.table, file.name, refusal_of(file.error))
        if not is_wanted:
            return AlreadyTaken(file_set.table, file.name, file.print_of)
        try:
            return self._extract(file_set, file)
        except Exception as error:
            return Refusal(file_set.table, file.name, refusal_of(error))

    def _extract(self, file_set: FileSet, file: _File) -> Extract:
        rows = WholeFile(
            file.path,
            file_set.open_file(file.path),
            self.most_unsplit_share,
            self.last_line_open,
        )
        table = TABLES[file_set.table]
        extract = extract_of(rows, table, file_set.mapping, self.name, file.name, file.print_of)
        kept = kept_name(file.path.name, file_set.patterns, file_set.table)
        return replace(extract, kept_as=kept)

    def _newest_date(self, file_set: FileSet, path: Path) -> date | None:
        try:
            return newest_date(self._extract(file_set, _File(path, path.name)))
        except Exception:
            return None  # it is told when the file is taken


def _nothing_fits(file_set: FileSet) -> Refusal:
    pattern = file_set.patterns[0]
    error = SourceAbsent(f"expected a file such as {pattern!r}; none came")
    return Refusal(file_set.table, pattern, error)
