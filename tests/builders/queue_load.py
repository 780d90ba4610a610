"""A queue as it is after years: as many alerts as wanted in every state of their life, at once.

Written by plain inserts, in seconds: no audit entries, no sealed text. For measuring lists and
pages, and for tests that need many; the life of a single alert is in `builders.cases`.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from redflags.adapters.store import QueueStore
from redflags.adapters.store.people_tables import INTERESTS, PEOPLE
from redflags.adapters.store.tables import ALERT_EVIDENCE, ALERT_REASONS, ALERTS
from redflags.domain.alert import AlertState, Origin, Priority, Routing
from redflags.domain.clock import due_at, london
from redflags.domain.outcome import CHECK_OUTCOMES, TRIAGE_OUTCOMES
from redflags.domain.people import Person, Role

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
RULES = ("frequent_lock_changes", "door_window_damage", "damage_with_tell", "repair_frequency")
YEARS = Mapping[AlertState, float]
AFTER_YEARS: YEARS = {
    AlertState.RAISED: 20,
    AlertState.CLAIMED: 0.2,
    AlertState.ASKED: 0.05,
    AlertState.WELFARE_CHECK: 0.2,
    AlertState.ASSIGNED: 0.5,
    AlertState.CONTACT_ATTEMPTED: 0.5,
    AlertState.OUTCOME_RECORDED: 0.2,
    AlertState.CLOSED: 78.35,
}
"""Of a hundred alerts; a fifth still waits, which is a team far behind."""
ALL_WAIT: YEARS = {AlertState.RAISED: 100}
_BATCH = 5_000
_TRIED = (AlertState.CONTACT_ATTEMPTED, AlertState.OUTCOME_RECORDED)


@dataclass(frozen=True)
class Load:
    """How much there is, and of what."""

    alerts: int
    people: int = 40
    patches: int = 20
    states: YEARS = field(default_factory=lambda: AFTER_YEARS)
    now: datetime = NOW
    days: int = 730
    seed: int = 1

    def patch(self, number: int) -> str:
        return f"area-{number % self.patches:02}"


def load_queue(store: QueueStore, load: Load) -> list[Person]:
    """Fill an empty queue; who works there: reviewers, then a manager and a specialist."""
    people = list(_people(load))
    with store.writing() as connection:
        _insert(connection, PEOPLE, [_person_row(person, load.now) for person in people])
        _insert(connection, INTERESTS, _interests(people, load))
        alerts = list(_alerts(load, [p.person_id for p in people if p.has(Role.REVIEWER)]))
        _insert(connection, ALERTS, alerts)
        _insert(connection, ALERT_REASONS, [r for a in alerts for r in _reasons(a)])
        _insert(connection, ALERT_EVIDENCE, [e for a in alerts for e in _evidence(a)])
    return people


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        connection.execute(insert(table), rows[start : start + _BATCH])


def _people(load: Load) -> Iterator[Person]:
    for number in range(load.people):
        areas = frozenset({load.patch(number), load.patch(number + 1)})
        yield _person(f"reviewer-{number:02}", Role.REVIEWER, areas)
    yield _person("manager-00", Role.MANAGER)
    yield _person("specialist-00", Role.SPECIALIST)


def _person(person_id: str, role: Role, patches: frozenset[str] = frozenset()) -> Person:
    email = f"{person_id}@landlord.test"
    return Person(person_id, person_id.title(), email, frozenset({role}), patches)


def _person_row(person: Person, now: datetime) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "email": person.email,
        "name": person.name,
        "roles": sorted(person.roles),
        "patches": sorted(person.patches),
        "every_patch": person.every_patch,
        "is_active": True,
        "is_away": False,
        "added_at_utc": now,
    }


def _interests(people: Sequence[Person], load: Load) -> list[dict[str, str]]:
    """Everybody must not see three of the homes."""
    chance = random.Random(load.seed)
    return [
        {"person_id": person.person_id, "ref": _property_ref(number), "kind": "declared"}
        for person in people
        for number in chance.sample(range(load.alerts), min(3, load.alerts))
    ]


def _property_ref(number: int) -> str:
    return f"P{number:07}"


def _alerts(load: Load, reviewers: Sequence[str]) -> Iterator[dict[str, Any]]:
    chance = random.Random(load.seed)
    states = chance.choices(list(load.states), list(load.states.values()), k=load.alerts)
    for number, state in enumerate(states):
        alert = _raised(load, number, chance)
        at_utc = alert["look_by_at_utc"]
        alert |= {"state": state} | _after(state, at_utc, load.now, reviewers, chance)
        yield alert


def _raised(load: Load, number: int, chance: random.Random) -> dict[str, Any]:
    raised = load.now - timedelta(minutes=chance.randrange(load.days * 24 * 60))
    values: dict[str, Any] = {column.name: None for column in ALERTS.columns}
    return values | {
        "alert_id": f"A-{number:016}",
        "tenancy_ref": f"T{number:07}",
        "property_ref": _property_ref(number),
        "patch": load.patch(number),
        "raised_on": london(raised).date(),
        "priority": int(chance.choices(list(Priority), [60, 30, 10])[0]),
        "score": round(chance.random() * 40, 3),
        "routing": chance.choices(list(Routing), [95, 5])[0],
        "origin": chance.choices(list(Origin), [90, 8, 2])[0],
        "ruleset_hash": "rules-1",
        "signals_hash": "signals-1",
        "model_version": "model-1",
        "version": 1,
        "look_by_at_utc": raised + timedelta(hours=48),
    }


def _after(
    state: AlertState, at_utc: datetime, now: datetime, reviewers: Sequence[str], chance: Any
) -> dict[str, Any]:
    """What an alert in `state` has besides, decided about at `at_utc`."""
    who, other = chance.sample(reviewers, 2)
    match state:
        case AlertState.RAISED:
            return {}
        case AlertState.CLAIMED | AlertState.ASKED:
            lapses = now + timedelta(minutes=chance.randrange(-20, 120))
            asked = other if state is AlertState.ASKED else None
            return {"claimed_by": who, "claim_lapses_at_utc": lapses, "asked_person": asked}
        case AlertState.CLOSED if chance.random() < 0.5:
            outcome = chance.choice(sorted(TRIAGE_OUTCOMES))
            return _closing(at_utc, who, outcome)
        case AlertState.CLOSED:
            check = _check(AlertState.OUTCOME_RECORDED, at_utc, who, other, chance)
            return check | _closing(at_utc + timedelta(days=4), other, check["outcome"])
        case _:
            recent = now - timedelta(hours=chance.randrange(72))
            return _check(state, recent, who, other, chance)


def _check(
    state: AlertState, decided: datetime, who: str, other: str, chance: Any
) -> dict[str, Any]:
    tried = decided + timedelta(hours=chance.randrange(1, 60))
    reached = chance.random() < 0.8
    return {
        "claimed_by": who if state is AlertState.WELFARE_CHECK else None,
        "decided_by": who,
        "decided_at_utc": decided,
        "due_at_utc": due_at(decided),
        "assigned_to": other if state is not AlertState.WELFARE_CHECK else None,
        "first_attempt_at_utc": tried if state in _TRIED else None,
        "contacted_at_utc": tried if state in _TRIED and reached else None,
        "outcome": chance.choice(sorted(CHECK_OUTCOMES))
        if state is AlertState.OUTCOME_RECORDED
        else None,
    }


def _closing(at_utc: datetime, who: str, outcome: str) -> dict[str, Any]:
    return {
        "closed_on": london(at_utc).date(),
        "closed_at_utc": at_utc,
        "closed_by": who,
        "outcome": outcome,
    }


def _reasons(alert: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    first = int(alert["alert_id"][2:])
    for number in (1, 2):
        yield {
            "alert_id": alert["alert_id"],
            "reason_no": number,
            "rule_id": RULES[(first + number) % len(RULES)],
            "sentence": "Three lock changes in five months; like homes have one in six years.",
            "added_on": alert["raised_on"],
        }


def _evidence(alert: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for reason_no in (1, 2):
        for number in (1, 2, 3):
            yield {
                "alert_id": alert["alert_id"],
                "reason_no": reason_no,
                "evidence_no": number,
                "occurred_on": alert["raised_on"] - timedelta(days=30 * number),
                "table_name": "repairs",
                "ref": f"W{alert['alert_id'][-7:]}{reason_no}{number}",
                "signal": "lock_change",
                "tell": "",
                "source": "canonical",
            }
