"""Whatever the program writes into the audit trail, an auditor reads in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import redflags
from redflags.adapters.store.operational_store import NIGHT, OUTBOX
from redflags.casework.accounts import OPERATOR
from redflags.casework.accounts.login_throttle import UNKNOWN
from redflags.casework.acts.lapse_claims import CLOCK
from redflags.cli.report import WHO as REPORTER
from redflags.web.oversight.audit_wording import ACTION_WORDS, ACTOR_WORDS

SOURCE = Path(redflags.__file__).parent
ACTION_AT = {
    "Act": 1,
    "write": 0,
    "step": 3,
    "change": 2,
    "_write": 3,
    "_note": 3,
    "_audit": 0,
    "_night_act": 0,
    "_promote": 2,
    "_write_down": 2,
}
"""Where, among its arguments, each function that writes an entry takes the action."""
ELSEWHERE = ("adapters/models", "adapters/notify", "migrations")


def test_every_action_that_the_program_writes_down_has_words() -> None:
    written = set(_actions())
    assert {"alert_closed", "check_stopped", "refused", "away", "night_begun"} <= written
    assert written <= set(ACTION_WORDS)


def test_everybody_who_acts_without_an_account_has_words() -> None:
    actors = {NIGHT, CLOCK, OUTBOX, UNKNOWN, OPERATOR, REPORTER}
    assert set(ACTOR_WORDS) == actors


def test_no_words_are_left_over_or_said_of_two_actions() -> None:
    assert set(ACTION_WORDS) - set(_actions()) == set()
    assert len(set(ACTION_WORDS.values())) == len(ACTION_WORDS)
    assert len(set(ACTOR_WORDS.values())) == len(ACTOR_WORDS)


def _actions() -> Iterator[str]:
    """Every action named in the code, by whichever way it is written down."""
    for path in sorted(SOURCE.rglob("*.py")):
        if any(part in path.as_posix() for part in ELSEWHERE):
            continue
        yield from _actions_of(ast.parse(path.read_text(encoding="utf-8")))


def _actions_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) > _place(node):
            yield from _texts(node.args[_place(node)])
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "action":
            yield from _texts(node.value)


def _place(call: ast.Call) -> int:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    return ACTION_AT.get(name, 1_000)


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts an argument can be: itself, or either of two."""
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
