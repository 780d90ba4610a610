"""The unit of work: what one person does is one transaction, with its audit entry, or nothing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from redflags.adapters.secrets import TextSealer
from redflags.adapters.store import audit_chain
from redflags.adapters.store.operational_store import QueueStore
from redflags.configuration.review_settings import ReviewSet
from redflags.domain.people import Person


@dataclass(frozen=True)
class UnitOfWork:
    """One person at work in one transaction: everything of it is kept, or nothing.

    `sealer` is for what people write here, `text_sealer` for job text as the night copied it.
    Every act checks all it was given before it writes anything.
    """

    connection: Connection
    person: Person
    now: datetime
    sealer: TextSealer
    review: ReviewSet
    text_sealer: TextSealer

    def take_turn(self) -> None:
        """Wait until nobody else is writing to the audit trail, and keep them out from here on.

        Whoever changes alerts takes the turn before the first alert, as the night does: two who
        wait for each other's alert and audit entry would wait for ever.
        """
        audit_chain.read_head(self.connection, lock=True)

    def write(self, action: str, alert_id: str = "", **details: object) -> None:
        """Append to the audit trail. `details` hold no reference, no free text, no address."""
        act = audit_chain.Act(self.person.actor, action, self.now, alert_id, details)
        audit_chain.append(self.connection, act)

    def seal(self, text: str, row_key: str) -> bytes:
        """Free text as it is stored; `row_key` names its row and column, so none can be swapped."""
        return self.sealer.seal(text, row_key)

    def open(self, sealed: bytes, row_key: str) -> str:
        """The text again. Raises StoreUnusable for another key or row."""
        return self.sealer.open(sealed, row_key)


class UnitsOfWork:
    """What begins a person's unit of work; made once per process."""

    def __init__(
        self, store: QueueStore, sealer: TextSealer, review: ReviewSet, text_sealer: TextSealer
    ) -> None:
        self._store = store
        self._sealer = sealer
        self._review = review
        self._text_sealer = text_sealer

    @contextmanager
    def begin(self, person: Person, now: datetime) -> Iterator[UnitOfWork]:
        """One transaction of `person`; whatever raises inside leaves nothing behind."""
        with self._store.writing() as connection:
            yield UnitOfWork(connection, person, now, self._sealer, self._review, self._text_sealer)

    def looking(self) -> AbstractContextManager[Connection]:
        """One consistent look, for lists that show nothing private."""
        return self._store.reading()
