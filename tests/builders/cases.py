"""An office at work on alerts: people, their acts, and alerts in any state of their life."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Table, event, insert, select

from builders.acts import PLAN, TAKER, Act
from builders.store import an_alert, raise_alerts
from redflags.adapters.secrets import TextSealer
from redflags.adapters.store import QueueStore
from redflags.adapters.store.case_tables import (
    CASE_NOTES,
    CONTACT_ATTEMPTS,
    CONTACT_PLANS,
    EVIDENCE_GRANTS,
    REFERRALS,
)
from redflags.adapters.store.natural_key_writes import insert_new
from redflags.adapters.store.people_tables import INTERESTS, PEOPLE
from redflags.adapters.store.tables import ALERTS, AUDIT_EVENTS
from redflags.casework.acts import (
    ask_colleague,
    assign_check,
    claim_alert,
    close_alert,
    decide_welfare_check,
    log_contact_attempt,
    plan_contact,
    record_outcome,
)
from redflags.casework.reading import case_file
from redflags.casework.reading.case_file import CaseFile
from redflags.casework.unit_of_work import UnitsOfWork
from redflags.configuration.review_settings import load_reviewset
from redflags.domain.alert import Alert, AlertState
from redflags.domain.outcome import TRIAGE_OUTCOMES, Outcome
from redflags.domain.people import InterestKind, Person, Role
from redflags.domain.welfare_check import AttemptResult, Channel

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
REVIEW = load_reviewset(Path(__file__).parents[2] / "config" / "review.toml")
MINUTE = timedelta(minutes=1)


def a_person(
    person_id: str = "rita",
    *roles: Role,
    patches: frozenset[str] = frozenset({"north"}),
    every_patch: bool = False,
    is_active: bool = True,
    is_away: bool = False,
) -> Person:
    return Person(
        person_id,
        person_id.title(),
        f"{person_id}@landlord.test",
        frozenset(roles or {Role.REVIEWER}),
        patches,
        every_patch,
        is_active,
        is_away,
    )


def add_people(store: QueueStore, *people: Person) -> None:
    with store.writing() as connection:
        for person in people:
            insert_new(connection, PEOPLE, _person_row(person))


def units_of_work_on(store: QueueStore) -> UnitsOfWork:
    key = b"0123456789abcdef"
    return UnitsOfWork(store, TextSealer(key, "case notes"), REVIEW, TextSealer(key))


class Office:
    """Everybody at work on one store. `now` stands still until a test moves it."""

    def __init__(self, store: QueueStore, now: datetime = MONDAY) -> None:
        self.store = store
        self.units_of_work = units_of_work_on(store)
        self.now = now
        self.reviewer = a_person("rita", Role.REVIEWER)
        self.colleague = a_person("carl", Role.REVIEWER)
        self.manager = a_person("mona", Role.MANAGER)
        self.specialist = a_person("sue", Role.SPECIALIST)
        self.taker = a_person(TAKER, Role.SPECIALIST)
        add_people(store, self.reviewer, self.colleague, self.manager, self.specialist, self.taker)

    def hire(self, person_id: str, *roles: Role, **more: Any) -> Person:
        person = a_person(person_id, *roles, **more)
        add_people(self.store, person)
        return person

    def bar(self, person: Person, ref: str = "P-1") -> None:
        """The person must never see the household of `ref` from now on."""
        row = {"person_id": person.person_id, "ref": ref, "kind": InterestKind.BARRED}
        with self.store.writing() as connection:
            connection.execute(insert(INTERESTS).values(**row))

    def raises(self, *alerts: Alert) -> None:
        assert all(raise_alerts(self.store, *(alerts or (an_alert(),))))

    def does(self, person: Person, act: Act, *arguments: Any, **more: Any) -> Any:
        """One act of one person in one transaction."""
        with self.units_of_work.begin(person, self.now) as work:
            return act(work, *arguments, **more)

    def acts(self, person: Person, act: Act, *arguments: Any, alert_id: str = "a1") -> Any:
        """One act on the alert as it is now."""
        return self.does(person, act, alert_id, self.row(alert_id).version, *arguments)

    def reads(self, person: Person, alert_id: str = "a1") -> CaseFile:
        found: CaseFile = self.does(person, case_file.read_case, alert_id)
        return found

    def row(self, alert_id: str = "a1") -> Row[Any]:
        with self.store.reading() as connection:
            return connection.execute(select(ALERTS).filter_by(alert_id=alert_id)).one()

    def state(self, alert_id: str = "a1") -> AlertState:
        return AlertState(self.row(alert_id).state)

    def trail(self, alert_id: str = "a1") -> list[tuple[str, str]]:
        """Who did what to the alert, in order."""
        query = select(AUDIT_EVENTS).filter_by(alert_id=alert_id).order_by(AUDIT_EVENTS.c.entry_no)
        with self.store.reading() as connection:
            return [(row.actor, row.action) for row in connection.execute(query)]

    def details(self, action: str, alert_id: str = "a1") -> dict[str, Any]:
        """What the last entry of `action` on the alert says."""
        query = select(AUDIT_EVENTS.c.details).filter_by(alert_id=alert_id, action=action)
        query = query.order_by(AUDIT_EVENTS.c.entry_no.desc()).limit(1)
        with self.store.reading() as connection:
            found: dict[str, Any] = json.loads(connection.execute(query).scalar_one())
        return found

    def whole_trail(self) -> str:
        """Every entry there is, as text."""
        with self.store.reading() as connection:
            return repr(connection.execute(select(AUDIT_EVENTS)).all())

    def contents(self) -> dict[str, list[dict[str, Any]]]:
        """Every row that an act could write, the audit trail apart."""
        with self.store.reading() as connection:
            return {
                table.name: [dict(row._mapping) for row in connection.execute(_in_order(table))]
                for table in _WRITTEN
            }

    # the ordinary life of an alert, by the reviewer alone

    def claims(self, alert_id: str = "a1") -> None:
        self.does(self.reviewer, claim_alert.claim, alert_id)

    def asks(self, alert_id: str = "a1") -> None:
        asked = (self.colleague.person_id, "Do you know of works there?")
        self.acts(self.reviewer, ask_colleague.ask_colleague, *asked, alert_id=alert_id)

    def decides(self, alert_id: str = "a1") -> None:
        why = "Three locks in five months"
        self.acts(self.reviewer, decide_welfare_check.decide_welfare_check, why, alert_id=alert_id)

    def assigns(self, alert_id: str = "a1") -> None:
        self.acts(self.reviewer, assign_check.assign, self.reviewer.person_id, alert_id=alert_id)

    def plans(self, alert_id: str = "a1") -> None:
        self.acts(self.reviewer, plan_contact.make_plan, PLAN, alert_id=alert_id)

    def tries(
        self, result: AttemptResult = AttemptResult.SPOKE_ALONE, alert_id: str = "a1"
    ) -> None:
        attempt = (self.now, Channel.VISIT, result, "At the door")
        self.acts(self.reviewer, log_contact_attempt.log_attempt, *attempt, alert_id=alert_id)

    def records(self, outcome: Outcome = Outcome.WELFARE_NEED_MET, alert_id: str = "a1") -> None:
        self.acts(self.reviewer, record_outcome.record_outcome, outcome, "", alert_id=alert_id)

    def closes(self, watched_until: date | None = None, alert_id: str = "a1") -> None:
        ending = ("Support is in place", watched_until)
        self.acts(self.reviewer, close_alert.close, *ending, alert_id=alert_id)

    def brings_to(self, state: AlertState, alert_id: str = "a1") -> None:
        """Raise an alert of a household of its own and bring it to `state`."""
        self.raises(an_alert(alert_id, f"T-{alert_id}"))
        if state is AlertState.ASKED:
            self.claims(alert_id)
            self.asks(alert_id)
            return
        for step in self._way()[: list(_WAY).index(state)]:
            step(alert_id=alert_id)
            if step == self.assigns:
                self.plans(alert_id)

    def _way(self) -> list[Act]:
        return [self.claims, self.decides, self.assigns, self.tries, self.records, self.closes]


_WAY = tuple(state for state in AlertState if state is not AlertState.ASKED)


def close(
    store: QueueStore,
    alert_id: str,
    outcome: Outcome = Outcome.NO_CONCERN_FOUND,
    closed_on: date = date(2026, 11, 3),
    watched_until: date | None = None,
) -> None:
    """Bring a raised alert to its end on the day `closed_on`, whatever its routing."""
    office = Office(store, datetime.combine(closed_on, time(12), UTC))
    office.reviewer = office.taker
    office.claims(alert_id)
    if outcome in TRIAGE_OUTCOMES:
        ending = (outcome, "Known to us", watched_until)
        office.acts(office.reviewer, close_alert.close_at_triage, *ending, alert_id=alert_id)
        return
    office.decides(alert_id)
    office.assigns(alert_id)
    office.plans(alert_id)
    office.tries(alert_id=alert_id)
    office.records(outcome, alert_id)
    office.closes(watched_until, alert_id)


@contextmanager
def statements_of(connection: Connection | Engine) -> Iterator[list[str]]:
    """Every statement sent meanwhile, without what begins and ends transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


_WRITTEN = (
    ALERTS,
    CASE_NOTES,
    CONTACT_PLANS,
    CONTACT_ATTEMPTS,
    REFERRALS,
    EVIDENCE_GRANTS,
)


def _in_order(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key)


def _person_row(person: Person) -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "email": person.email,
        "name": person.name,
        "roles": sorted(person.roles),
        "patches": sorted(person.patches),
        "every_patch": person.every_patch,
        "is_active": person.is_active,
        "is_away": person.is_away,
        "added_at_utc": MONDAY,
    }
