"""Who is told at the end of a night: people whom it is time to remind, and the team."""

from dataclasses import dataclass
from datetime import datetime

from redflags.services.night.best_effort import noting_failure
from redflags.services.night.night_dependencies import NightDependencies
from redflags.services.night.reminder_message import NOT_REMINDED, nobody_told


@dataclass(frozen=True)
class Notified:
    """Notes for the operator; those of `undone` make the night partial."""

    notes: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


def notify_people(dependencies: NightDependencies) -> Notified:
    """Remind whom it is time to remind and send what is in the outbox.

    What cannot be sent stays there for the next night.
    """
    notes: list[str] = []
    undone: list[str] = []
    with noting_failure(undone, NOT_REMINDED):
        notes += _remind(dependencies, dependencies.now())
    waiting = dependencies.deliver(dependencies.now()).waiting
    if waiting:
        notes.append(f"{waiting} messages wait in the outbox; `redflags deliver` tries again")
    return Notified(tuple(notes), tuple(undone))


def _remind(dependencies: NightDependencies, now: datetime) -> list[str]:
    dependencies.remind(now)
    return nobody_told(dependencies.standing(now).unseen)
