"""The words of the generating process: what happened, why it happened, and what was written down.

`Cause` is hidden from everybody but the yardstick. `Topic` and `Wording` are what a reader of the
record could know if neither its text nor its code were missing.
"""

from enum import IntEnum


class Topic(IntEnum):
    """What a record is about."""

    PLUMBING = 0
    HEATING = 1
    ELECTRICS = 2
    KITCHEN = 3
    DAMP = 4
    ROOF = 5
    DRAINS = 6
    OUTSIDE = 7
    FLOORS = 8
    STORE = 9
    VISIT = 10
    LOCK = 11
    DOOR = 12
    WINDOW = 13
    BOARDING = 14
    INSIDE = 15
    SECURITY = 16
    VOID_WORKS = 17
    SCREENS = 18
    FIRE_DOOR = 19
    NEW_WINDOWS = 20
    NEW_DOOR = 21
    NEW_KITCHEN = 22
    ADAPTATION = 23
    COMMUNAL = 24
    FIRE = 25
    NOISE = 26
    ASB = 27
    HOMELESS = 28
    CONCERN = 29


class Wording(IntEnum):
    """What the record says about its reason."""

    PLAIN = 0
    TELL = 1
    LOST_KEY = 2
    RELET = 3
    SERVICES = 4
    BURGLARY = 5
    STORM = 6
    VANDALISM = 7
    SANCTUARY = 8
    RECALL = 9
    EVICTION = 10
    ABANDONED = 11


class Cause(IntEnum):
    """Why the record really exists."""

    WEAR = 0
    EPISODE = 1
    LOST_KEY = 2
    SERVICES = 3
    BURGLARY = 4
    VOID = 5
    RELET = 6
    LEAVING = 7
    PLANNED = 8
    STORM = 9
    BLOCK_EVENT = 10
    COMMUNAL = 11
    ADAPTATION = 12
    RECALL = 13
    SANCTUARY = 14
    FIRE = 15


class Driver(IntEnum):
    """Which latent quality of the household multiplies a rate."""

    CHANCE = 0
    DEMAND = 1
    WEAR = 2
    NOISE = 3


class EpisodeKind(IntEnum):
    """What an episode looks like from outside."""

    DAMAGE = 0
    COERCION = 1
    HARASSMENT = 2


class Leaving(IntEnum):
    """How a tenancy ended."""

    STAYS = 0
    MOVED = 1
    EVICTED = 2
    ABANDONED = 3


NOT_REPAIRS = (Topic.NOISE, Topic.ASB, Topic.HOMELESS, Topic.CONCERN)
"""Topics that are kept in tables of their own."""
