"""Who may know of an alert, on SQLite and PostgreSQL; who may not cannot tell it from none."""

import pytest

from builders.acts import ACTS, TAKER
from builders.cases import Office, statements_of
from builders.store import an_alert
from redflags.adapters.store import QueueStore
from redflags.casework.acts import ask_colleague, assign_check, give_alerts, referrals
from redflags.casework.policy.who_can_take import who_can_take
from redflags.casework.reading.case_file import read_case
from redflags.domain.alert import AlertState, Routing
from redflags.domain.people import Person, Role
from redflags.domain.welfare_check import ReferralKind
from redflags.errors import InvalidAct, NotForYou, RedflagsError

BY_ID = sorted(ACTS)


@pytest.fixture
def office(store: QueueStore) -> Office:
    return Office(store)


def refusal(office: Office, person: Person, name: str, alert_id: str) -> tuple[object, ...]:
    """Everything that could tell one refusal from another, the statements sent included."""
    with (
        office.units_of_work.begin(person, office.now) as work,
        statements_of(work.connection) as sent,
    ):
        with pytest.raises(RedflagsError) as caught:
            ACTS[name](work, alert_id, 1)
        return type(caught.value), str(caught.value), tuple(sent)


def refusals(office: Office, person: Person, alert_id: str) -> dict[str, tuple[object, ...]]:
    """What every act is refused with; a refusal changes nothing, so one office has them all."""
    before, head = office.contents(), office.store.audit_head()
    told = {name: refusal(office, person, name, alert_id) for name in BY_ID}
    assert (office.contents(), office.store.audit_head()) == (before, head)
    return told


@pytest.mark.parametrize("ref", ["P-1", "T-a1"])
def test_who_is_barred_is_told_the_same_as_for_no_alert(office: Office, ref: str) -> None:
    office.brings_to(AlertState.CLAIMED)
    barred = office.hire("bea", *Role, every_patch=True)
    office.bar(barred, ref)
    told = refusals(office, barred, "a1")
    assert {kind for kind, *_ in told.values()} == {NotForYou}
    assert told == refusals(office, barred, "no-such-alert")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MANAGER])
def test_what_is_the_specialists_alone_is_none_to_others(office: Office, role: Role) -> None:
    office.raises(an_alert(routing=Routing.SPECIALIST))
    person = office.hire("olga", role, every_patch=True)
    assert refusals(office, person, "a1") == refusals(office, person, "no-such-alert")


def test_whoever_is_barred_while_they_hold_it_is_out_at_once(office: Office) -> None:
    office.brings_to(AlertState.ASSIGNED)
    office.bar(office.reviewer)
    told = refusals(office, office.reviewer, "a1")
    assert told == refusals(office, office.reviewer, "no-such-alert")


@pytest.mark.parametrize("answer", [True, False])
def test_a_referral_tells_who_is_barred_nothing(office: Office, answer: bool) -> None:
    office.brings_to(AlertState.CLAIMED)
    asking = (ReferralKind.MARAC, "She is in danger")
    referral_id = office.acts(office.reviewer, referrals.ask_for_agreement, *asking)
    office.bar(office.manager)
    for unknown in (referral_id, "R-0000"):
        with pytest.raises(NotForYou, match="no alert here that you can open"):
            office.does(office.manager, referrals.answer_referral, unknown, answer, "Yes")
        with pytest.raises(NotForYou, match="no alert here that you can open"):
            office.does(office.manager, referrals.read_request, unknown)
    assert office.does(office.manager, referrals.waiting_for_agreement) == []


KNOWS = {
    ("reviewer of the area", "north", Routing.GENERAL): True,
    ("reviewer of the area", "north", Routing.SPECIALIST): False,
    ("reviewer of the area", "", Routing.GENERAL): False,
    ("reviewer of another", "north", Routing.GENERAL): False,
    ("reviewer of another", "", Routing.GENERAL): False,
    ("reviewer of every area", "north", Routing.GENERAL): True,
    ("reviewer of every area", "", Routing.GENERAL): True,
    ("reviewer of every area", "north", Routing.SPECIALIST): False,
    ("manager", "north", Routing.GENERAL): True,
    ("manager", "", Routing.GENERAL): True,
    ("manager", "north", Routing.SPECIALIST): False,
    ("specialist", "north", Routing.GENERAL): True,
    ("specialist", "", Routing.GENERAL): True,
    ("specialist", "north", Routing.SPECIALIST): True,
    ("neither of them", "north", Routing.GENERAL): False,
    ("neither of them", "north", Routing.SPECIALIST): False,
    ("left us", "north", Routing.GENERAL): False,
}


