"""The analyst's notebooks: what is written in them, and what they show when they are run."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = tuple(sorted((ROOT / "notebooks").glob("*.ipynb")))
A_CELL_TAKES_AT_MOST_SECONDS = 240
KEEP = "import shutil\nshutil.copytree(settings.extracts, {folder!r})"


@dataclass(frozen=True)
class Shown:
    """What a notebook showed: its text, HTML included, and how many pictures."""

    text: str
    pictures: int


@cache
def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_of(path: Path) -> list[str]:
    """The source of each cell of code."""
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def run(path: Path, settings: Mapping[str, str], keep_extracts_in: Path | None = None) -> Shown:
    """Run every cell in a kernel of its own, with no REDFLAGS_* set but `settings`.

    Raises nbclient's CellExecutionError where a cell fails.
    """
    notebook = nbformat.from_dict(read(path))
    if keep_extracts_in is not None:
        keep = KEEP.format(folder=str(keep_extracts_in))
        notebook.cells.append(nbformat.v4.new_code_cell(keep))
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("REDFLAGS_", "MPLBACKEND"))}
    where = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=A_CELL_TAKES_AT_MOST_SECONDS, resources=where)
    client.execute(env=ours | settings)
    outputs = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    return Shown(
        text="\n".join(_text(output) for output in outputs),
        pictures=sum("image/png" in output.get("data", {}) for output in outputs),
    )


def _text(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    told = [output.get("text", ""), *(data[kind] for kind in data if kind.startswith("text/"))]
    return "\n".join(told)


REFS = (
    "tenancy_ref",
    "property_ref",
    "subject_property_ref",
    "uprn",
    "work_order_ref",
    "lock_change_ref",
    "report_ref",
    "case_ref",
    "presentation_ref",
    "concern_ref",
)
TEXTS = ("description", "notes", "reason", "concern")
A_SENTENCE = 20


@dataclass(frozen=True)
class Ran:
    """One notebook that came to its end, and the extracts it had read."""

    name: str
    shown: Shown
    extracts: Path


def assert_names_nobody(ran: Ran) -> None:
    words = set(re.findall(r"[\w-]+", ran.shown.text))
    refs, texts = told_in(ran.extracts)
    assert len(refs) > 1_000
    assert not words & refs
    assert not [text for text in texts if text in ran.shown.text]


def told_in(extracts: Path) -> tuple[set[str], set[str]]:
    """Every reference of a household or record, and every text long enough to be somebody's."""
    refs: set[str] = set()
    texts: set[str] = set()
    for path in sorted(extracts.glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        refs.update(*(table[name] for name in REFS if name in table))
        texts.update(*(table[name] for name in TEXTS if name in table))
    return refs - {""}, {text for text in texts if len(text) >= A_SENTENCE}
