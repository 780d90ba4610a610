"""A form's "no" behind the question denies it, and nothing beside it."""

import pytest

from builders.signals import verdict

DENIED = [
    "Forced entry: NO",
    "forced entry - none",
    "Was the door kicked in? No",
    "Damage by partner: N/A",
    "Forced entry = nil / renew handle",
    "Forced entry: n; lock worn, ease",
    "FORCED ENTRY: [ ]",
    "forced entry none",
    "Lock stiff. Forced entry: not applicable.",
]
SAID = [
    "Forced entry: Yes",
    "Smoke alarm: none, front door kicked in",
    "Asbestos: N. Door punched through",
    "Vulnerable: no / door kicked in by ex partner",
    "Forced entry: No. Ex partner has a key",
    "door kicked in, police called: no",
    "no one home, door kicked in",
    "door kicked in no crime number given",
    "front door kicked in - no access to rear",
    "kicked door 0100hrs",
]


@pytest.mark.parametrize("text", DENIED)
def test_what_a_form_denies_is_no_tell(text: str) -> None:
    assert verdict(text).tell == ""


@pytest.mark.parametrize("text", SAID)
def test_what_stands_beside_a_denial_keeps_its_tell(text: str) -> None:
    assert verdict(text).tell in ("force", "partner")