@pytest.mark.parametrize(("who", "patch", "routing"), KNOWS)
def test_roles_areas_and_routing_say_who_may_know(
    office: Office, who: str, patch: str, routing: Routing
) -> None:
    people = {
        "reviewer of the area": office.reviewer,
        "reviewer of another": office.hire("sofia", patches=frozenset({"south", ""})),
        "reviewer of every area": office.hire("eve", every_patch=True, patches=frozenset()),
        "manager": office.manager,
        "specialist": office.specialist,
        "neither of them": office.hire(
            "ned", Role.ADMIN, Role.AUDITOR, Role.ANALYST, Role.REPAIRS, every_patch=True
        ),
        "left us": office.hire("lee", *Role, is_active=False),
    }
    office.raises(an_alert(patch=patch, routing=routing))
    if KNOWS[who, patch, routing]:
        assert not office.reads(people[who]).may_read
    else:
        with pytest.raises(NotForYou):
            office.reads(people[who])


def test_who_is_asked_knows_of_it_though_it_is_not_in_their_area(office: Office) -> None:
    office.brings_to(AlertState.ASKED)
    elsewhere = office.hire("carl", patches=frozenset({"south"}))
    assert office.reads(elsewhere).may_read
    office.acts(elsewhere, ask_colleague.answer, "No")
    with pytest.raises(NotForYou):
        office.reads(elsewhere)


# whom it may be given to


def test_those_it_can_be_given_to_are_there_at_work_and_may_know_of_it(office: Office) -> None:
    office.hire("sofia", patches=frozenset({"south"}))
    office.hire("away", is_away=True)
    office.hire("left", is_active=False)
    office.hire("ada", Role.ADMIN, Role.AUDITOR, every_patch=True)
    office.bar(office.hire("bea"), "P-1")
    office.bar(office.hire("bob"), "0001")
    office.raises(an_alert())
    with office.units_of_work.looking() as connection:
        assert [p.name for p in who_can_take(connection, "a1")] == ["Carl", "Rita", "Sue", "Sven"]
        assert who_can_take(connection, "no-such-alert") == []


def test_the_specialists_alone_take_what_is_theirs(office: Office) -> None:
    office.raises(an_alert(routing=Routing.SPECIALIST))
    with office.units_of_work.looking() as connection:
        assert [p.person_id for p in who_can_take(connection, "a1")] == ["sue", TAKER]


IMPOSSIBLE = ["barred", "away", "left", "sofia", "mona", "nobody", ""]


@pytest.mark.parametrize("person_id", IMPOSSIBLE)
def test_for_whoever_cannot_take_it_there_is_one_answer(office: Office, person_id: str) -> None:
    office.hire("away", is_away=True)
    office.hire("left", is_active=False)
    office.hire("sofia", patches=frozenset({"south"}))
    office.bar(office.hire("barred", every_patch=True))
    office.brings_to(AlertState.CLAIMED, "a1")
    office.brings_to(AlertState.WELFARE_CHECK, "a2")
    before = office.contents()
    for act in (
        lambda: office.acts(office.reviewer, ask_colleague.ask_colleague, person_id, "Known?"),
        lambda: office.acts(office.reviewer, assign_check.assign, person_id, alert_id="a2"),
        lambda: office.does(
            office.manager, give_alerts.give, {"a1": office.row().version}, person_id, "Holiday"
        ),
    ):
        with pytest.raises(InvalidAct, match="person: Choose somebody from the list"):
            act()
    assert office.contents() == before


def test_looking_at_an_alert_of_nobody_writes_nothing(office: Office) -> None:
    head = office.store.audit_head()
    with pytest.raises(NotForYou):
        office.does(office.reviewer, read_case, "no-such-alert")
    assert office.store.audit_head() == head
