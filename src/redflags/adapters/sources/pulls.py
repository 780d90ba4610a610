"""What is asked of a database or server this time: everything, or what changed since last time."""

import hashlib
from datetime import datetime, timedelta

from redflags.adapters.sources.mapping.remote_options import ChangedSince
from redflags.analysis.extracts import LastPull, Pull


def next_pull(rule: ChangedSince, last: LastPull | None, asked: str, now: datetime) -> Pull:
    """Everything when nothing was read before, something else was, or a full pull is due.

    Args:
        rule: how far back to look again, and how often to read everything.
        last: the last good pull of this table from this source.
        asked: what `asked_of` gives now.
        now: aware moment.
    """
    if last is None or last.asked != asked or last.began_at > now or _is_full_due(rule, last, now):
        return Pull(now, None, asked)
    return Pull(now, last.began_at - timedelta(days=rule.overlap_days), asked)


def _is_full_due(rule: ChangedSince, last: LastPull, now: datetime) -> bool:
    return now - last.full_at >= timedelta(days=rule.full_every_days)


def asked_of(*parts: str) -> str:
    """A short print of the address and the mapping; another print means another question."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
