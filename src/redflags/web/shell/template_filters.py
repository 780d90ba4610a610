"""How values read on a page: dates, names, and enums in words."""

from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import Flask
from jinja2 import ChainableUndefined, TemplateRuntimeError, UndefinedError
from jinja2.utils import missing

from redflags.domain import clock
from redflags.web.shell.wording import in_words


class BlankUnlessOurs(ChainableUndefined):
    """What GOV.UK's components may leave out is blank; what our own values lack is a mistake."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        if is_dataclass(obj):
            raise UndefinedError(f"{type(obj).__name__} has no {name}")
        super().__init__(hint, obj, name, exc)


def spoken(moment: datetime | None) -> str:
    """``Tuesday 3 November 2026, 4:15pm`` in London, a dash for none."""
    return "–" if moment is None else clock.spoken(moment)


def spoken_day(day: date | datetime | None) -> str:
    """``Tuesday 3 November 2026``; of a moment, the day it is in London."""
    if day is None:
        return "–"
    return clock.spoken_day(clock.london(day).date() if isinstance(day, datetime) else day)


def words(value: Enum | None) -> str:
    """An enum's member as people say it, a dash for none."""
    return "–" if value is None else in_words(value)


def count(number: int, one: str, many: str) -> str:
    """``1 alert``, ``2 alerts``, ``1,250 alerts``."""
    return f"{number:,} {one if number == 1 else many}"


def add_filters(app: Flask) -> None:
    for filter_ in (spoken, spoken_day, words, count):
        app.add_template_filter(filter_)
