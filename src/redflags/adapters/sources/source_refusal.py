"""Whatever a source throws, as the refusal of that source alone: its kind, never a value.

Libraries that read files put cells into their messages, and fail in ways they do not list; a
damaged file of one contractor must not end the night for everybody.
"""

from redflags.errors import SourceAbsent, SourceError, SourceRefused


def refusal_of(error: Exception) -> SourceRefused | SourceAbsent:
    """The error itself when it is one of ours, else one that names its kind."""
    if isinstance(error, SourceRefused | SourceAbsent):
        return error
    if isinstance(error, SourceError):
        return SourceRefused(str(error))
    return SourceRefused(
        f"expected a source that can be read to its end; {type(error).__name__} came: check that "
        "the export is finished and what it is said to be, or have it sent again"
    )
