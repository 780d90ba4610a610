"""Reading `config/signals.toml`: everything that is wrong with it is told at once."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from redflags.configuration.signals.consistency import Vocabulary, faults_of_meaning
from redflags.configuration.signals.signal_set import SignalSet
from redflags.errors import ConfigurationError


def load_signalset(path: Path, vocabulary: Vocabulary) -> SignalSet:
    """Read and check the signal configuration at `path`.

    Raises ConfigurationError with every fault of the file, each naming the entry it is in.
    """
    content = _toml(path)
    faults = [f"{path.name}: {fault}" for fault in _faults(content, vocabulary)]
    if faults:
        raise ConfigurationError(faults)
    return SignalSet.model_validate(content)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            [f"{path}: cannot be read ({error.strerror}); REDFLAGS_CONFIG names its folder"]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{path}: not TOML in UTF-8: {error}"]) from None


def _faults(content: dict[str, Any], vocabulary: Vocabulary) -> Iterator[str]:
    yield from _faults_of_shape(content)
    yield from faults_of_meaning(content, vocabulary)


def _faults_of_shape(content: dict[str, Any]) -> Iterator[str]:
    try:
        SignalSet.model_validate(content)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            message = fault["msg"].removeprefix("Value error, ")
            yield f"{_place(content, fault['loc'])}: {message}"


def _place(content: Any, location: Sequence[int | str]) -> str:
    """`phrases "door kicked in" any 2` where pydantic says `phrases.17.any.2`."""
    steps: list[str] = []
    for step in location:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            content = None
        name = content.get("name") if isinstance(content, dict) else None
        steps.append(f'"{name}"' if name and isinstance(step, int) else str(step))
    return " ".join(steps)
