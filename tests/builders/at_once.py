"""Many people acting in the same moment, each in a thread of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from redflags.domain.people import Person
from redflags.errors import CaseChanged, IllegalMove, InvalidAct


def all_at_once(people: list[Person], act: Callable[[Person], object]) -> list[object]:
    """What each got, or the name of what was raised; everybody starts together."""
    together = Barrier(len(people))

    def one(person: Person) -> object:
        together.wait(60)
        try:
            return act(person)
        except (CaseChanged, IllegalMove, InvalidAct) as error:
            return type(error)

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))
