"""A message to staff: neutral words that lead to the login and say nothing else."""

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one kind, on one day, to one recipient; there is never a second of those."""

    kind: str
    day: date
    recipient: str
    subject: str
    body: str

    @property
    def message_id(self) -> str:
        """The same for the same kind, day and recipient, so that a duplicate can be recognised."""
        key = "\0".join((self.kind, self.day.isoformat(), self.recipient))
        return hashlib.sha256(key.encode()).hexdigest()[:32]
