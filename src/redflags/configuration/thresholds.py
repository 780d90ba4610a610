"""Numbers that a landlord decides: each with its unit, reason, owner and date.

Code reads `.value`; people read the rest.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from redflags.errors import ConfigurationError


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Threshold(Frozen):
    unit: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    date: date


class Count(Threshold):
    """A whole number of something."""

    value: Annotated[int, Field(strict=True, ge=0)]


class Amount(Threshold):
    """A number that may have a fraction."""

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Weight(Threshold):
    """A number above nought, because something is divided by it."""

    value: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class About(Threshold):
    """What stands behind a whole table of numbers."""


class Share(Threshold):
    """A part of a whole."""

    value: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a configuration file. Raises ConfigurationError when there is none."""
    try:
        return parse_toml(str(path), path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            [f"{path}: not found; set REDFLAGS_CONFIG to the folder that holds {path.name}"]
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigurationError([f"{path}: not TOML: {error}"]) from None


def parse_toml(name: str, text: str) -> dict[str, Any]:
    """The content of a text; its faults are told of `name`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"{name}: not TOML: {error}"]) from None


def faults_of(path: Path, error: ValidationError) -> list[str]:
    """Every fault of a file, each with its key and never with the value that was there."""
    return [
        f"{path.name}: {'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)
    ]
