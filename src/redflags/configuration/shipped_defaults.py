"""This version's own files, for landlords whose configuration is older than a file of it."""

import logging
from pathlib import Path

logger = logging.getLogger("redflags.configuration")


def there_or_shipped(path: Path, what_to_do: str) -> Path:
    """`path`, or this version's own file of that name, with a warning, where there is a folder of
    configuration without it; `what_to_do` says what the landlord should then decide on.
    """
    shipped = _shipped(path.name)
    is_there = path.exists() or path.is_symlink()
    if is_there or not path.parent.is_dir() or not shipped.exists():
        return path
    logger.warning(
        "%s: expected it and it is not there, so this version's own defaults are used (%s); "
        "copy that file to the place of the other, and %s",
        path,
        shipped,
        what_to_do,
    )
    return shipped


def _shipped(name: str) -> Path:
    """The defaults: beside this module when installed, the repository's own in a working copy."""
    here = Path(__file__)
    beside = here.with_name(name)
    return beside if beside.exists() else here.parents[3] / "config" / name
