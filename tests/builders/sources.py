"""Short hands for tests of the sources: enable a ready mapping, read it, see the rows."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redflags.adapters.sources import LandlordSource, load_sources
from redflags.analysis.extracts import AlreadyTaken, Extract, Refusal

REPOSITORY = Path(__file__).resolve().parents[2]
READY = REPOSITORY / "config" / "sources"
CITY = REPOSITORY / "tests" / "fixtures" / "city_mappings"
FIXTURES = REPOSITORY / "tests" / "fixtures" / "sources"


AT_ONCE = {"REDFLAGS_QUIET_SECONDS": "0"}
"""Files that a test has just written are finished."""


def nothing_is_taken(_fingerprint: str) -> bool:
    return False


def enabled(name: str, into: Path) -> Path:
    """A folder with the mapping `name`, ready to use or of a city, enabled."""
    shipped = READY / f"{name}.toml"
    path = shipped if shipped.exists() else CITY / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("enabled = false", "enabled = true", 1)
    folder = into / "sources"
    folder.mkdir()
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def ready_source(
    name: str, tmp_path: Path, extracts: Path, environment: Mapping[str, str] | None = None
) -> LandlordSource:
    (source,) = load_sources(enabled(name, tmp_path), extracts, {**AT_ONCE, **(environment or {})})
    return source


def mapped_source(
    text: str, tmp_path: Path, extracts: Path, environment: Mapping[str, str] | None = None
) -> LandlordSource:
    """The source that a mapping file with this text describes."""
    folder = tmp_path / "sources"
    folder.mkdir(exist_ok=True)
    (folder / "mapped.toml").write_text(text, encoding="utf-8")
    (source,) = load_sources(folder, extracts, {**AT_ONCE, **(environment or {})})
    return source


def canonical(tmp_path: Path, **files: str | bytes) -> LandlordSource:
    """The canonical source over files given as `repairs="…"`."""
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    for table, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (extracts / f"{table}.csv").write_bytes(data)
    folder = tmp_path / "sources"
    folder.mkdir()
    shutil.copy(READY / "canonical.toml", folder)
    (source,) = load_sources(folder, extracts, AT_ONCE)
    return source


class Taken:
    """One extract read to its end."""

    def __init__(self, extract: Extract) -> None:
        self.extract = extract
        self.rows: list[dict[str, Any]] = extract.rows.read_all().to_pylist()

    def values(self, column: str) -> list[str | None]:
        return [row[column] for row in self.rows]

    def without_row_numbers(self) -> list[dict[str, Any]]:
        return [{k: v for k, v in row.items() if k != "_row"} for row in self.rows]

    @property
    def faults(self) -> list[tuple[int, str]]:
        return [(fault.row, fault.code.value) for fault in self.extract.faults]


def taken(source: LandlordSource) -> dict[str, Taken]:
    """Every extract of the source by its table; refusals are a failed test."""
    result: dict[str, Taken] = {}
    for outcome in source.extracts(nothing_is_taken):
        assert isinstance(outcome, Extract), outcome
        result[outcome.table] = Taken(outcome)
    return result


def refusals(source: LandlordSource) -> list[Refusal]:
    """What the source could not use; the rest is read to its end."""
    refused = []
    for outcome in source.extracts(nothing_is_taken):
        if isinstance(outcome, Extract):
            outcome.rows.read_all()
        elif isinstance(outcome, Refusal):
            refused.append(outcome)
        else:
            assert isinstance(outcome, AlreadyTaken)
    return refused
