"""The people who work with redflags: their roles, and what each role is for (P22)."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody does here. A person may have several; none includes another."""

    REVIEWER = "reviewer"
    MANAGER = "manager"
    SPECIALIST = "specialist"
    ANALYST = "analyst"
    REPAIRS = "repairs"
    AUDITOR = "auditor"
    ADMIN = "admin"


CASE_ROLES = frozenset({Role.REVIEWER, Role.MANAGER, Role.SPECIALIST})
"""Who may ever see an alert; an administrator gives rights and has none of them."""
DECIDING_ROLES = frozenset({Role.REVIEWER, Role.SPECIALIST})
"""Who may take an alert and decide on it."""
OVERSEEING_ROLES = frozenset({Role.MANAGER, Role.SPECIALIST})
"""Who may look at what others hold after saying why, and agree to others' referrals."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `patches` are their areas, unless they have `every_patch`."""

    person_id: str
    name: str
    email: str
    roles: frozenset[Role]
    patches: frozenset[str] = frozenset()
    every_patch: bool = False
    is_active: bool = True
    is_away: bool = False

    @property
    def actor(self) -> str:
        """How the audit trail names them: never by name, so that it can outlive the account."""
        return f"person:{self.person_id}"

    def has(self, *roles: Role) -> bool:
        """Whether they have at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class PersonName:
    """Somebody as pages name them."""

    person_id: str
    name: str


class InterestKind(StrEnum):
    """Why somebody must never see a household's alert."""

    DECLARED = "declared"
    LIVES_THERE = "lives_there"
    BARRED = "barred"
