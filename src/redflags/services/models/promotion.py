"""Who may make a model champion, and on what grounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redflags.errors import UsageError

CHAMPION, CHALLENGER, SHADOW = "champion", "challenger", "shadow"
COMPARED, PASSED = "comparison", "comparison_passed"
YES, NO = "yes", "no"
WAS_CHAMPION = "was_champion"


@dataclass(frozen=True, slots=True)
class PromotionRequest:
    """What somebody asks for: `alias` for a version, in whose name and why."""

    name: str
    version: str
    alias: str
    person: str
    reason: str


def check(wish: PromotionRequest, tags: Mapping[str, str] | None) -> None:
    """Raises UsageError naming everything that is missing.

    Args:
        tags: what the registry has on the version; None when it does not know it.

    A version that nights have worked with before may come back without a comparison.
    """
    missing = list(_missing(wish, tags))
    if missing:
        raise UsageError(f"{wish.name} {wish.version} stays as it is: {'; '.join(missing)}")


def check_decision(name: str, person: str, reason: str) -> None:
    """Raises UsageError when nobody stands for a change of `name`, or says why."""
    missing = _of_decision(person, reason)
    if missing:
        raise UsageError(f"{name} stays as it is: {'; '.join(missing)}")


def _missing(wish: PromotionRequest, tags: Mapping[str, str] | None) -> Sequence[str]:
    faults = _of_decision(wish.person, wish.reason)
    if tags is None:
        faults.append("the registry has no such version (`redflags model list`)")
    elif wish.alias == CHAMPION and tags.get(WAS_CHAMPION) != YES:
        faults += _of_comparison(tags)
    return faults


def _of_decision(person: str, reason: str) -> list[str]:
    faults = []
    if not person.strip():
        faults.append("--by: expected the person who decides, got a blank")
    if not reason.strip():
        faults.append("--reason: expected why, got a blank")
    return faults


def _of_comparison(tags: Mapping[str, str]) -> list[str]:
    if COMPARED not in tags:
        return ["no comparison with the order there is stands on record (`redflags model train`)"]
    if tags.get(PASSED) != YES:
        return [f"its comparison did not pass: {tags[COMPARED]}"]
    return []
