"""What a rule set in the shadow would have done one night, in numbers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ShadowNight:
    """`flagged` households some rule of the shadow spoke of; `raised` alerts it would have added to
    the queue as the night found it; `entering` flagged by the shadow alone, `leaving` by the live
    rule set alone."""

    as_of: date
    ruleset_hash: str
    live_hash: str
    flagged: int
    raised: int
    entering: int
    leaving: int
