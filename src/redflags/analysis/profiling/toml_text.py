"""Lines of a mapping file: texts as TOML quotes them, comments, and what marks a guess."""

import json
from collections.abc import Iterator, Sequence

from redflags.analysis.profiling.samples import Sureness

WIDTH = 100


def comment(text: str) -> Iterator[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) >= WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line


def guessed(sureness: Sureness, why: str) -> str:
    return f"  # guess: {sureness}: {why}"


def as_list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def quoted(text: str) -> str:
    """TOML: a text with backslashes as it is, others with what must be escaped."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
