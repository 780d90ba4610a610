"""What is committed of the notebooks: code and words, no outputs, nothing reusable."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builders.notebooks import NOTEBOOKS, ROOT, code_of, read

LONGEST_DEFINITION = 2
NEVER_IMPORTED = {"redflags.cli", "sqlalchemy", "duckdb"}
WITH_LABELS_ONLY = re.compile(r"\b(accuracy|precision|recall)\b", re.IGNORECASE)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_five_and_they_are_numbered() -> None:
    assert [path.stem[:3] for path in NOTEBOOKS] == ["01_", "02_", "03_", "04_", "05_"]


def test_what_they_showed_is_stripped() -> None:
    strip = [sys.executable, "-m", "nbstripout", "--keep-id"]
    names = [str(path.relative_to(ROOT)) for path in NOTEBOOKS]
    ended = subprocess.run(
        [*strip, "--verify", *names], cwd=ROOT, capture_output=True, text=True, check=False
    )
    how = "strip them: .venv/bin/nbstripout --keep-id notebooks/*.ipynb"
    assert ended.returncode == 0, f"{ended.stdout}{ended.stderr}\n{how}"


@every_notebook
def test_cells_are_named_by_hand_so_that_a_change_is_seen_as_one(path: Path) -> None:
    names = [cell.id for cell in read(path).cells]
    assert len(set(names)) == len(names)
    assert not [name for name in names if re.fullmatch(r"[0-9a-f-]{8,}|\d+", name)]


@every_notebook
def test_nothing_reusable_is_defined(path: Path) -> None:
    for source in code_of(path):
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.ClassDef), "a class belongs to the package"
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.body[0].lineno + 1
                assert lines <= LONGEST_DEFINITION, f"{node.name} belongs to the package"


@every_notebook
def test_the_package_is_used_through_its_rooms(path: Path) -> None:
    imported = {
        name
        for source in code_of(path)
        for node in ast.walk(ast.parse(source))
        for name in _imported(node)
    }
    assert not {
        name for name in imported for never in NEVER_IMPORTED if f"{name}.".startswith(f"{never}.")
    }


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_every_notebook_begins_with_the_same_settings() -> None:
    first = {code_of(path)[0] for path in NOTEBOOKS}
    assert len(first) == 1
    assert "REDFLAGS_HOME" in first.pop()


@every_notebook
def test_each_question_has_something_to_see_and_words_to_keep(path: Path) -> None:
    questions: dict[str, list[str]] = {}
    for cell in read(path).cells:
        if cell.source.startswith("## "):
            heading = cell.source.splitlines()[0]
            questions[heading] = []
        elif questions:
            questions[heading].append(cell.cell_type)
            if cell.cell_type == "markdown":
                assert "**How to read it.**" in cell.source
                assert "**What to do.**" in cell.source
    assert len(questions) >= 4
    for heading, kinds in questions.items():
        assert "?" in heading
        assert kinds[-1] == "markdown"
        assert "code" in kinds


@every_notebook
def test_only_with_labels_it_is_said_how_right_alerts_are(path: Path) -> None:
    if path.stem.startswith("04_"):
        return  # outcomes are labels
    for cell in read(path).cells:
        if cell.id not in {"labels", "about-labels"}:
            assert not WITH_LABELS_ONLY.search(cell.source), cell.id
