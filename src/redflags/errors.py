"""Every exception the program raises on purpose.

::

    RedflagsError                  exit 4 unless a subclass says otherwise
    ├── ConfigurationError         exit 2: every fault of the configuration at once
    ├── UsageError                 exit 2: the command was asked for something it cannot mean
    ├── SourceError                one source; the night goes on without it and ends with exit 3
    │   ├── SourceAbsent           the file, folder, table or server is not there
    │   │   └── SourceUnavailable  it does not answer just now; the flow tries again
    │   └── SourceRefused          it is there and cannot be used: a required column is missing, …
    ├── StoreBusy                  another run holds the record store or the queue
    ├── StoreUnusable              a store was written by another version or with another key
    ├── ModelUnavailable           no usable model in the registry; rules go on alone
    ├── CanaryMissing              the alert that is certain to be raised was not
    ├── NightCollapsed             so little is left of what the last good night saw
    ├── NotificationFailed         the message was not taken; it stays in the outbox
    ├── IllegalMove                a state change the transition table does not allow
    ├── CaseChanged                somebody else changed the alert since it was looked at
    ├── NotForYou                  there is no such alert for this person: none, or not theirs
    ├── NotAllowed                 this person may see it, and may not do that
    ├── InvalidAct                 a field of a form; which, and what was expected of it
    └── AuditChainBroken           exit 1: an audit entry was removed, altered or reordered

A row that is wrong is data (`domain.row_problem.ProblemCode`), never an exception. Messages say
what was expected, what came and what to do, and hold no record, reference or job text.
"""

from collections.abc import Sequence


class RedflagsError(Exception):
    """Base of all; `exit_code` is what the command line ends with."""

    exit_code = 4


class ConfigurationError(RedflagsError):
    """One or many faults in settings, rule set, signals or source mappings."""

    exit_code = 2

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class UsageError(RedflagsError):
    """The command line asks for something impossible."""

    exit_code = 2


class SourceError(RedflagsError):
    """A source could not be taken; the other sources are not affected."""

    exit_code = 3
    code = "source_error"
    transient = False
    refused_tables: frozenset[str] = frozenset()
    """Tables that were there and not read: of a source that failed all, unless nothing came."""


class SourceAbsent(SourceError):
    """Nothing is there to be read."""

    code = "source_absent"


class SourceUnavailable(SourceAbsent):
    """The server is known and does not answer now: worth trying again in a minute."""

    code = "source_unavailable"
    transient = True


class SourceRefused(SourceError):
    """What is there cannot be used as a whole."""

    code = "source_refused"


class StoreBusy(RedflagsError):
    """Somebody else is writing."""


class StoreUnusable(RedflagsError):
    """The store does not fit this program or this secret key."""


class ModelUnavailable(RedflagsError):
    """No model could be loaded."""


class CanaryMissing(RedflagsError):
    """The canary household raised nothing: detection is broken somewhere on the way."""


class NightCollapsed(RedflagsError):
    """The night sees far less than the last good one did; the queue is as it was."""


class NotificationFailed(RedflagsError):
    """The message was not taken; it will be tried again."""


class IllegalMove(RedflagsError):
    """The alert cannot go from where it is to where it was asked to go."""


class CaseChanged(RedflagsError):
    """Two people acted at once; the second is told, and nothing of theirs was written."""


class NotForYou(RedflagsError):
    """No alert with this id that the person may know of.

    One answer for all the reasons there are, so that it gives none of them away.
    """


class NotAllowed(RedflagsError):
    """The person may know of it, but the act is another's."""


class InvalidAct(RedflagsError):
    """What a person filled in cannot be taken as it is."""

    def __init__(self, field: str, expected: str) -> None:
        self.field = field
        self.expected = expected
        super().__init__(f"{field}: {expected}")


class AuditChainBroken(RedflagsError):
    """The audit log is not what was written."""

    exit_code = 1
