"""The life of a rule set on SQLite and PostgreSQL: nobody approves their own."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from builders.people import a_person
from builders.store import NOW, meddling
from redflags.adapters.store import QueueStore, ruleset_register
from redflags.domain.known_ruleset import KnownRuleset
from redflags.domain.people import Person, Role
from redflags.domain.shadow_night import ShadowNight
from redflags.errors import UsageError

HASH, OTHER = "a" * 16, "b" * 16


@dataclass
class Room:
    """Two analysts and a manager at work on rule sets."""

    store: QueueStore
    ada: Person
    ben: Person

    def does(self, act: Any, *given: Any, **more: Any) -> Any:
        with self.store.writing() as connection:
            return act(connection, *given, **more)

    def proposed(self, ruleset_hash: str = HASH) -> "Room":
        self.does(
            ruleset_register.propose,
            self.ada,
            NOW,
            ruleset_hash=ruleset_hash,
            version="2",
            parent=None,
            content="version = '2'",
            reason="Too many repeats",
        )
        return self

    def backtested(self, ruleset_hash: str = HASH) -> "Room":
        assert self.does(ruleset_register.note_backtest, NOW, ruleset_hash, {"alerts": 12.0})
        return self

    def approved(self, ruleset_hash: str = HASH) -> "Room":
        self.does(ruleset_register.approve, self.ben, NOW, ruleset_hash, "Looked at who leaves")
        return self

    def known(self) -> dict[str, KnownRuleset]:
        with self.store.reading() as connection:
            return {one.ruleset_hash: one for one in ruleset_register.known_rulesets(connection)}

    def standing(self, ruleset_hash: str = HASH) -> str:
        return self.known()[ruleset_hash].standing


@pytest.fixture
def room(store: QueueStore) -> Room:
    ada = a_person(store, NOW, Role.ANALYST)
    ben = a_person(store, NOW, Role.MANAGER, email="ben@landlord.test", name="Ben")
    return Room(store, ada, ben)


def test_the_whole_way_is_walked_and_written_down(room: Room) -> None:
    steps = [room.proposed().standing(), room.backtested().standing(), room.approved().standing()]
    content = room.does(ruleset_register.make_live, room.ben, NOW, HASH)
    assert [*steps, room.standing()] == ["proposed", "backtested", "approved", "live"]
    assert content == "version = '2'"
    with room.store.reading() as connection:
        acts = connection.execute(
            text("SELECT action, actor FROM audit_events WHERE action LIKE 'ruleset%' ORDER BY 1")
        ).all()
    assert [tuple(act) for act in acts] == [
        ("ruleset_approved", room.ben.actor),
        ("ruleset_backtested", "backtest"),
        ("ruleset_installed", room.ben.actor),
        ("ruleset_proposed", room.ada.actor),
    ]
    room.store.verify_audit()


def test_nobody_approves_their_own(room: Room) -> None:
    room.proposed().backtested()
    with pytest.raises(UsageError, match="somebody else"):
        room.does(ruleset_register.approve, room.ada, NOW, HASH, "Mine is good")
    assert room.standing() == "backtested"


def test_the_database_refuses_it_too(room: Room, database_url: str) -> None:
    room.proposed().backtested()
    claimed = text(
        "UPDATE rulesets SET approved_by = proposed_by, approved_at_utc = proposed_at_utc, "
        "approved_because = 'x'"
    )
    with pytest.raises(IntegrityError, match="second_person"), meddling(database_url) as connection:
        connection.execute(claimed)


def test_nothing_is_approved_without_a_backtest(room: Room, database_url: str) -> None:
    room.proposed()
    with pytest.raises(UsageError, match="backtest"):
        room.approved()
    claimed = text("UPDATE rulesets SET approved_by = :who")
    with pytest.raises(IntegrityError), meddling(database_url) as connection:
        connection.execute(claimed, {"who": room.ben.person_id})


def test_nothing_goes_live_without_approval(room: Room) -> None:
    room.proposed().backtested()
    with pytest.raises(UsageError, match="not approved"):
        room.does(ruleset_register.make_live, room.ben, NOW, HASH)
    assert room.standing() == "backtested"


def test_a_backtest_of_another_rule_set_is_none_of_this_one(room: Room) -> None:
    room.proposed()
    assert not room.does(ruleset_register.note_backtest, NOW, OTHER, {"alerts": 1.0})
    assert room.standing() == "proposed"


def test_what_was_approved_keeps_its_backtest(room: Room) -> None:
    room.proposed().backtested().approved()
    assert not room.does(ruleset_register.note_backtest, NOW, HASH, {"alerts": 99.0})
    assert room.known()[HASH].backtest == {"alerts": 12.0}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMIN, Role.AUDITOR, Role.REPAIRS])
def test_only_analysts_and_managers_decide(room: Room, role: Role) -> None:
    room.proposed().backtested()
    stranger = a_person(room.store, NOW, role, email="cy@landlord.test")
    with pytest.raises(UsageError, match="analyst or a manager"):
        room.does(ruleset_register.approve, stranger, NOW, HASH, "Why not")


def test_a_reason_is_needed(room: Room) -> None:
    room.proposed().backtested()
    with pytest.raises(UsageError, match="--reason"):
        room.does(ruleset_register.approve, room.ben, NOW, HASH, "  ")


def test_the_same_is_not_proposed_twice(room: Room) -> None:
    room.proposed()
    with pytest.raises(UsageError, match="proposed before"):
        room.proposed()


def test_one_is_live_and_the_one_before_is_retired(room: Room) -> None:
    for ruleset_hash in (HASH, OTHER):
        room.proposed(ruleset_hash).backtested(ruleset_hash).approved(ruleset_hash)
        room.does(ruleset_register.make_live, room.ben, NOW, ruleset_hash)
    assert (room.standing(HASH), room.standing(OTHER)) == ("retired", "live")


def test_one_at_most_is_in_the_shadow(room: Room) -> None:
    room.proposed(HASH).proposed(OTHER)
    for chosen in (HASH, OTHER):
        room.does(ruleset_register.set_shadow, room.ada, NOW, chosen)
    assert [one.ruleset_hash for one in room.known().values() if one.is_shadow] == [OTHER]
    room.does(ruleset_register.set_shadow, room.ada, NOW, None)
    assert room.does(ruleset_register.shadow_content) is None


def test_a_night_of_the_shadow_is_counted_once(room: Room) -> None:
    room.proposed()
    day = date(2026, 11, 3)
    first = ShadowNight(day, HASH, OTHER, flagged=9, raised=4, entering=3, leaving=2)
    again = ShadowNight(day, HASH, OTHER, flagged=9, raised=0, entering=3, leaving=2)
    later = ShadowNight(day + timedelta(days=1), HASH, OTHER, 8, 1, 0, 0)
    for night in (first, again, later):
        room.does(ruleset_register.record_shadow_night, night)
    with room.store.reading() as connection:
        assert list(ruleset_register.shadow_nights(connection, 9)) == [later, first]
