"""Everything that a page may have to name has a name, in plain words."""

import inspect
from enum import Enum
from types import ModuleType

import pytest

from redflags.analysis.schemas import COUNTED_SIGNALS, TABLES, TELLS
from redflags.domain import alert, outcome, people, plain_names, welfare_check
from redflags.web.shell import wording

NEVER_SHOWN = {alert.AlertMove}


def _enums(*modules: ModuleType) -> list[type[Enum]]:
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Enum) and kind.__module__ == module.__name__
        if kind not in NEVER_SHOWN
    ]


@pytest.mark.parametrize(
    "kind", _enums(alert, people, outcome, welfare_check), ids=lambda k: k.__name__
)
def test_every_member_of_every_enum_has_words(kind: type[Enum]) -> None:
    told = {wording.in_words(member) for member in kind}
    assert len(told) == len(list(kind)), "two members are called the same"
    assert set(wording.words_for(kind)) == set(kind)


def test_every_signal_tell_and_table_has_words() -> None:
    assert set(COUNTED_SIGNALS) <= set(plain_names.SIGNAL_NAMES)
    assert set(TABLES) <= set(plain_names.TABLE_WORDS)
    assert set(TELLS) <= set(plain_names.TELL_WORDS)


def test_no_words_say_what_nobody_may_read_over_a_shoulder() -> None:
    named = {**vars(wording), **vars(plain_names)}
    shown = str([v for k, v in named.items() if k.endswith(("_WORDS", "_NAMES"))]).lower()
    for unwanted in ("abuse", "violence", "perpetrator", "victim", "unfounded", "false"):
        assert unwanted not in shown.replace("antisocial behaviour", "")
