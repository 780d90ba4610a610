"""Who may do what, in which state: what pages ask is what acts enforce, for everybody."""

import pytest

from builders.acts import ACTS
from builders.cases import Office, a_person
from redflags.adapters.store import QueueStore
from redflags.casework.policy.permissions import (
    PERMISSIONS,
    AlertAct,
    has_role_for,
    permitted,
)
from redflags.domain.alert import AlertState
from redflags.domain.people import Person, Role
from redflags.errors import IllegalMove, InvalidAct, NotAllowed

ACT_OF = {
    "read_texts": AlertAct.READ,
    "decide_and_assign": AlertAct.DECIDE_WELFARE_CHECK,
    "make_plan": AlertAct.PLAN_CONTACT,
    "close": AlertAct.CLOSE_CHECK,
    "stop": AlertAct.STOP_CHECK,
    "refer_with_consent": AlertAct.REFER,
    "ask_for_agreement": AlertAct.REFER,
}
NAMED = {name: ACT_OF.get(name) or AlertAct(name) for name in ACTS if name != "read_case"}


class NothingKept(Exception):
    """Ends a unit of work, so that the next one finds everything as it was."""


def is_refused(office: Office, person: Person, name: str) -> bool:
    """Whether the act is not theirs, or has no place now; what is filled in is another question."""
    try:
        with office.units_of_work.begin(person, office.now) as work:
            ACTS[name](work, "a1", office.row().version)
            raise NothingKept
    except (IllegalMove, NotAllowed):
        return True
    except (InvalidAct, NothingKept):
        return False


def everybody(office: Office) -> tuple[Person, ...]:
    return (office.reviewer, office.colleague, office.manager, office.specialist, office.taker)


@pytest.mark.parametrize("state", AlertState)
def test_a_page_offers_exactly_what_the_act_does_not_refuse(
    store: QueueStore, state: AlertState
) -> None:
    office = Office(store)
    office.brings_to(state)
    for person in everybody(office):
        offered = permitted(person, office.reads(person))
        for name, act in NAMED.items():
            refused = is_refused(office, person, name)
            assert refused is (act not in offered), (person.person_id, name)


def test_every_act_has_its_permission_and_says_whose_it_is() -> None:
    assert set(PERMISSIONS) == set(AlertAct)
    for permission in PERMISSIONS.values():
        assert permission.states
        assert permission.whose.startswith("Only ")
        assert permission.whose.endswith("can do this")


@pytest.mark.parametrize("role", Role)
def test_taking_giving_and_looking_go_by_role(role: Role) -> None:
    able = {
        act
        for act in (AlertAct.CLAIM, AlertAct.GIVE, AlertAct.LOOK_WITH_REASON)
        if has_role_for(act, a_person("pat", role))
    }
    assert able == {
        Role.REVIEWER: {AlertAct.CLAIM},
        Role.MANAGER: {AlertAct.GIVE, AlertAct.LOOK_WITH_REASON},
        Role.SPECIALIST: {AlertAct.CLAIM, AlertAct.LOOK_WITH_REASON},
    }.get(role, set())
