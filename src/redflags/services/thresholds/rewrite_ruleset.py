"""A rule set's text with other thresholds: comments, order and everything else stay as they are.

The text is changed line by line and read again afterwards, so whatever a line edit could get wrong
is refused and never written.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from redflags.errors import UsageError

_TABLE = re.compile(r"^\s*\[(?P<name>[^\]]+)\]")
_KEY = re.compile(r"^(?P<key>[A-Za-z_]+)\s*=")
_WORDS = r'"(?:[^"\\]|\\.)*"'


@dataclass(frozen=True, slots=True)
class Change:
    """One threshold of one rule: its new value, and why, by whom and when it was changed."""

    rule_id: str
    name: str
    value: float
    reason: str
    owner: str
    date: date


def rewritten(text: str, head: Mapping[str, str | date], changes: Sequence[Change]) -> str:
    """The text of a rule set with another head (version, author, …) and other thresholds.

    Raises:
        UsageError: the file is laid out so that a line edit cannot do it; it names the place.
    """
    lines = _headed(text.splitlines(), head)
    for change in changes:
        _change(lines, change)
    new = "\n".join(lines) + "\n"
    _refuse_if_more_changed(text, new, head, changes)
    return new


def _headed(lines: list[str], head: Mapping[str, str | date]) -> list[str]:
    """Each entry in the place of the one of that name, or after the last of the head."""
    first_table = next((n for n, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    found = {m["key"]: n for n, line in enumerate(lines[:first_table]) if (m := _KEY.match(line))}
    after = max(found.values(), default=-1)
    new = [f"{key} = {_said(value)}" for key, value in head.items() if key not in found]
    for key, value in head.items():
        if key in found:
            lines[found[key]] = f"{key} = {_said(value)}"
    return [*lines[: after + 1], *new, *lines[after + 1 :]]


def _change(lines: list[str], change: Change) -> None:
    place = _line_of(lines, change)
    line = lines[place]
    entries = {
        "value": (r"[-+0-9.eE_]+", _number(change)),
        "reason": (_WORDS, _said(change.reason)),
        "owner": (_WORDS, _said(change.owner)),
        "date": (r"\d{4}-\d{2}-\d{2}", change.date.isoformat()),
    }
    for key, (pattern, words) in entries.items():
        found = re.search(rf"\b{key}\s*=\s*{pattern}", line)
        if found is None:
            raise _cannot(change)
        line = f"{line[: found.start()]}{key} = {words}{line[found.end() :]}"
    lines[place] = line


def _line_of(lines: Sequence[str], change: Change) -> int:
    table = ""
    for number, line in enumerate(lines):
        if match := _TABLE.match(line):
            table = match["name"].strip()
        key = _KEY.match(line)
        if table == f"rules.{change.rule_id}" and key is not None and key["key"] == change.name:
            return number
    raise _cannot(change)


def _cannot(change: Change) -> UsageError:
    return UsageError(
        f"rules.{change.rule_id}.{change.name}: expected it on one line with value, unit, reason, "
        "owner and date; write it so, or change it by hand"
    )


def _refuse_if_more_changed(
    text: str, new: str, head: Mapping[str, str | date], changes: Sequence[Change]
) -> None:
    wanted: dict[str, Any] = tomllib.loads(text) | dict(head)
    for change in changes:
        entry = wanted["rules"][change.rule_id][change.name]
        entry |= {"value": change.value, "reason": change.reason}
        entry |= {"owner": change.owner, "date": change.date}
    try:
        got = tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        got = {}
    if got != wanted:
        raise UsageError(
            "the rule set is laid out in a way that cannot be changed line by line; expected one "
            "threshold a line, as in the file that comes with the program"
        )


def _said(value: str | date) -> str:
    """As TOML writes it; JSON's escapes are TOML's."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _number(change: Change) -> str:
    return str(int(change.value)) if change.name == "min_count" else repr(float(change.value))
