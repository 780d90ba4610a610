"""Files of a folder, or one file, as samples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from redflags.adapters.sources.files.unpacking_limits import is_workbook, open_bytes
from redflags.adapters.sources.profiling.json_sample import samples_of_json
from redflags.adapters.sources.profiling.workbook_sample import samples_of_workbook
from redflags.adapters.sources.source_refusal import refusal_of
from redflags.analysis.profiling.samples import Sample
from redflags.analysis.profiling.text_layout import sample_of_text
from redflags.errors import UsageError

MOST_BYTES = 32 << 20
_JSON = (".json", ".jsonl")
_NO_TABLES = (".done", ".md5", ".sha256", ".pdf", ".doc", ".docx", ".zip", ".xls", ".exe", ".toml")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and what could not be looked at (sentences without a value)."""

    samples: tuple[Sample, ...]
    not_read: tuple[str, ...]


def samples_at(path: Path, extracts: Path) -> Looked:
    """The samples of one file, or of every file of a folder and of the folders in it.

    Args:
        extracts: a mapping names folders below it.

    Raises UsageError when there is nothing at `path`.
    """
    if not path.exists():
        raise UsageError(f"expected a file, a folder or an http(s) address; {path} is not there")
    files = [path] if path.is_file() else sorted(_files_in(path))
    if not files:
        raise UsageError(f"expected files in {path}; there are none")
    samples: list[Sample] = []
    not_read: list[str] = []
    for file in files:
        try:
            samples += _samples_of(file, _folder(file, extracts))
        except Exception as error:
            not_read.append(f"{file.name}: {refusal_of(error)}")
    empty = [s for s in samples if not s.rows]
    not_read += [f"{s.files[0]}: no rows that can be split" for s in empty]
    return Looked(tuple(s for s in samples if s.rows), tuple(not_read))


def _files_in(folder: Path) -> list[Path]:
    depth_one = [path for path in folder.iterdir() if path.is_dir() and path.name[0] != "."]
    return [
        path
        for where in (folder, *depth_one)
        for path in where.iterdir()
        if path.is_file() and path.name[0] not in ".~" and path.suffix.casefold() not in _NO_TABLES
    ]


def _folder(file: Path, extracts: Path) -> str:
    """The folder as a mapping writes it: below the extracts, else its bare name."""
    parent, root = file.parent.resolve(), extracts.resolve()
    if parent.is_relative_to(root):
        return "" if parent == root else parent.relative_to(root).as_posix()
    return parent.name


def _samples_of(file: Path, folder: str) -> Sequence[Sample]:
    if is_workbook(file):
        return samples_of_workbook(file, folder)
    with open_bytes(file) as stream:
        data = stream.read(MOST_BYTES + 1)
    is_json = Path(file.name.removesuffix(".gz")).suffix.casefold() in _JSON
    if is_json or data.lstrip()[:1] in (b"{", b"["):
        return samples_of_json(file, data, folder)
    is_whole = len(data) <= MOST_BYTES
    sample = sample_of_text(file.name, data[:MOST_BYTES], is_whole, folder)
    return [sample] if is_whole else [_told_of_size(sample)]


def _told_of_size(sample: Sample) -> Sample:
    remark = f"only the first {MOST_BYTES >> 20} MB were looked at"
    return replace(sample, remarks=(*sample.remarks, remark))
